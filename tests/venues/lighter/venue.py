"""Put the stand-in together: one exchange and its crowd, doors, one agenda, one seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from tests.stage.script import Script, Step
from tests.stage.truth import Fault, Feed
from tests.venues.common.agenda import Agenda
from tests.venues.common.control import PATH, Control
from tests.venues.common.crowd import Crowd
from tests.venues.common.http import Answer, Asked, Plan
from tests.venues.common.line import Line
from tests.venues.common.truth import Connected, HungUp, TruthLog
from tests.venues.lighter.accounts import TIERS, Account, Key
from tests.venues.lighter.chronicle import Chronicle
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.execution import cancel_everything
from tests.venues.lighter.funding import settle
from tests.venues.lighter.gateway import Gateway
from tests.venues.lighter.guard import Guard, Verifier
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.liquidation import liquidate_the_unhealthy
from tests.venues.lighter.markets import LISTED, MICRO, Market
from tests.venues.lighter.participants import character_of, floor_for
from tests.venues.lighter.publisher import Publisher
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.sequencer import Sequencer, TxLog
from tests.venues.lighter.session import Session
from tests.venues.lighter.shapes import frames
from tests.venues.lighter.verification import Signatures

BOOK_BEAT_S = 0.05
STATS_BEAT_S = 0.25
HEIGHT_BEAT_S = 0.2
DUTY_BEAT_S = 0.1


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that makes one stand-in differ from another. `funding_s` is an hour, or less."""

    seed: int = 1
    markets: tuple[Market, ...] = LISTED[:2]
    chain_id: int = 304
    verify: str = "all"
    tier: str = "premium"
    collateral_usdc: int = 100_000
    assets: Mapping[int, str] = field(default_factory=dict)
    """What a client's account holds for spot, by asset."""
    funding_s: float = 3_600.0
    network_ms: float = 2.0
    skew_ms: int = 0
    has_crowd: bool = True
    limits: Limits = field(default_factory=Limits)
    script: tuple[Step, ...] = ()


class Venue:
    """The whole stand-in without doors. Time passes by `agenda.advance` alone."""

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        self.setup = setup
        self.limits = setup.limits
        self.tier = TIERS[setup.tier]
        self.network_ms = setup.network_ms
        self.rng = random.Random(f"{setup.seed} venue")
        self.agenda = Agenda(now_ns)
        self.truth = truth or TruthLog()
        self.exchange = Exchange(setup.markets, self.agenda, self.rng)
        self.exchange.skew_ns = setup.skew_ms * 1_000_000
        self.publisher = Publisher(self.exchange, self.rng)
        self.chronicle = Chronicle(self.exchange, self.truth)
        verifier: Verifier = Signatures(setup.chain_id)
        self.guard = Guard(self.exchange, verifier, setup.verify, self.rng)
        self.gateway = Gateway(self, Script(setup.script), random.Random(f"{setup.seed} faults"))
        self.sequencer = Sequencer(self)
        self.control = Control(self, step_of, self._open_for)
        self.sessions: list[Session] = []
        self.most_rows: int | None = None
        """After how many rows lists are cut, where a fault has made it fewer than usual."""
        self.crowds = {m: self._crowd(m) for m in self.exchange.floors}
        self._numbers = 0
        self._begin()

    @property
    def log(self) -> TxLog:
        """Return what became of transactions."""
        return self.sequencer.log

    def open_account(self, index: int, keys: dict[int, str]) -> Account:
        """Open a client's account with its public keys (hex by index)."""
        account = self.exchange.open_account(index, self.setup.collateral_usdc * MICRO, self.tier)
        account.assets = {a: Decimal(amount) for a, amount in self.setup.assets.items()}
        account.keys = {i: Key(public.removeprefix("0x")) for i, public in keys.items()}
        return account

    def _open_for(self, index: int, keys: Mapping[str, str]) -> None:
        self.open_account(index, {int(i): public for i, public in keys.items()})

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        if asked.path == PATH:
            return Plan(self.control.answer(asked))
        return self.gateway.ask(asked)

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""
        return self.gateway.carry_out(asked)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made at all just now."""
        return len(self.sessions) < self.limits.connections and self.gateway.admits()

    def connect(self, line: Line) -> Session:
        """Open a connection."""
        self._numbers += 1
        session = Session(self, line, self._numbers)
        self.sessions.append(session)
        line.on_deaf = partial(self.unheard, session)
        self.truth.tell(Connected(self.agenda.now_ns, session.number))
        return session

    def hang_up(self, session: Session) -> None:
        """Forget a connection."""
        if session in self.sessions:
            self.sessions.remove(session)
            self.unheard(session)
            session.end()
            self.truth.tell(HungUp(self.agenda.now_ns, session.number))

    def unheard(self, lost: Session) -> None:
        """Write down which books nobody hears any more without a connection."""
        for channel in sorted(c for c in lost.channels if c.startswith("order_book/")):
            others = (s for s in self.sessions if s is not lost and s.line.is_heard)
            if not any(channel in session.channels for session in others):
                self.truth.tell(Feed(self.agenda.now_ns, self.symbol_of(channel), False))

    def round(self, deed: Callable[[], object]) -> None:
        """Do something in the market, then tell everybody what came of it."""
        deed()
        self.publisher.flush()

    def publish_tx(self, account: int, rows: list[dict[str, Any]]) -> None:
        """Tell an account's listeners what became of a transaction."""
        spell = partial(frames.transactions, "update", account, rows)
        self.publisher.publish(f"account_tx/{account}", (), spell)

    def change(self, market_id: int, **changes: Any) -> None:
        """Change a market's description."""
        floor = self.exchange.floors[market_id]
        floor.market = replace(floor.market, **changes)

    def fault(self, what: str, market: str) -> None:
        """Write down that a fault took effect."""
        self.control.effects[what] += 1
        self.truth.tell(Fault(self.agenda.now_ns, what, market))

    def symbol(self, market_id: int) -> str:
        """Return a market's symbol; nothing for one that is not listed."""
        floor = self.exchange.floors.get(market_id)
        return floor.market.symbol if floor else ""

    def crowd_of(self, symbol: str) -> Crowd:
        """Return a market's crowd."""
        return self.crowds[self.market_id(symbol)]

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.flush_book(self.market_id(symbol))

    def symbol_of(self, channel: str) -> str:
        """Return the symbol of the market that a channel is of; nothing for an account's."""
        name, _, rest = channel.partition("/")
        is_market = rest.isdecimal() and not name.startswith(("account", "user"))
        return self.symbol(int(rest)) if is_market else ""

    def market_id(self, symbol: str) -> int:
        """Return a market's id."""
        return next(m for m, f in self.exchange.floors.items() if f.market.symbol == symbol)

    def _crowd(self, market_id: int) -> Crowd:
        rng = random.Random(f"{self.setup.seed} crowd {market_id}")
        market = self.exchange.floors[market_id].market
        return Crowd(character_of(market), rng, floor_for(self.exchange, market_id, rng))

    def _begin(self) -> None:
        every = self.agenda.every
        if self.setup.has_crowd:
            for market_id, crowd in self.crowds.items():
                self.round(crowd.quote)
                every(crowd.character.period_s, partial(self._step, market_id))
        every(BOOK_BEAT_S, self._beat)
        every(STATS_BEAT_S, self.publisher.flush_stats)
        every(HEIGHT_BEAT_S, self._new_block)
        every(DUTY_BEAT_S, lambda: self.round(self._duties))
        self._plan_funding()
        every(self.limits.look_s, self._look_after)
        for step in self.gateway.script.timed():
            self.agenda.after(step.at_s or 0.0, partial(self.play, step))

    def _step(self, market_id: int) -> None:
        crowd = self.crowds[market_id]
        self.round(crowd.step)
        self.exchange.floors[market_id].value_ticks = crowd.value_ticks

    def _beat(self) -> None:
        self.publisher.flush_books()
        self.chronicle.show_books()

    def _plan_funding(self) -> None:
        """Plan the next payment: at a full hour of the venue's, or of what counts as one."""
        period_ns = round(self.setup.funding_s * 1e9)
        to_go_ns = period_ns - self.exchange.now_ns % period_ns
        self.agenda.at(self.agenda.now_ns + to_go_ns, self._pay_funding)

    def _pay_funding(self) -> None:
        self.round(partial(settle, self.exchange))
        self._plan_funding()

    def _new_block(self) -> None:
        self.exchange.block += 1
        self.publisher.flush_height()

    def _duties(self) -> None:
        self.exchange.expire()
        liquidate_the_unhealthy(self.exchange)
        for account in list(self.exchange.accounts.values()):
            if 0 < account.cancel_all_ms <= self.exchange.now_ms:
                account.cancel_all_ms = 0
                cancel_everything(self.exchange, account)

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()

    def play(self, step: Step) -> None:
        """Do what a step says, now."""
        self.fault(step.name, step.market or "")
        self.round(partial(step.action.do, self))


def accounts_of(words: Sequence[str]) -> dict[int, dict[int, str]]:
    """Read `account:key:public` words into keys by account."""
    accounts: dict[int, dict[int, str]] = {}
    for word in words:
        account, key, public = word.split(":")
        accounts.setdefault(int(account), {})[int(key)] = public
    return accounts
