"""Hold one market's ledger against its venue, again and again while a session runs.

What the venue has traded and the ledger lacks is booked. What no trade explains becomes an
adjustment with its cause, and a warning; nothing is guessed to be flat, and no order to be gone.
"""

from dataclasses import dataclass, field

from connectors.model.account import ABSENT, Fate, Standing, Trade
from connectors.model.events import ACCEPTED, AMEND_UNKNOWN, BUY, EXPIRED, FILLED, OUTCOME_UNKNOWN
from connectors.model.orders import SLOTS, TOLD_APART
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.ledger.entries import RECONCILE, Adjustment, Cursor, Note
from runner.engine.ledger.states import State, terms_proven
from runner.engine.ledger.writer import Writer
from runner.engine.open_order import Open
from runner.engine.outbox import LedgerOutbox
from runner.engine.warnings import Warn

EVERY_NS = 2_000_000_000
"""Time between two looks, and between two that count as two when they contradict the ledger."""
GRACE_NS = 5_000_000_000
"""A trade or an answer may be on its way for so long before it counts as missing."""
RECOVERY_GRACE_NS = 1_000_000_000
"""The same while a market is held until everything is proven."""
YOUNG_NS = 60_000_000_000
"""A trade is read again for so long: its fee may be told later, and a list may show a trade after
one that followed it."""
UNKNOWN_NS = 30_000_000_000
"""An order without an answer for so long holds its market."""
LATE_NS = 60_000_000_000
"""An order that a former process left behind has shown itself by then."""
MOST_ID = 1 << 48
MOST_TRADE_ID = 1 << 63

_WAITING = (State.SENT, State.CANCELLING, State.UNKNOWN)
_LEFT = (*_WAITING, State.LIVE, State.PARTIAL)
"""States of orders that wait for an answer, and of all that have left the house."""
ALL_NS = 1 << 62


@dataclass(slots=True)
class Reconciler:
    """One market's comparison. The reads raise VenueError; nothing has changed then.

    `in_doubt` counts the looks running that contradicted the ledger; `strangers` are orders that
    rest at the venue and are ours by their ids, but open in no book of ours.
    """

    outbox: LedgerOutbox
    venue: Venue
    writer: Writer
    clock: Clock
    warn: Warn
    market_number: int
    in_doubt: int = 0
    strangers: frozenset[int] = frozenset()
    _missing_lots: int = 0
    _missing_since_ns: int = 0
    _told: set[int] = field(default_factory=set)
    _begun_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self._begun_ns = self.clock.now_ns()

    async def look(self) -> Standing | None:
        """Compare once in passing; return where both stand, None when they contradict."""
        standing, is_level = await self._compare(self.clock.now_ns() - GRACE_NS)
        await self._ask(self.clock.now_ns() - GRACE_NS, _WAITING)
        return standing if is_level else None

    async def look_closely(self, broken_ns: int) -> Standing | None:
        """Compare without grace, ask about every order and cancel what rests.

        Return where both stand once nothing is open and nothing contradicts. What is older than
        `broken_ns` is asked for at once: no stream will tell of it any more.
        """
        due_ns = max(broken_ns, self.clock.now_ns() - RECOVERY_GRACE_NS)
        for client_id, fate in await self._ask(due_ns, _LEFT):
            if fate.kind == ACCEPTED and client_id in self.outbox.orders:
                self.outbox.cancel(client_id)
        standing, is_level = await self._compare(ALL_NS)
        return standing if is_level and not self.outbox.orders and not self.strangers else None

    def unresolved(self) -> list[int]:
        """Return the orders that have been without an answer for too long."""
        due_ns = self.clock.now_ns() - UNKNOWN_NS
        return [
            client_id
            for client_id, order in self.outbox.orders.items()
            if order.since_ns <= due_ns and _waits(order, _WAITING)
        ]

    async def _compare(self, due_ns: int) -> tuple[Standing, bool]:
        """Book what is missing, and compare the position."""
        market = self.outbox.market
        trades = await self.venue.trades_after(market, self.outbox.cursor)
        standing = await self.venue.standing(market)
        young_lots = self._book(trades, due_ns)
        self._pass_alarm()
        self._look_for_strangers(standing)
        return standing, self._judge(
            standing.position_lots - self.outbox.position_lots - young_lots
        )

    def _book(self, trades: tuple[Trade, ...], due_ns: int) -> int:
        """Book the trades that nobody told in time; return the lots of those still on their way."""
        outbox = self.outbox
        young_lots = 0
        first_open = MOST_TRADE_ID
        young_ns = min(due_ns, self.clock.now_ns() - YOUNG_NS)
        for trade in trades:
            if not outbox.has_seen(trade) and trade.venue_ns > due_ns:
                young_lots += trade.lots if trade.side == BUY else -trade.lots
                first_open = min(first_open, trade.trade_id)
                continue
            if outbox.has_seen(trade):
                outbox.price(trade, self.clock.now_ns(), RECONCILE)
            else:
                outbox.deliver_trade(trade)
                self._say(f"trade {trade.trade_id} was missing and is booked")
            if trade.venue_ns > young_ns:
                first_open = min(first_open, trade.trade_id)
        # Both sides of a trade with ourselves have its id: it is passed once both are settled.
        settled = (trade.trade_id for trade in trades if trade.trade_id < first_open)
        level_to = max(settled, default=outbox.cursor)
        if level_to != outbox.cursor:
            outbox.advance_cursor(level_to)
            self.writer.put(Cursor(outbox.market, outbox.account, level_to))
        return young_lots

    def _pass_alarm(self) -> None:
        if self.outbox.alarm:
            alarm, self.outbox.alarm = self.outbox.alarm, ""
            self._say(alarm)

    def _judge(self, missing_lots: int) -> bool:
        """Tell whether the position is explained.

        The same difference in two looks is believed: it is adjusted, and halts the market.
        """
        now_ns = self.clock.now_ns()
        if missing_lots == 0:
            self.in_doubt = 0
            return True
        self.in_doubt += 1
        if self.in_doubt == 1 or missing_lots != self._missing_lots:
            self._missing_lots, self._missing_since_ns = missing_lots, now_ns
        elif now_ns - self._missing_since_ns >= EVERY_NS:
            self._adjust(missing_lots, now_ns)
        return False

    def _adjust(self, missing_lots: int, now_ns: int) -> None:
        outbox = self.outbox
        cause = f"the venue's trades do not explain its position by {missing_lots} lots: halted"
        self.writer.put(Adjustment(outbox.market, outbox.account, missing_lots, cause, now_ns))
        outbox.position_lots += missing_lots
        outbox.is_halted = True
        self.in_doubt = 0
        self.warn(now_ns, outbox.market, cause)

    async def _ask(self, due_ns: int, states: tuple[State, ...]) -> list[tuple[int, Fate]]:
        """Ask about the orders not heard of since `due_ns`; tell the worker; return the answers."""
        silent = [
            client_id
            for client_id, order in self.outbox.orders.items()
            if order.since_ns <= due_ns and _waits(order, states)
        ]
        fates = []
        for client_id in silent:
            fate = await self.venue.order_fate(self.outbox.market, client_id)
            fates.append((client_id, fate))
            order = self.outbox.orders.get(client_id)
            if order is not None and fate.filled_lots <= order.life.filled_lots:
                self._tell_terms(client_id, order, fate)
                if not self._doubts(client_id, order, fate):
                    self._tell(client_id, order.life.state, fate.kind)
        return fates

    def _tell_terms(self, client_id: int, order: Open, fate: Fate) -> None:
        """Tell which terms an order has that was being amended, where the venue has proven it."""
        for word, terms in terms_proven(order.life, fate):
            self.outbox.deliver_terms(client_id, word, terms)
            self._say(f"order {client_id} was being amended; the venue says {word}")

    def _doubts(self, client_id: int, order: Open, fate: Fate) -> bool:
        """Tell that nobody can say which terms an order has, so that it is cancelled."""
        asked = order.life.asked
        rests = order.life.state in (State.LIVE, State.PARTIAL)
        if asked is None or not rests or fate.kind != ACCEPTED:
            return False
        self.outbox.deliver_terms(client_id, AMEND_UNKNOWN, asked)
        self._say(f"order {client_id} was being amended; nobody says whether it is")
        return True

    def _tell(self, client_id: int, state: State, kind: int) -> None:
        """Tell what became of an order; a fill is told by its trade alone."""
        rests_as_known = kind == ACCEPTED and state not in _WAITING
        if kind in (OUTCOME_UNKNOWN, FILLED) or rests_as_known:
            return
        if kind == ACCEPTED:
            # A cancel that has not worked by now is to be asked for again.
            self.outbox.deliver_word(client_id, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN)
        self.outbox.deliver_word(client_id, EXPIRED if kind == ABSENT else kind, kind)
        self._say(f"order {client_id} was silent; the venue says {kind}")

    def _look_for_strangers(self, standing: Standing) -> None:
        """Warn of resting orders that no book of ours has open; cancel those of our id range.

        One look proves nothing: the venue's answer may be older than the order's end.
        """
        unknown = {o.client_id for o in standing.resting} - self.outbox.orders.keys()
        ours = frozenset(i for i in unknown if is_ours(i, self.market_number))
        for client_id in sorted(unknown - ours - self._told):
            self._told.add(client_id)
            self._say(f"order {client_id} rests at the venue and is not ours: left alone")
        for client_id in sorted(ours & self.strangers):
            if client_id not in self._told:
                self._told.add(client_id)
                self._say(f"order {client_id} rests at the venue, ours and in no book: cancelled")
            self.outbox.cancel(client_id)
            self._look_for_rival(client_id)
        self.strangers = ours

    def _look_for_rival(self, client_id: int) -> None:
        """Halt where an order has an id that is ours to give, and that we have not given yet.

        Long after the start nobody can have left it behind: another process trades this position
        as we do, from another machine or ledger, and neither may take itself for the only one.
        """
        is_late = self.clock.now_ns() - self._begun_ns >= LATE_NS
        if is_late and client_id > self.outbox.last_client_id and not self.outbox.is_halted:
            self.outbox.is_halted = True
            self._say(
                f"order {client_id} has one of our ids, not given out yet: expected to be the only"
                " one who trades this position, was beside another process of ours: halted"
            )

    def _say(self, text: str) -> None:
        now_ns = self.clock.now_ns()
        self.writer.put(Note(now_ns, self.outbox.market, text))
        self.warn(now_ns, self.outbox.market, text)


def _waits(order: Open, states: tuple[State, ...]) -> bool:
    """Tell whether an order, or an amend of it, waits for an answer."""
    return order.life.state in states or order.life.asked is not None


def is_ours(client_id: int, market_number: int) -> bool:
    """Tell whether an order's id is one that a market of this deploy gives, or gave in the past."""
    remainder = client_id // SLOTS % TOLD_APART
    return 0 < client_id < MOST_ID and remainder == market_number % TOLD_APART
