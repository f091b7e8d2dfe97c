"""Be any venue of linear perpetuals: an exchange with its crowd, its agenda, its truth, its script.

How it speaks is each venue's own: whoever derives from this makes `publisher` and `gateway`, and
then calls `begin`.
"""

import random
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from tests.stage.script import Script, Step
from tests.stage.truth import Fault
from tests.venues.bybit.accounts import Account, Key, Vip
from tests.venues.bybit.chronicle import Chronicle, Naming
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.funding import settle
from tests.venues.bybit.liquidation import liquidate_the_unhealthy
from tests.venues.bybit.markets import ATOM, Market
from tests.venues.bybit.participants import CrowdFloor, character_of
from tests.venues.common.agenda import Agenda
from tests.venues.common.control import PATH, Control
from tests.venues.common.crowd import Crowd
from tests.venues.common.http import Answer, Asked, Plan
from tests.venues.common.line import Line
from tests.venues.common.truth import Connected, HungUp, TruthLog

SHOW_BEAT_S = 0.05
DUTY_BEAT_S = 0.1


@dataclass(frozen=True, slots=True)
class Basis:
    """What makes one stand-in of a venue differ from another. `funding_s` is None for each market's
    own interval."""

    seed: int = 1
    markets: tuple[Market, ...] = ()
    wallet_usdt: int = 100_000
    funding_s: float | None = None
    skew_ms: int = 0
    has_crowd: bool = True
    naming: Naming = field(default_factory=Naming)
    script: tuple[Step, ...] = ()


class Publisher(Protocol):
    """What tells clients the news."""

    def flush(self) -> None:
        """Tell what a round has changed."""


class Gate(Protocol):
    """What stands between doors and venue."""

    script: Script

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""

    def be_calm(self, is_calm: bool) -> None:
        """Let nothing that waits go wrong, or let it again."""


class Perpetuals:
    """The whole stand-in without doors. Time passes by `agenda.advance` alone."""

    publisher: Publisher
    gateway: Gate

    def __init__(
        self,
        basis: Basis,
        now_ns: int,
        truth: TruthLog | None,
        vip: Vip,
        step_of: Callable[[Mapping[str, Any]], Step],
    ) -> None:
        """`vip` is what clients pay, `step_of` reads a step in the venue's words."""
        self.basis = basis
        self.vip = vip
        self.rng = random.Random(f"{basis.seed} venue")
        self.agenda = Agenda(now_ns)
        self.truth = truth or TruthLog()
        self.exchange = Exchange(basis.markets, self.agenda, self.rng)
        self.exchange.skew_ns = basis.skew_ms * 1_000_000
        self.chronicle = Chronicle(self.exchange, self.truth, basis.naming)
        self.control = Control(self, step_of, self._open_for)
        self.limits: Any = None
        self.most_rows: int | None = None
        """After how many rows lists are cut, where a fault has made it fewer than usual."""
        self.crowds = {symbol: self._crowd(symbol) for symbol in self.exchange.floors}
        self.sessions: list[Any] = []
        """The open connections."""
        self._numbers = 0

    @abstractmethod
    def opened(self, line: Line, number: int) -> Any:
        """Return the venue's side of a new connection."""

    @abstractmethod
    def subscribed(self, session: Any, topic: str, begins: bool) -> None:
        """Write down who hears what."""

    def chance(self, of: str) -> random.Random:
        """Return chance of its own for a part of the venue."""
        return random.Random(f"{self.basis.seed} {of}")

    def begin(self) -> None:
        """Plan what goes on by itself."""
        every = self.agenda.every
        if self.basis.has_crowd:
            for symbol, crowd in self.crowds.items():
                self.round(crowd.quote)
                every(crowd.character.period_s, partial(self._step, symbol))
        every(SHOW_BEAT_S, self.chronicle.show_books)
        every(DUTY_BEAT_S, lambda: self.round(self.duties))
        for symbol in self.exchange.floors:
            self._plan_funding(symbol)
        for step in self.gateway.script.timed():
            self.agenda.after(step.at_s or 0.0, partial(self.play, step))

    def duties(self) -> None:
        """Do what a venue has to do once a beat."""
        liquidate_the_unhealthy(self.exchange)

    def open_account(self, uid: int, keys: dict[str, Key]) -> Account:
        """Open a client's account with its keys."""
        wallet = self.basis.wallet_usdt * ATOM
        account = self.exchange.open_account(uid, wallet, self.vip)
        account.keys = dict(keys)
        return account

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        if asked.path == PATH:
            return Plan(self.control.answer(asked))
        return self.gateway.ask(asked)

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""
        return self.gateway.carry_out(asked)

    def connect(self, line: Line) -> Any:
        """Open a connection."""
        self._numbers += 1
        session = self.opened(line, self._numbers)
        self.sessions.append(session)
        self.truth.tell(Connected(self.agenda.now_ns, session.number))
        return session

    def hang_up(self, session: Any) -> None:
        """Forget a connection."""
        if session in self.sessions:
            self.sessions.remove(session)
            self.left(session)
            self.truth.tell(HungUp(self.agenda.now_ns, session.number))

    def left(self, session: Any) -> None:
        """Note that a connection hears nothing more."""
        for topic in session.topics:
            self.subscribed(session, topic, False)

    def round(self, deed: Callable[[], object]) -> None:
        """Do something in the market, then tell everybody what came of it."""
        deed()
        self.publisher.flush()

    def crowd_of(self, symbol: str) -> Crowd:
        """Return a market's crowd."""
        return self.crowds[symbol]

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

    def pay_funding(self, symbol: str) -> None:
        """Settle a market's funding, and plan the next payment."""
        self.round(partial(settle, self.exchange, symbol))
        self._plan_funding(symbol)

    def _open_for(self, uid: int, secrets: Mapping[str, str]) -> None:
        self.open_account(uid, {name: Key(secret) for name, secret in secrets.items()})

    def _crowd(self, symbol: str) -> Crowd:
        rng = self.chance(f"crowd {symbol}")
        market = self.exchange.floors[symbol].market
        return Crowd(character_of(market), rng, CrowdFloor(self.exchange, symbol, rng))

    def _step(self, symbol: str) -> None:
        crowd = self.crowds[symbol]
        self.round(crowd.step)
        self.exchange.floors[symbol].value_ticks = crowd.value_ticks

    def _plan_funding(self, symbol: str) -> None:
        """Plan the next payment: at a full interval of the venue's time since midnight."""
        floor = self.exchange.floors[symbol]
        period_s = self.basis.funding_s or floor.market.funding_min * 60.0
        period_ns, now_ns = round(period_s * 1e9), self.exchange.now_ns
        floor.next_funding_ns = now_ns - now_ns % period_ns + period_ns
        due_ns = self.agenda.now_ns + floor.next_funding_ns - now_ns
        self.agenda.at(due_ns, partial(self.pay_funding, symbol))
