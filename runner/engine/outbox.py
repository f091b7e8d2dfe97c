"""Stand between a worker and its venue: an order is in the ledger before it leaves, or stays.

Cancels leave at once. What comes back passes here too: it is booked, and what has been told before
is taken out, so that the worker sees each trade once. A venue that raises has proven nothing: that
one order is UNKNOWN, it keeps its slot, and a person is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from connectors.model.account import Fee, Trade
from connectors.model.errors import Refusal
from connectors.model.events import (
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    BUY,
    CANCELLED,
    FILLED,
    IOC,
    LIQUIDATION,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    AccountRows,
)
from connectors.numbered import Bound
from connectors.venue import Venue
from runner.engine.amending import Amends
from runner.engine.clock import Clock
from runner.engine.failpoints import Point, reached
from runner.engine.ledger.entries import (
    RECONCILE,
    STREAM,
    Fill,
    Intent,
    Sent,
    Word,
)
from runner.engine.ledger.states import (
    CANCEL_ASKED,
    SENDING,
    WITHHELD,
    Asked,
    Life,
    State,
    advance,
)
from runner.engine.ledger.writer import Writer
from runner.engine.open_order import Open
from runner.engine.portfolio import Gate
from runner.engine.supervisor import attempt, tell
from runner.engine.warnings import Warn

AMENDS = (AMENDED, AMEND_REJECTED, AMEND_UNKNOWN)
NO_TERMS = Asked(0, 0)


def _open_gate(side: int, lots: int, now_ns: int) -> str | None:
    """Refuse nothing."""
    return None


def _no_bound(client_id: int) -> Bound | None:
    """Promise nothing."""
    return None


def _no_reach(side: int) -> int | None:
    """Know of no limit."""
    return None


@dataclass(slots=True)
class LedgerOutbox:
    """The way through the ledger. `position_lots` and `cursor` are where the ledger stands.

    `exposed_lots` is what is open of buys and of sells: of every order whose end is not proven.
    `refused` is the last order that was refused, and its code. `gate` holds the account's limits.
    `bound` asks the venue, before an order is written, for what its request will stay below.
    `reach` asks for the worst price that the venue takes of a side: what takes at once goes no
    farther, so that it is not refused.
    `unasked_cancels` counts orders that the venue has cancelled without being asked by us.
    `is_flattening`: what only reduces leaves also after `close`. `alarm` waits until the reconciler
    tells a person.
    """

    market: str
    account: str
    venue: Venue
    writer: Writer
    clock: Clock
    warn: Warn
    position_lots: int
    cursor: int
    is_halted: bool = False
    alarm: str = ""
    gate: Gate = _open_gate
    bound: Callable[[int], Bound | None] = _no_bound
    reach: Callable[[int], int | None] = _no_reach
    orders: dict[int, Open] = field(default_factory=dict)
    last_client_id: int = 0
    is_flattening: bool = False
    unasked_cancels: int = 0
    refused: tuple[int, int] = (0, 0)
    exposed_lots: list[int] = field(default_factory=lambda: [0, 0])
    _waiting: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _unpriced: set[tuple[int, int]] = field(default_factory=set)
    _own: AccountRows = field(default_factory=AccountRows)
    _closed: bool = False
    _last_fault: str = ""
    _amends: Amends = field(init=False)

    def __post_init__(self) -> None:
        self._amends = Amends(self)
        for order in self.orders.values():
            self.exposed_lots[order.side] += order.open_lots

    def place(
        self, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Write the intent, and send the order once that is committed."""
        now_ns = self.clock.now_ns()
        ticks = self._within_reach(side, ticks) if flags & IOC else ticks
        self.last_client_id = max(self.last_client_id, client_id)
        refused_for = self.gate(side, lots, now_ns)
        self.orders[client_id] = Open(side, Life(lots, ticks=ticks), now_ns)
        self.exposed_lots[side] += lots
        self._waiting[client_id] = (side, ticks, lots, flags)
        order = (self.market, client_id, side, ticks, lots, now_ns)
        if self._closed and not (self.is_flattening and self._only_reduces(side, flags)):
            self.writer.put(Intent(*order))
            self._withhold(client_id, REJECTED)
            return
        if refused_for is not None:
            self.writer.put(Intent(*order))
            self._withhold(client_id, REJECTED, Refusal.ACCOUNT_LIMIT)
            return
        intent = Intent(*order, self.bound(client_id))
        self.writer.put(intent, lambda committed_ns: self._leave(client_id, committed_ns))

    def amend(self, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Write an order's new terms, and send them once those are committed."""
        self._amends.ask(client_id, side, Asked(ticks, lots), is_closed=self._closed)

    def cancel(self, client_id: int) -> None:
        """Send a cancel at once; an order, or an amend, that has not left never will."""
        if client_id in self._waiting:
            self._withhold(client_id, CANCELLED)
            return
        self._amends.withhold(client_id)
        is_said = attempt(lambda: self.venue.cancel(self.market, client_id), self.tell_fault)
        reached(Point.CANCEL_SENT)
        self.book_word(client_id, CANCEL_ASKED)
        self._heed(client_id, is_said)

    def take(self, account: AccountRows) -> AccountRows:
        """Book what the venue tells, each trade once; return it after what we have to tell."""
        if not account and not self._own:
            return account
        out, self._own = self._own, AccountRows()
        for k in range(len(account)):
            row = _row(account, k)
            if self._take_row(*row):
                out.add(*row)
        return out

    def withdraw(self) -> None:
        """Let no order or amend leave that still waits for its intent."""
        for client_id in list(self._waiting):
            self._withhold(client_id, REJECTED)
        self._amends.withdraw()

    def cancel_all(self) -> None:
        """Cancel everything whose end is not proven. It needs nothing but the ids."""
        for client_id in list(self.orders):
            self.cancel(client_id)

    def close(self) -> None:
        """Let no order leave from now on; what waits is ended here, and its slots freed."""
        self._closed = True
        self.withdraw()

    @property
    def open_orders(self) -> int:
        """How many orders are not proven to be over."""
        return len(self.orders)

    def has_seen(self, trade: Trade) -> bool:
        """Tell whether a trade is booked: our side of it, where both are ours."""
        return trade.trade_id <= self.cursor or _side_of(trade) in self._seen

    def price(self, trade: Trade, recv_ns: int, source: str) -> None:
        """Book the fee of a trade that was booked before its fee was told."""
        if trade.fee is not None and _side_of(trade) in self._unpriced:
            self._unpriced.discard(_side_of(trade))
            self.writer.put(Fill(self.market, self.account, trade, recv_ns, source))

    def advance_cursor(self, trade_id: int) -> None:
        """Forget single trades up to here: all are booked."""
        self.cursor = trade_id
        self._seen = {seen for seen in self._seen if seen[0] > trade_id}
        self._unpriced &= self._seen

    def deliver_trade(self, trade: Trade) -> None:
        """Book a trade that the stream has not told, and let the worker know."""
        self._book(trade, self.clock.now_ns(), RECONCILE)
        self.tell(FILLED, trade)

    def deliver_word(self, client_id: int, kind: int, word: int) -> None:
        """Book what a venue answered about an order, and let the worker know as row `kind`."""
        order = self.orders[client_id]
        self.book_word(client_id, word)
        left = order.life.lots - order.life.filled_lots
        self.tell(kind, Trade(0, client_id, order.side, order.ticks, left, 0, 0))

    def deliver_terms(self, client_id: int, word: int, terms: Asked) -> None:
        """Book what is proven, or not, of an order's terms, and let the worker know."""
        side = self.orders[client_id].side
        self.book_word(client_id, word, 0, terms)
        self.tell(word, Trade(0, client_id, side, terms.ticks, terms.lots, 0, 0))

    def _only_reduces(self, side: int, flags: int) -> bool:
        """Tell whether an order, counted among the open ones, can only take from the position."""
        held_lots = self.position_lots if side == SELL else -self.position_lots
        return flags & REDUCE_ONLY != 0 and self.exposed_lots[side] <= held_lots

    def _within_reach(self, side: int, ticks: int) -> int:
        """Return a price that the venue takes, which is never a worse one."""
        worst_ticks = self.reach(side)
        if worst_ticks is None:
            return ticks
        return min(ticks, worst_ticks) if side == BUY else max(ticks, worst_ticks)

    def _leave(self, client_id: int, committed_ns: int) -> None:
        """Hand an order to the venue unless it has been withheld meanwhile."""
        wanted = self._waiting.pop(client_id, None)
        if wanted is None:
            return
        reached(Point.INTENT_COMMITTED)
        sent_ns = self.clock.now_ns()
        is_said = attempt(
            lambda: self.venue.place(self.market, client_id, *wanted), self.tell_fault
        )
        reached(Point.SENT)
        self.writer.put(Sent(self.market, client_id, committed_ns, sent_ns))
        self.follow(client_id, SENDING, 0)
        self._heed(client_id, is_said)

    def _heed(self, client_id: int, is_said: bool) -> None:
        """Note whether the venue's adapter has taken a command; if not, nothing is proven."""
        if is_said:
            self._last_fault = ""
        else:
            self._doubt(client_id)

    def _doubt(self, client_id: int) -> None:
        """Take an order's outcome for unknown, here and at the worker, unless it is over."""
        if client_id in self.orders:
            self.deliver_word(client_id, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN)

    def tell_fault(self, error: Exception) -> None:
        """Let a person know that the venue's adapter has failed, once for all that fail alike."""
        said = f"{type(error).__name__} {error}"
        if said == self._last_fault:
            return
        self._last_fault = said
        tell(self.warn, self.clock.now_ns(), self.market, "the venue's adapter failed", error)

    def _withhold(self, client_id: int, kind: int, code: int = Refusal.NOT_SENT) -> None:
        side, ticks, lots, _ = self._waiting.pop(client_id)
        if kind == REJECTED:
            self.refused = (client_id, code)
        self.book_word(client_id, WITHHELD, code)
        self.tell(kind, Trade(0, client_id, side, ticks, lots, code, 0))

    def tell(self, kind: int, said: Trade) -> None:
        """Add a row of our own; it reaches the worker with the next batch."""
        now_ns = self.clock.now_ns()
        self._own.add(
            kind,
            said.client_id,
            said.side,
            said.ticks,
            said.lots,
            int(said.role),
            said.trade_id,
            said.venue_ns or now_ns,
            now_ns,
            said.fee,
        )

    def _take_row(
        self,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int,
        trade_id: int,
        venue_ns: int,
        recv_ns: int,
        fee: Fee | None,
    ) -> bool:
        """Book one row of the venue; False when the worker has had it."""
        if kind != FILLED:
            if kind == REJECTED:
                self.refused = (client_id, code)
            if kind == CANCELLED and self._is_unasked(client_id):
                self.unasked_cancels += 1
            reached(Point.ACKED)
            self.book_word(
                client_id, kind, code, Asked(ticks, lots) if kind in AMENDS else NO_TERMS
            )
            return True
        trade = Trade(trade_id, client_id, side, ticks, lots, code, venue_ns, fee)
        if self.has_seen(trade):
            self.price(trade, recv_ns, STREAM)
            return False
        reached(Point.FILL_RECEIVED)
        self._book(trade, recv_ns, STREAM)
        return True

    def _is_unasked(self, client_id: int) -> bool:
        order = self.orders.get(client_id)
        return order is not None and order.life.state is not State.CANCELLING

    def _book(self, trade: Trade, recv_ns: int, source: str) -> None:
        self._seen.add(_side_of(trade))
        if trade.fee is None:
            self._unpriced.add(_side_of(trade))
        if trade.client_id == 0:
            self.is_halted = True
            self.alarm = (
                f"trade {trade.trade_id} is the venue's liquidation: booked, market halted"
                if trade.role == LIQUIDATION
                else f"trade {trade.trade_id} is no order of ours: booked, market halted"
            )
        self.position_lots += trade.lots if trade.side == BUY else -trade.lots
        self.writer.put(Fill(self.market, self.account, trade, recv_ns, source))
        self.follow(trade.client_id, FILLED, trade.lots)

    def book_word(self, client_id: int, word: int, code: int = 0, terms: Asked = NO_TERMS) -> None:
        """Write a word on an order, and follow it."""
        now_ns = self.clock.now_ns()
        said = Word(self.market, client_id, word, code, now_ns, terms.ticks, terms.lots)
        self.writer.put(said)
        self.follow(client_id, word, terms.lots, terms.ticks)

    def follow(self, client_id: int, word: int, lots: int, ticks: int = 0) -> None:
        """Follow an open order by the same table as the ledger does."""
        order = self.orders.get(client_id)
        if order is None:
            return
        before_lots = order.open_lots
        order.life = advance(order.life, word, lots, ticks)
        order.since_ns = self.clock.now_ns()
        self.exposed_lots[order.side] += order.open_lots - before_lots
        if order.life.state is State.DONE:
            del self.orders[client_id]


def _side_of(trade: Trade) -> tuple[int, int]:
    """Return what a side of a trade is known by: one with ourselves has two of the same id."""
    return trade.trade_id, trade.side


_Row = tuple[int, int, int, int, int, int, int, int, int, Fee | None]


def _row(account: AccountRows, k: int) -> _Row:
    return (
        account.kind[k],
        account.client_id[k],
        account.side[k],
        account.ticks[k],
        account.lots[k],
        account.code[k],
        account.trade_id[k],
        account.venue_ns[k],
        account.recv_ns[k],
        account.fee[k],
    )
