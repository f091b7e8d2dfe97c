"""Put the stand-in together: one exchange and its crowd, doors, one agenda, one seed."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tests.stage.script import Script, Step
from tests.stage.truth import Fault, Feed
from tests.venues.bybit.accounts import VIPS, Account, Key
from tests.venues.bybit.chronicle import Chronicle, Naming
from tests.venues.bybit.dcp import Guardian
from tests.venues.bybit.engine import Engine
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.funding import settle
from tests.venues.bybit.gateway import Gateway
from tests.venues.bybit.guard import Guard
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.liquidation import liquidate_the_unhealthy
from tests.venues.bybit.markets import ATOM, LISTED, Market
from tests.venues.bybit.participants import CrowdFloor, character_of
from tests.venues.bybit.publisher import Publisher
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.session import Session
from tests.venues.bybit.sessions import opened, stream_of
from tests.venues.common.agenda import Agenda
from tests.venues.common.control import PATH, Control
from tests.venues.common.crowd import Crowd
from tests.venues.common.http import Answer, Asked, Plan
from tests.venues.common.line import Line
from tests.venues.common.truth import Connected, HungUp, Subscribed, TruthLog
from tests.venues.common.windows import Window

SHOW_BEAT_S = 0.05
DUTY_BEAT_S = 0.1
REPEAT_BEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that makes one stand-in differ from another.

    `funding_s` is None for each market's own interval; `engine_ms` passes between an
    acknowledgement and what comes of it.
    """

    seed: int = 1
    markets: tuple[Market, ...] = LISTED[:2]
    vip: str = "No VIP"
    wallet_usdt: int = 100_000
    funding_s: float | None = None
    engine_ms: float = 1.0
    skew_ms: int = 0
    has_crowd: bool = True
    limits: Limits = field(default_factory=Limits)
    naming: Naming = field(default_factory=Naming)
    script: tuple[Step, ...] = ()


class Venue:
    """The whole stand-in without doors. Time passes by `agenda.advance` alone."""

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        self.setup = setup
        self.limits = setup.limits
        self.rng = random.Random(f"{setup.seed} venue")
        self.agenda = Agenda(now_ns)
        self.truth = truth or TruthLog()
        self.exchange = Exchange(setup.markets, self.agenda, self.rng)
        self.exchange.skew_ns = setup.skew_ms * 1_000_000
        self.publisher = Publisher(self.exchange)
        self.chronicle = Chronicle(self.exchange, self.truth, setup.naming)
        self.guard = Guard(self.exchange, setup.limits.recv_ahead_ms)
        self.control = Control(self, step_of, self._open_for)
        self.gateway = Gateway(self, Script(setup.script), random.Random(f"{setup.seed} faults"))
        self.engine = Engine(self, setup.engine_ms)
        self.guardian = Guardian(self)
        self.sessions: list[Session] = []
        self.windows: dict[tuple[int, str], Window] = {}
        self.most_rows: int | None = None
        """After how many rows lists are cut, where a fault has made it fewer than usual."""
        self.crowds = {symbol: self._crowd(symbol) for symbol in self.exchange.floors}
        self._numbers = 0
        self._begin()

    def open_account(self, uid: int, keys: dict[str, Key]) -> Account:
        """Open a client's account with its keys."""
        vip = VIPS[self.setup.vip]
        account = self.exchange.open_account(uid, self.setup.wallet_usdt * ATOM, vip)
        account.keys = dict(keys)
        return account

    def _open_for(self, uid: int, secrets: Mapping[str, str]) -> None:
        self.open_account(uid, {name: Key(secret) for name, secret in secrets.items()})

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        if asked.path == PATH:
            return Plan(self.control.answer(asked))
        return self.gateway.ask(asked)

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""
        return self.gateway.carry_out(asked)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        stream = stream_of(target)
        return len(self.sessions) < self.limits.connections and self.gateway.admits(stream)

    def connect(self, line: Line) -> Session:
        """Open a connection."""
        self._numbers += 1
        session = opened(self, line, self._numbers)
        self.sessions.append(session)
        self.truth.tell(Connected(self.agenda.now_ns, session.number))
        return session

    def hang_up(self, session: Session) -> None:
        """Forget a connection."""
        if session in self.sessions:
            self.sessions.remove(session)
            session.end()
            self.guardian.look_after()
            self.truth.tell(HungUp(self.agenda.now_ns, session.number))

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book that nobody hears any more is not known."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        is_book = topic.startswith("orderbook.") and not topic.startswith("orderbook.1.")
        if is_book and not begins and not self.publisher.listeners.get(topic):
            self.truth.tell(Feed(now_ns, topic.rpartition(".")[2], False))
        if begins:
            self.guardian.look_after()

    def round(self, deed: Callable[[], object]) -> None:
        """Do something in the market, then tell everybody what came of it."""
        deed()
        self.publisher.flush()

    def crowd_of(self, symbol: str) -> Crowd:
        """Return a market's crowd."""
        return self.crowds[symbol]

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now, at all depths."""
        for feed in self.publisher.feeds.values():
            if feed.topic.endswith(f".{symbol}"):
                self.publisher.flush_book(feed)

    def change(self, symbol: str, **changes: Any) -> None:
        """Change a market's description."""
        floor = self.exchange.floors[symbol]
        floor.market = replace(floor.market, **changes)

    def fault(self, what: str, market: str) -> None:
        """Write down that a fault took effect."""
        self.control.effects[what] += 1
        self.truth.tell(Fault(self.agenda.now_ns, what, market))

    def play(self, step: Step) -> None:
        """Do what a step says, now."""
        self.fault(step.name, step.market or "")
        self.round(partial(step.action.do, self))

    def _crowd(self, symbol: str) -> Crowd:
        rng = random.Random(f"{self.setup.seed} crowd {symbol}")
        market = self.exchange.floors[symbol].market
        return Crowd(character_of(market), rng, CrowdFloor(self.exchange, symbol, rng))

    def _begin(self) -> None:
        every = self.agenda.every
        if self.setup.has_crowd:
            for symbol, crowd in self.crowds.items():
                self.round(crowd.quote)
                every(crowd.character.period_s, partial(self._step, symbol))
        every(SHOW_BEAT_S, self.chronicle.show_books)
        every(DUTY_BEAT_S, lambda: self.round(self._duties))
        every(REPEAT_BEAT_S, self.publisher.repeat)
        every(self.limits.look_s, self._look_after)
        for symbol in self.exchange.floors:
            self._plan_funding(symbol)
        for step in self.gateway.script.timed():
            self.agenda.after(step.at_s or 0.0, partial(self.play, step))

    def _step(self, symbol: str) -> None:
        crowd = self.crowds[symbol]
        self.round(crowd.step)
        self.exchange.floors[symbol].value_ticks = crowd.value_ticks

    def _plan_funding(self, symbol: str) -> None:
        """Plan the next payment: at a full interval of the venue's time since midnight."""
        floor = self.exchange.floors[symbol]
        period_s = self.setup.funding_s or floor.market.funding_min * 60.0
        period_ns, now_ns = round(period_s * 1e9), self.exchange.now_ns
        floor.next_funding_ns = now_ns - now_ns % period_ns + period_ns
        due_ns = self.agenda.now_ns + floor.next_funding_ns - now_ns
        self.agenda.at(due_ns, partial(self._pay_funding, symbol))

    def _pay_funding(self, symbol: str) -> None:
        self.round(partial(settle, self.exchange, symbol))
        self._plan_funding(symbol)

    def _duties(self) -> None:
        liquidate_the_unhealthy(self.exchange)
        self.guardian.look_after()

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()
