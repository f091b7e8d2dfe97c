"""Hold a ledger against its venue: before the first quote, and every few seconds after.

What the venue has traded and the ledger lacks is booked. What no trade explains becomes an
adjustment with its cause, and a warning; nothing is guessed to be flat, and no order to be gone.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from connectors.model.account import ABSENT, Fate, Standing, Trade
from connectors.model.errors import MmrunnerError
from connectors.model.events import ACCEPTED, BUY, EXPIRED, FILLED, OUTCOME_UNKNOWN, POST_ONLY
from connectors.venue import Sink, Venue
from runner.engine.clock import Clock
from runner.engine.failpoints import Point, reached
from runner.engine.ledger.entries import RECONCILE, Adjustment, Cursor, Fill, Note, Word
from runner.engine.ledger.states import State
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import Writer
from runner.engine.outbox import LedgerOutbox

EVERY_NS = 2_000_000_000
GRACE_NS = 5_000_000_000
"""A trade or an answer may be on its way for so long before it counts as missing."""


class Warn(Protocol):
    """Tell a person, in the log."""

    def __call__(self, now_ns: int, market: str, text: str) -> None: ...


@dataclass(slots=True)
class Warnings:
    """Warnings; they wait until somebody listens."""

    listener: Warn | None = None
    _waiting: list[tuple[int, str, str]] = field(default_factory=list)

    def __call__(self, now_ns: int, market: str, text: str) -> None:
        """Pass a warning on."""
        if self.listener is None:
            self._waiting.append((now_ns, market, text))
        else:
            self.listener(now_ns, market, text)

    def listen(self, listener: Warn) -> None:
        """Tell `listener` everything from now on, and what has waited."""
        self.listener = listener
        for warning in self._waiting:
            listener(*warning)
        self._waiting.clear()


async def level(market: str, venue: Venue, store: Store, now_ns: int, warn: Warn) -> Standing:
    """Bring a market's ledger level with its venue, in one transaction; return where both stand.

    Raises MmrunnerError when an order of a former session may still rest.
    """
    standing = await venue.standing(market)
    account = standing.account
    cursor = store.cursor(market, account)
    trades = await venue.trades_after(market, cursor)
    fates = [(i, await venue.order_fate(market, i)) for i in store.open_orders(market)]
    for trade in trades:
        store.apply(Fill(market, account, trade, now_ns, RECONCILE))
        cursor = trade.trade_id
    reached(Point.RECON_MID)
    for client_id, fate in fates:
        store.apply(Word(market, client_id, fate.kind, 0, now_ns))
    _require_ended(market, store)
    missing_lots = standing.position_lots - store.position_lots(market, account)
    if missing_lots:
        cause = f"at start: the venue's trades do not explain its position by {missing_lots} lots"
        store.apply(Adjustment(market, account, missing_lots, cause, now_ns))
        warn(now_ns, market, cause)
    store.apply(Cursor(market, account, cursor))
    store.commit()
    last = max(standing.last_client_id, store.last_client_id(market))
    return replace(standing, last_client_id=last)


def _require_ended(market: str, store: Store) -> None:
    left = store.open_orders(market)
    if left:
        store.rollback()
        raise MmrunnerError(
            f"{market}: expected every order of the last session to be proven ended, but"
            f" {len(left)} may still rest, the first is {left[0]}; cancel them at the venue"
        )


class Reconciled:
    """A venue whose markets are held against the ledger for as long as it runs."""

    def __init__(self, venue: Venue, writer: Writer, clock: Clock, warn: Warn) -> None:
        self._venue = venue
        self._writer = writer
        self._clock = clock
        self._warn = warn
        self._outboxes: list[LedgerOutbox] = []
        self._doubts: dict[str, int] = {}

    @property
    def cancel_all_out_of_loop(self) -> Callable[[], None] | None:
        """The venue's own."""
        return self._venue.cancel_all_out_of_loop

    def watch(self, outbox: LedgerOutbox) -> None:
        """Hold this market against the ledger too."""
        self._outboxes.append(outbox)

    async def standing(self, market: str) -> Standing:
        """Ask the venue."""
        return await self._venue.standing(market)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Ask the venue."""
        return await self._venue.trades_after(market, trade_id)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Ask the venue."""
        return await self._venue.order_fate(market, client_id)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Run the venue, and compare every few seconds."""
        tasks = [
            asyncio.create_task(self._venue.run(sinks), name="venue"),
            asyncio.create_task(self._compare(), name="reconcile"),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Hand on."""
        self._venue.place(market, client_id, side, ticks, lots, flags)

    def cancel(self, market: str, client_id: int) -> None:
        """Hand on."""
        self._venue.cancel(market, client_id)

    def close(self) -> None:
        """Let go of the venue."""
        self._venue.close()

    async def _compare(self) -> None:
        while True:
            await self._clock.sleep_until_ns(self._clock.now_ns() + EVERY_NS)
            self._writer.check()
            for outbox in self._outboxes:
                await self._compare_trades(outbox)
                self._pass_alarm(outbox)
                await self._ask_for_silent(outbox)

    def _pass_alarm(self, outbox: LedgerOutbox) -> None:
        if outbox.alarm:
            alarm, outbox.alarm = outbox.alarm, ""
            self._say(outbox.market, alarm)

    async def _compare_trades(self, outbox: LedgerOutbox) -> None:
        """Book what is missing, and compare the position."""
        market = outbox.market
        trades = await self._venue.trades_after(market, outbox.cursor)
        standing = await self._venue.standing(market)
        due_ns = self._clock.now_ns() - GRACE_NS
        young_lots = 0
        all_booked = True
        level_to = outbox.cursor
        for trade in trades:
            if not outbox.has_seen(trade) and trade.venue_ns > due_ns:
                young_lots += trade.lots if trade.side == BUY else -trade.lots
                all_booked = False
                continue
            if outbox.has_seen(trade):
                outbox.price(trade, self._clock.now_ns(), RECONCILE)
            else:
                outbox.deliver_trade(trade)
                self._say(market, f"trade {trade.trade_id} was missing and is booked")
            if all_booked and trade.venue_ns <= due_ns:
                level_to = trade.trade_id
        if level_to != outbox.cursor:
            outbox.advance_cursor(level_to)
            self._writer.put(Cursor(market, outbox.account, level_to))
        self._judge(outbox, standing.position_lots - outbox.position_lots - young_lots)

    def _judge(self, outbox: LedgerOutbox, missing_lots: int) -> None:
        """Adjust and halt the market when the same difference is found twice in a row."""
        before = self._doubts.pop(outbox.market, 0)
        if missing_lots == 0:
            return
        if missing_lots != before:
            self._doubts[outbox.market] = missing_lots
            return
        cause = f"the venue's trades do not explain its position by {missing_lots} lots: halted"
        now_ns = self._clock.now_ns()
        self._writer.put(Adjustment(outbox.market, outbox.account, missing_lots, cause, now_ns))
        outbox.position_lots += missing_lots
        outbox.is_halted = True
        self._warn(now_ns, outbox.market, cause)

    async def _ask_for_silent(self, outbox: LedgerOutbox) -> None:
        """Ask the venue about orders on which an answer is due, and tell the worker."""
        due_ns = self._clock.now_ns() - GRACE_NS
        waits = (State.SENT, State.CANCELLING, State.UNKNOWN)
        silent = [
            client_id
            for client_id, order in outbox.orders.items()
            if order.since_ns <= due_ns and order.life.state in waits
        ]
        for client_id in silent:
            fate = await self._venue.order_fate(outbox.market, client_id)
            order = outbox.orders.get(client_id)
            if order is not None and fate.filled_lots <= order.life.filled_lots:
                self._tell(outbox, client_id, fate.kind)

    def _tell(self, outbox: LedgerOutbox, client_id: int, kind: int) -> None:
        """Tell what became of an order; a fill is told by its trade alone."""
        if kind in (OUTCOME_UNKNOWN, FILLED):
            return
        if kind == ACCEPTED:
            # A cancel that has not worked by now is to be asked for again.
            outbox.deliver_word(client_id, OUTCOME_UNKNOWN, OUTCOME_UNKNOWN)
        outbox.deliver_word(client_id, EXPIRED if kind == ABSENT else kind, kind)
        self._say(outbox.market, f"order {client_id} was silent; the venue says {kind}")

    def _say(self, market: str, text: str) -> None:
        now_ns = self._clock.now_ns()
        self._writer.put(Note(now_ns, market, text))
        self._warn(now_ns, market, text)
