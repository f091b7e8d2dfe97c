"""Answer for the account: where it stands, what it has traded, what became of its orders."""

import asyncio
from decimal import Decimal

from connectors.lighter.account_reads import MOST_IDS, AccountReads, Funding
from connectors.lighter.account_state import AccountState
from connectors.lighter.account_wire import Order, Position
from connectors.lighter.listing import Listed
from connectors.lighter.own import Word, after, own_trades, position_lots, side_of, word_of
from connectors.lighter.own_trades import OwnTrades
from connectors.lighter.proofs import Proofs
from connectors.lighter.spot import cash_tick_lots, held_lots
from connectors.lighter.wire import as_ns
from connectors.model.account import ABSENT, Fate, Payment, RestingOrder, Standing, Trade
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED, OUTCOME_UNKNOWN
from connectors.pacing import Clock
from connectors.shared import Shared
from connectors.socket import Malformed

SECOND_NS = 1_000_000_000
LAG_NS = 10_000_000_000
"""What has just been carried out may not be found for so long."""
ABSENT_LOOKS = 3
"""Reads in a row that do not know an order of a former process: of its transaction nothing but its
end is known, and one read may leave an order out."""


class Account:
    """One account's books, and what whoever sends its orders can prove."""

    def __init__(
        self, state: AccountState, reads: AccountReads, clock: Clock, proofs: Proofs
    ) -> None:
        self._state = state
        self._reads = reads
        self._clock = clock
        self._proofs = proofs
        self._holdings = Shared(reads.holdings)
        self._active = Shared(reads.active_orders)
        self._fates = _Fates(reads)
        self._trades = OwnTrades(reads)
        self._is_known: set[str] = set()
        self._unseen: dict[int, int] = {}

    async def standing(self, market: Listed) -> Standing:
        """Read position and open orders; of a spot market, what is held of base and quote.

        Raises VenueError.
        """
        holdings = await self._holdings.ask()
        if holdings.available_balance is not None:
            self._state.hear_free(holdings.available_balance, self._clock.now_ns())
        active = await self._active.ask()
        await self._know(market)
        try:
            own = [order for order in active if order.market_index == market.market_id]
            resting = tuple(_resting(order, market) for order in own)
            if market.is_spot:
                lots = held_lots(market, holdings.assets, self._state.assets)
                cash = cash_tick_lots(market, holdings.assets, self._state.assets, resting)
            else:
                lots, cash = self._position(market, holdings.position(market.market_id))
        except Malformed as error:
            raise VenueError(f"lighter {market.instrument.symbol}: {error}") from None
        for order in resting:
            self._state.orders.note(market.name, order.client_id)
        return Standing(
            lots,
            cash,
            self._state.orders.highest_client_id.get(market.name, 0),
            self._state.fills.highest.get(market.name, 0),
            resting,
            str(self._state.account),
        )

    async def trades_after(self, market: Listed, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id. Raises VenueError."""
        told = await self._trades.after(market.market_id, trade_id)
        try:
            found = tuple(
                own for trade in told for own in own_trades(trade, self._state.account, market)
            )
        except Malformed as error:
            raise VenueError(f"lighter trades: {error}") from None
        self._state.heed_trades(market.name, found, self._clock.now_ns())
        return found

    async def payments_after(self, market: Listed, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding of our position paid after a moment; spot has none.

        Raises VenueError.
        """
        if market.is_spot:
            return ()
        told = await self._reads.fundings(market.market_id, after_ns // SECOND_NS)
        payments = (_payment(row, market.instrument.quote) for row in told)
        return tuple(payment for payment in payments if payment.paid_ns > after_ns)

    async def order_fate(self, market: Listed, client_id: int) -> Fate:
        """Read what became of an order. Raises VenueError.

        ABSENT is told only where its transaction had been dead for a while before the venue was
        asked, and neither books nor stream know the order: one of a former process not in several
        reads. An end that the stream has told stays.
        Terms are told where no change of them was on its way any more, for as long.
        """
        await self._proofs.seek(client_id)
        now_ns = self._clock.now_ns()
        dead_ns = self._proofs.dead_since_ns(client_id, now_ns)
        settled_ns = self._proofs.settled_since_ns(client_id, now_ns)
        found = await self._fates.ask(client_id)
        heard = self._state.orders.last(market.name, client_id)
        try:
            read = None if found is None else after(heard, word_of(found, market))
        except Malformed as error:
            raise VenueError(f"lighter order {client_id}: {error}") from None
        if found is not None and read is not None:
            self._state.compare(as_ns(found.stamp()), heard, read, now_ns)
        word = heard if heard is not None and heard.is_final else read
        if word is not None:
            self._unseen.pop(client_id, None)
            filled_lots = max(word.filled_lots, _filled(heard), _filled(read))
            is_settled = settled_ns is not None and (
                settled_ns == 0 or now_ns - settled_ns >= LAG_NS
            )
            if word.kind == ACCEPTED and is_settled and _agree(heard, word):
                return Fate(word.kind, filled_lots, word.ticks, word.lots)
            return Fate(word.kind, filled_lots)
        is_dead = dead_ns is not None and now_ns - dead_ns >= LAG_NS
        if heard is None and is_dead and self._is_absent(client_id):
            return Fate(ABSENT, 0)
        return Fate(OUTCOME_UNKNOWN, _filled(heard))

    def _is_absent(self, client_id: int) -> bool:
        """Tell whether enough reads have not found an order that can no longer arrive."""
        if self._proofs.has_asked(client_id):
            return True
        self._unseen[client_id] = self._unseen.get(client_id, 0) + 1
        return self._unseen[client_id] >= ABSENT_LOOKS

    async def _know(self, market: Listed) -> None:
        """Read, once, which ids the venue has seen, so that none repeats."""
        if market.name in self._is_known:
            return
        # What all markets share comes first, while those that ask at one moment are in step.
        last_id = await self._trades.highest_id(market.market_id)
        highest = self._state.fills.highest
        highest[market.name] = max(highest.get(market.name, 0), last_id)
        for order in await self._reads.last_orders(market.market_id):
            self._state.orders.note(market.name, order.client_order_index)
        self._is_known.add(market.name)

    def _position(self, market: Listed, position: Position | None) -> tuple[int, int]:
        """Return lots, and what they have cost in ticks times lots.

        A market that is not told is flat, unless the stream's last word was another.
        """
        if position is None:
            streamed = self._state.positions.get(market.name, 0)
            if streamed:
                raise VenueError(
                    f"lighter account: no position in {market.instrument.symbol}, where the stream"
                    f" has told one of {streamed} lots"
                )
            self._state.hear_brink(market.name, 0, None, self._clock.now_ns())
            return 0, 0
        lots = position_lots(position, market)
        self._state.hear_brink(market.name, lots, position, self._clock.now_ns())
        entry = Decimal(position.avg_entry_price) / market.instrument.tick_size
        return lots, round(-lots * entry)


def _payment(row: Funding, currency: str) -> Payment:
    try:
        amount = Decimal(row.change)
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise VenueError(f"lighter positionFunding: expected an amount, was {row.change[:40]}")
    return Payment(str(row.funding_id), row.timestamp * SECOND_NS, amount, currency)


class _Fates:
    """Reads of orders by their client ids, those that wait together in one."""

    def __init__(self, reads: AccountReads) -> None:
        self._reads = reads
        self._lock = asyncio.Lock()
        self._begun = 0
        self._waiting: dict[int, int] = {}
        self._answers: dict[int, tuple[int, Order | None]] = {}

    async def ask(self, client_id: int) -> Order | None:
        """Return what a read said of an order that began after this question; None: unknown."""
        asked_after = self._begun
        self._waiting[client_id] = self._waiting.get(client_id, 0) + 1
        try:
            async with self._lock:
                number, order = self._answers.get(client_id, (0, None))
                if number > asked_after:
                    return order
                return await self._read(client_id)
        finally:
            self._waiting[client_id] -= 1
            if not self._waiting[client_id]:
                del self._waiting[client_id]

    async def _read(self, client_id: int) -> Order | None:
        # Whoever asks at the same moment shares it.
        await asyncio.sleep(0)
        others = [each for each in self._waiting if each != client_id]
        asked = [client_id, *others[: MOST_IDS - 1]]
        self._begun += 1
        number = self._begun
        found = await self._reads.orders_by_client_id(asked)
        by_id = {order.client_order_index: order for order in found}
        self._answers = {each: (number, by_id.get(each)) for each in asked}
        return by_id.get(client_id)


def _resting(order: Order, market: Listed) -> RestingOrder:
    return RestingOrder(
        order.client_order_index or order.order_index,
        side_of(order),
        market.grid.ticks(order.price),
        market.grid.lots(order.remaining_base_amount),
    )


def _agree(heard: Word | None, read: Word) -> bool:
    """Tell whether a stream and a read name the same terms, where the stream has named any."""
    return heard is None or (heard.ticks, heard.lots) == (read.ticks, read.lots)


def _filled(word: Word | None) -> int:
    return 0 if word is None else word.filled_lots
