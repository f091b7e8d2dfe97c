"""Run one market: take a batch, remember it, decide, and send what passed review.

A worker is the only writer of its market's state. Everything it consumes goes to the tape and the
journal before it is acted upon, so that both together replay to the same decisions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from connectors.margined import Liquidation
from connectors.model.events import (
    AMEND,
    BAND,
    BATCH,
    DECISION,
    EXPOSURE,
    HOLD,
    LEAD,
    LIQUIDATED_AT,
    PLACE,
    SCARCITY,
    STEERED,
    STOP,
    UNHEDGED,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.model.orders import DOUBTED, FREE, SLOTS, UNKNOWN, Commands, sent_flags
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.digest import bits, digest
from runner.engine.direct import DirectOutbox, Outbox
from runner.engine.history import History
from runner.engine.intake import take_account_row
from runner.engine.latency import Latency
from runner.engine.logs import DecisionLog, FillLog, log_decision, mark_fills, short_log
from runner.engine.risk import Limits
from runner.engine.steer import steer
from runner.engine.turn import turn
from strategies import reasons as why
from strategies.desk import Desk
from strategies.hedging import KNOWN, hear_band, hear_share
from strategies.liquidation_guard import hear_liquidation
from strategies.tally import close_tally

DRAIN_ABOVE = 1024
"""Fills in a log above which they are moved to the history."""
DECISION_ROWS = 128
"""The same of decisions: few, since each is forty numbers, and moving many at once takes long."""


class File(Protocol):
    """A file that is written while a worker runs. `flush` hands what is buffered to the system."""

    def flush(self) -> None: ...
    def close(self) -> None: ...


class TapeSink(File, Protocol):
    """Where market rows go."""

    def append(self, rows: MarketRows, i: int, j: int) -> None: ...


class JournalSink(File, Protocol):
    """Where what was consumed goes, in order: ten integers a row."""

    def row(
        self,
        kind: int,
        now_ns: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int,
        trade_id: int,
        venue_ns: int,
        extra: int,
    ) -> None: ...


@dataclass(slots=True)
class Market:
    """What a worker runs: one market's name, instrument, state and limits.

    Sizes in quote were counted with `sized_price`, and stay as they are for as long as it runs.
    """

    name: str
    venue_name: str
    instrument: Instrument
    desk: Desk
    limits: Limits
    sized_price: Decimal


@dataclass(frozen=True, slots=True)
class Reopened:
    """A market made anew, and the files of its next segment."""

    market: Market
    tape: TapeSink | None
    journal: JournalSink | None


@dataclass(slots=True)
class Worker:
    """One market's loop body. `on_batch` is called by the venue, one call at a time.

    Without an outbox, commands go straight to the venue and no ledger is kept. `steered` is what a
    person has set, by number.
    """

    market: Market
    venue: Venue
    clock: Clock
    tape: TapeSink | None
    journal: JournalSink | None
    history: History
    record: int
    outbox: Outbox | None = None
    commands: Commands = field(default_factory=Commands)
    fills: FillLog = field(default_factory=FillLog)
    decisions: DecisionLog = field(default_factory=lambda: short_log(DECISION_ROWS))
    turn_latency: Latency = field(default_factory=Latency)
    age_latency: Latency = field(default_factory=Latency)
    opening_mark_half_ticks: int = 0
    opening_position_lots: int = 0
    opening_cash_tick_lots: int = 0
    last_batch_ns: int = 0
    last_market_ns: int = 0
    steered: dict[int, tuple[int, float]] = field(default_factory=dict)

    _out: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self._out = self.outbox or DirectOutbox(self.market.name, self.venue)
        self.decisions.mode = self.record
        self.opening_position_lots = self.market.desk.orders.position_lots
        self.opening_cash_tick_lots = self.market.desk.orders.cash_tick_lots

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Take everything drained at `now_ns` and send what the decision asks for."""
        started_ns = self.clock.monotonic_ns()
        desk = self.market.desk
        if self.tape is not None:
            self.tape.append(rows, 0, len(rows))
        self._take_account(self._out.take(account), now_ns)
        if self._out.is_halted and not desk.stopping:
            self.stop()
        if self.journal is not None:
            self.journal.row(BATCH, now_ns, 0, 0, 0, len(rows), 0, 0, 0, 0)
        mark_fills(self.fills, desk.signals.mid_half_ticks, now_ns)
        decided = turn(
            desk,
            self.market.limits,
            self.commands,
            rows.kind,
            rows.ticks,
            rows.lots,
            0,
            len(rows),
            now_ns,
        )
        if decided:
            self._send(now_ns)
        self._measure(rows, now_ns, started_ns)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Want nothing while a stream of the venue is broken."""
        self.hold(why.LINK_DOWN, not is_whole, now_ns)

    def hold(self, cause: int, is_on: bool, now_ns: int) -> None:
        """Set or clear one cause to want nothing, from the next batch on. It is journalled.

        Causes are kept apart: the market quotes again once none is left.
        """
        desk = self.market.desk
        reasons = desk.held | cause if is_on else desk.held & ~cause
        if reasons == desk.held:
            return
        if self.journal is not None:
            self.journal.row(HOLD, now_ns, 0, 0, 0, 0, reasons, 0, 0, 0)
        desk.held = reasons
        desk.orders.changed = True

    def spare(self, scarcity: int, now_ns: int) -> None:
        """Hear how scarce new orders are; it counts from the next decision on. It is journalled."""
        if self.journal is not None:
            self.journal.row(SCARCITY, now_ns, 0, 0, 0, scarcity, 0, 0, 0, 0)
        self.market.desk.scarcity = scarcity

    def steer(self, number: int, whole: int, real: float, now_ns: int) -> None:
        """Set what a person may set, from the next batch on. It is journalled, and stays."""
        if self.journal is not None:
            self.journal.row(STEERED, now_ns, number, 0, 0, whole, 0, 0, 0, bits(real))
        self.steered[number] = (whole, real)
        steer(self.market.desk, self.market.limits, number, whole, real)

    def hear_exposure(self, known: bool, grains: int, now_ns: int) -> None:
        """Hear what there is to hedge, and decide on it at once."""
        self.hear_share(KNOWN if known else 0, grains, now_ns)

    def hear_share(self, code: int, grains: int, now_ns: int) -> None:
        """Hear what of it is to be hedged here, and decide on it at once. It is journalled."""
        if self.journal is not None:
            self.journal.row(EXPOSURE, now_ns, 0, 0, 0, grains, code, 0, 0, 0)
        hear_share(self.market.desk, code, grains, now_ns)
        self.on_batch(MarketRows(), AccountRows(), now_ns)

    def hear_liquidation(self, at: Liquidation, now_ns: int) -> None:
        """Hear where the position is liquidated; the next decision minds it. It is journalled."""
        known = at.price_half_ticks is not None
        price, mark = at.price_half_ticks or 0, at.mark_half_ticks or 0
        if self.journal is not None:
            row = (mark, 0, price, at.lots, int(known), at.full_half_ticks, 0, 0)
            self.journal.row(LIQUIDATED_AT, now_ns, *row)
        desk = self.market.desk
        hear_liquidation(desk, known, at.lots, price, at.full_half_ticks, mark, now_ns)

    def hear_band(self, grains: int, now_ns: int) -> None:
        """Hear how far a net exposure may go, from the next batch on. It is journalled."""
        if self.journal is not None:
            self.journal.row(BAND, now_ns, 0, 0, 0, grains, 0, 0, 0, 0)
        hear_band(self.market.desk, grains)

    def hold_unhedged(self, is_on: bool, now_ns: int) -> None:
        """Want nothing, from the next batch on, while too much is unhedged. It is journalled."""
        desk = self.market.desk
        if is_on == desk.exposure.is_unhedged:
            return
        if self.journal is not None:
            self.journal.row(UNHEDGED, now_ns, 0, 0, 0, 0, int(is_on), 0, 0, 0)
        desk.exposure.is_unhedged = is_on
        desk.orders.changed = True

    def stop(self) -> None:
        """Want nothing from the next batch on: every resting order will be cancelled."""
        if self.journal is not None:
            self.journal.row(STOP, self.clock.now_ns(), 0, 0, 0, 0, 0, 0, 0, 0)
        self._out.close()
        self.market.desk.stopping = True
        self.market.desk.orders.changed = True

    @property
    def is_halted(self) -> bool:
        """Tell whether a brake has halted the market for good."""
        return self.market.limits.brakes.halted != 0

    def seal(self) -> None:
        """Close the files as they are: nothing of what follows is to be replayed."""
        tape, journal, self.tape, self.journal = self.tape, self.journal, None, None
        if tape is not None:
            tape.close()
        if journal is not None:
            journal.close()

    def absorb(self, account: AccountRows, now_ns: int) -> None:
        """Book account rows and count the fills in them; decide nothing."""
        self._take_account(self._out.take(account), now_ns)

    def reopen(self, opened: Reopened, now_ns: int) -> None:
        """Go on with a fresh desk in new files; limits that were used up stay used up."""
        former = self.market.desk
        close_tally(former.tally, self.last_batch_ns)
        self.market.desk = opened.market.desk
        self.market.limits = opened.market.limits
        self.market.desk.tally = former.tally
        self.tape, self.journal = opened.tape, opened.journal
        self.hold(former.held & ~why.SUSPENDED, True, now_ns)
        self.spare(former.scarcity, now_ns)
        for number, (whole, real) in self.steered.items():
            self.steer(number, whole, real, now_ns)

    def open_orders(self) -> int:
        """Return how many orders may rest at the venue."""
        return SLOTS - self.market.desk.orders.status.count(FREE)

    def unknown_orders(self) -> int:
        """Return how many orders' outcome, or terms, are not proven."""
        orders = self.market.desk.orders
        return orders.status.count(UNKNOWN) + orders.terms.count(DOUBTED)

    def fills_after(self, seen: int) -> Iterator[tuple[int, int, int, int, int, int]]:
        """Yield the fills after the first `seen`: stamp, side, ticks, lots, role and trade id."""
        kept = self.history.fills
        drained = len(kept["recv_ns"])
        names = ("recv_ns", "side", "ticks", "lots", "role", "trade_id")
        for k in range(seen, drained + self.fills.count):
            if k < drained:
                row = tuple(kept[name][k] for name in names)
            else:
                row = tuple(getattr(self.fills, name)[k - drained] for name in names)
            yield row  # type: ignore[misc]

    def flush(self) -> None:
        """Move logs to the history and written rows to the files."""
        self.history.take(self.fills, self.decisions)
        if self.tape is not None:
            self.tape.flush()
        if self.journal is not None:
            self.journal.flush()

    def close(self) -> None:
        """Flush and close the files."""
        self.flush()
        if self.tape is not None:
            self.tape.close()
        if self.journal is not None:
            self.journal.close()

    def _take_account(self, account: AccountRows, now_ns: int) -> None:
        """Apply account rows in their order; each is journalled first."""
        desk = self.market.desk
        for k in range(len(account)):
            row = (
                account.client_id[k],
                account.side[k],
                account.ticks[k],
                account.lots[k],
                account.code[k],
                account.trade_id[k],
                account.venue_ns[k],
            )
            kind = account.kind[k]
            fee = account.fee[k]
            if fee is not None and fee.currency == self.market.instrument.quote:
                self.history.fees_quote[account.trade_id[k]] = fee.amount
            if self.journal is not None:
                self.journal.row(kind, now_ns, *row, 0)
            if self.fills.count >= DRAIN_ABOVE:
                self.history.take(self.fills, self.decisions)
            take_account_row(desk, self.fills, kind, *row, now_ns)

    def _send(self, now_ns: int) -> None:
        """Journal the decision and its commands, then let the approved ones out."""
        desk, commands = self.market.desk, self.commands
        for k in range(commands.count):
            kind = commands.kind[k]
            client_id = commands.client_id[k]
            side = commands.side[k]
            ticks = commands.ticks[k]
            lots = commands.lots[k]
            refused = commands.refused[k]
            if self.journal is not None:
                self.journal.row(kind, now_ns, client_id, side, ticks, lots, refused, 0, 0, 0)
            if refused:
                continue
            if kind == PLACE:
                self._out.place(client_id, side, ticks, lots, sent_flags(desk.orders, client_id))
            elif kind == AMEND:
                self._out.amend(client_id, side, ticks, lots)
            else:
                self._out.cancel(client_id)
        if self.journal is not None:
            self.journal.row(DECISION, now_ns, *digest(self.market.desk))
        if self.decisions.count >= DECISION_ROWS:
            self.history.take(self.fills, self.decisions)
        log_decision(self.decisions, self.market.desk, now_ns)

    def _measure(self, rows: MarketRows, now_ns: int, started_ns: int) -> None:
        """Keep what the report and the health of the feed need."""
        self.last_batch_ns = now_ns
        if rows and rows.kind[0] < LEAD:
            self.last_market_ns = now_ns
            self.age_latency.add(now_ns - rows.recv_ns[0])
        signals = self.market.desk.signals
        if self.opening_mark_half_ticks == 0 and signals.sound:
            self.opening_mark_half_ticks = signals.mid_half_ticks
        self.turn_latency.add(self.clock.monotonic_ns() - started_ns)
