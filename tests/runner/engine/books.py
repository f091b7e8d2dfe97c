"""A venue that only remembers, and an outbox on it, for tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.model.account import Fate, Payment, RestingOrder, Standing, Trade
from connectors.model.events import BUY, POST_ONLY
from connectors.pacing import Scope
from connectors.venue import Countdown, RescueWords, Sink
from runner.engine.clock import Clock
from runner.engine.ledger.writer import Safe, Writer
from runner.engine.outbox import LedgerOutbox
from runner.engine.warnings import Warn, Warnings
from tests.runner.engine.ledger.made import ACCOUNT, MARKET


@dataclass(slots=True)
class Books:
    """What the venue would say, and what it was asked."""

    trades: list[Trade] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)
    extra_lots: int = 0
    resting: tuple[RestingOrder, ...] = ()
    fails_on: tuple[int, ...] = ()
    commands: list[tuple[str, int]] = field(default_factory=list)
    cancel_all_out_of_loop: Callable[[], None] | None = None
    countdown: Countdown | None = None
    rescue: RescueWords | None = None
    amends: bool = True
    scopes: Sequence[Scope] = ()
    payments: list[Payment] = field(default_factory=list)
    look_every_ns: int = 0

    async def standing(self, market: str) -> Standing:
        """Say the position: the trades', and whatever nobody can explain."""
        lots = sum(t.lots if t.side == BUY else -t.lots for t in self.trades)
        last = max((t.trade_id for t in self.trades), default=0)
        return Standing(lots + self.extra_lots, 0, 0, last, self.resting, ACCOUNT)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Say the later trades."""
        return tuple(t for t in self.trades if t.trade_id > trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Say the later payments."""
        return tuple(p for p in self.payments if p.paid_ns > after_ns)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Say an order's fate."""
        return self.fates[client_id]

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Never asked for."""
        raise NotImplementedError

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Remember, and fail on the orders that it fails on."""
        self.commands.append(("place", client_id))
        if client_id in self.fails_on:
            raise ValueError(f"cannot place {client_id}")

    def cancel(self, market: str, client_id: int) -> None:
        """Remember, and fail likewise."""
        self.commands.append(("cancel", client_id))
        if client_id in self.fails_on:
            raise ValueError(f"cannot cancel {client_id}")

    def amend(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Remember, and fail likewise."""
        self.commands.append(("amend", client_id))
        if client_id in self.fails_on:
            raise ValueError(f"cannot amend {client_id}")

    def close(self) -> None:
        """Nothing to close."""


class LaterWriter:
    """A writer whose commits happen when the test says so."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: list[tuple[Safe, int]] = []

    def put(self, entry: object, safe: Safe | None = None) -> None:
        """Write, and keep who waits."""
        held = None if safe is None else lambda ns: self._waiting.append((safe, ns))
        self._writer.put(entry, held)  # type: ignore[arg-type]

    def commit(self) -> None:
        """Tell everyone who waits."""
        waiting, self._waiting = self._waiting, []
        for safe, committed_ns in waiting:
            safe(committed_ns)

    def check(self) -> None:
        """Pass on."""
        self._writer.check()

    def close(self) -> None:
        """Pass on."""
        self._writer.close()


def outbox_on(
    venue: Books, writer: Writer, clock: Clock, cursor: int = 0, warn: Warn | None = None
) -> LedgerOutbox:
    """Return an outbox that begins flat."""
    told = warn or Warnings()
    return LedgerOutbox(MARKET, ACCOUNT, venue, writer, clock, told, 0, cursor)
