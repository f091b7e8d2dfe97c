"""Put the stand-in together: the exchange of `tests.venues.bybit`, and Binance's way to speak."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tests.stage.script import Script, Step
from tests.stage.truth import Fault, Feed
from tests.venues.binance.errors import REJECTED_KEY, Refused
from tests.venues.binance.gateway import Gateway
from tests.venues.binance.guard import Guard
from tests.venues.binance.markets import LISTED, REGULAR
from tests.venues.binance.publisher import Publisher
from tests.venues.binance.sessions import Session, key_of, stream_of
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.chronicle import Chronicle, Naming
from tests.venues.bybit.engine import cancel_everything
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.funding import settle
from tests.venues.bybit.liquidation import liquidate_the_unhealthy
from tests.venues.bybit.markets import ATOM, Market
from tests.venues.bybit.participants import CrowdFloor, character_of
from tests.venues.common.agenda import Agenda
from tests.venues.common.crowd import Crowd
from tests.venues.common.http import Answer, Asked, Plan
from tests.venues.common.line import Line
from tests.venues.common.truth import Connected, HungUp, Subscribed, TruthLog

BOOK_BEAT_S = 0.1
DUTY_BEAT_S = 0.1
SHOW_BEAT_S = 0.05


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that makes one stand-in differ from another."""

    seed: int = 1
    markets: tuple[Market, ...] = LISTED
    wallet_usdt: int = 100_000
    skew_ms: int = 0
    has_crowd: bool = True
    orders_per_10s: int | None = 300
    key_lasts_s: float = 3600.0
    naming: Naming = field(default_factory=Naming)
    script: tuple[Step, ...] = ()


class Venue:
    """The whole stand-in without doors. Time passes by `agenda.advance` alone."""

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        self.setup = setup
        self.rng = random.Random(f"{setup.seed} venue")
        self.agenda = Agenda(now_ns)
        self.truth = truth or TruthLog()
        self.exchange = Exchange(setup.markets, self.agenda, self.rng)
        self.exchange.skew_ns = setup.skew_ms * 1_000_000
        self.sessions: list[Session] = []
        self.listen_keys: dict[str, int] = {}
        """Whose streams keys open."""
        self.countdowns: dict[tuple[int, str], int] = {}
        """When an account's orders in a market are cancelled, unless that is put off."""
        self.limits: Any = None
        self.most_rows: int | None = None
        self.effects: Counter[str] = Counter()
        self.publisher = Publisher(self)
        self.chronicle = Chronicle(self.exchange, self.truth, setup.naming)
        self.guard = Guard(self.exchange)
        self.gateway = Gateway(self, Script(setup.script), random.Random(f"{setup.seed} faults"))
        self._numbers = 0
        self.crowds = {symbol: self._crowd(symbol) for symbol in self.exchange.floors}
        self._begin()

    def open_account(self, uid: int, keys: dict[str, Key]) -> Account:
        """Open a client's account with its keys."""
        account = self.exchange.open_account(uid, self.setup.wallet_usdt * ATOM, REGULAR)
        account.keys = dict(keys)
        return account

    def listen(self, account: Account, begins: bool) -> str:
        """Give an account the key of its stream, or prolong the one it has."""
        key = next((key for key, uid in self.listen_keys.items() if uid == account.uid), None)
        if key is None and not begins:
            raise Refused(REJECTED_KEY)
        if key is None:
            key = f"{self.rng.getrandbits(128):032x}"
            self.listen_keys[key] = account.uid
            self.agenda.after(self.setup.key_lasts_s, partial(self.expire, key))
        return key

    def expire(self, key: str) -> None:
        """Let a stream's key end, and say so on the stream."""
        self.listen_keys.pop(key, None)
        for session in [each for each in self.sessions if each.key == key]:
            words = {"e": "listenKeyExpired", "E": self.exchange.now_ms, "listenKey": key}
            session.tell(words, "expired")
            session.uid = None

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        return self.gateway.ask(asked)

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""
        return self.gateway.carry_out(asked)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        is_known = not key_of(target) or key_of(target) in self.listen_keys
        return is_known and self.gateway.admits(stream_of(target))

    def connect(self, line: Line) -> Session:
        """Open a connection."""
        self._numbers += 1
        session = Session(self, line, self._numbers)
        self.sessions.append(session)
        self.truth.tell(Connected(self.agenda.now_ns, session.number))
        return session

    def hang_up(self, session: Session) -> None:
        """Forget a connection."""
        if session in self.sessions:
            self.sessions.remove(session)
            for topic in session.topics:
                self.subscribed(session, topic, False)
            self.truth.tell(HungUp(self.agenda.now_ns, session.number))

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book is known from its snapshot on."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        if "@depth" in topic and not begins:
            self.truth.tell(Feed(now_ns, topic.partition("@")[0].upper(), False))

    def round(self, deed: Callable[[], object]) -> None:
        """Do something in the market, then tell everybody what came of it."""
        deed()
        self.publisher.flush()

    def crowd_of(self, symbol: str) -> Crowd:
        """Return a market's crowd."""
        return self.crowds[symbol]

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.tell_book(symbol)

    def change(self, symbol: str, **changes: Any) -> None:
        """Change a market's description."""
        floor = self.exchange.floors[symbol]
        floor.market = replace(floor.market, **changes)

    def fault(self, what: str, market: str) -> None:
        """Write down that a fault took effect."""
        self.effects[what] += 1
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
        every(BOOK_BEAT_S, self.publisher.tell_books)
        every(DUTY_BEAT_S, partial(self.round, self._duties))
        for symbol in self.exchange.floors:
            self._plan_funding(symbol)
        for step in self.gateway.script.timed():
            self.agenda.after(step.at_s or 0.0, partial(self.play, step))

    def _step(self, symbol: str) -> None:
        crowd = self.crowds[symbol]
        self.round(crowd.step)
        self.exchange.floors[symbol].value_ticks = crowd.value_ticks

    def _plan_funding(self, symbol: str) -> None:
        floor = self.exchange.floors[symbol]
        period_ns, now_ns = floor.market.funding_min * 60_000_000_000, self.exchange.now_ns
        floor.next_funding_ns = now_ns - now_ns % period_ns + period_ns
        due_ns = self.agenda.now_ns + floor.next_funding_ns - now_ns
        self.agenda.at(due_ns, partial(self._pay, symbol))

    def _pay(self, symbol: str) -> None:
        self.round(partial(settle, self.exchange, symbol))
        self._plan_funding(symbol)

    def _duties(self) -> None:
        """Close what has no margin left, and cancel what nobody has put off."""
        liquidate_the_unhealthy(self.exchange)
        now_ns = self.agenda.now_ns
        for (uid, symbol), due_ns in list(self.countdowns.items()):
            if now_ns >= due_ns:
                del self.countdowns[uid, symbol]
                cancel_everything(self.exchange, uid, orders.BY_DCP, {symbol})
