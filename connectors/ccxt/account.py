"""Answer for the account: where it stands, what it has traded, what became of its orders."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, runtime_checkable

from connectors.ccxt.ids import SALT_BITS, stamp_ms
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.own import (
    AccountState,
    Heard,
    TradeIds,
    following,
    heard_of,
    resting_of,
    trade_of,
)
from connectors.ccxt.wallet import Balance, Wallets, cash_tick_lots, held_lots
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, OwnWallet
from connectors.model.account import ABSENT, Fate, Payment, Standing, Trade
from connectors.model.errors import Plan, VenueError
from connectors.model.events import ACCEPTED, BUY, OUTCOME_UNKNOWN
from connectors.socket import Malformed

LAG_NS = 10_000_000_000
"""What has just been carried out may not be found for so long."""
YOUNG_MS = 60_000
"""Trades so young are read again: the books may show one later than one that followed it."""
WEEK_MS = 7 * 86_400_000

MOST_WEEKS = 104
"""Further back no venue keeps what was traded."""

DeadSince = Callable[[int, int], int | None]
"""Since when nothing sent for an order can be carried out: of its client id and now."""


class Reads(Protocol):
    """What a venue's books are asked."""

    async def account(self) -> str: ...
    async def position(self, symbol: str) -> OwnPosition: ...
    async def open_orders(self, symbol: str) -> list[OwnOrder]: ...
    async def last_orders(self, symbol: str) -> list[OwnOrder]: ...
    async def order(self, symbol: str, client_text: str) -> OwnOrder | None: ...
    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]: ...
    async def last_fills(self, symbol: str) -> list[OwnFill]: ...
    async def payments(self, symbol: str, since_ms: int) -> list[Payment]: ...


@runtime_checkable
class TellsMoney(Protocol):
    """The reads of an account whose stream does not tell what it is worth."""

    async def money(self) -> OwnWallet: ...


class Account:
    """One account's books. `dead_since_ns` is what the sender of orders can prove, and `is_amended`
    tells whether an amend of an order may still be on its way."""

    def __init__(
        self,
        state: AccountState,
        reads: Reads,
        network: Network,
        dead_since_ns: DeadSince,
        is_amended: Callable[[int, int], bool],
        name: str | None,
    ) -> None:
        """`name` is the account's where the venue does not tell it."""
        self._state = state
        self._reads = reads
        self._network = network
        self._dead_since_ns = dead_since_ns
        self._is_amended = is_amended
        self._name = name
        self._trades = OwnTrades(reads, network, state.ids)
        self._is_known: set[str] = set()

    async def standing(self, market: Listed) -> Standing:
        """Read position and open orders; of a spot market, what is held of base and quote.

        Raises VenueError.
        """
        if self._name is None:
            self._name = await self._reads.account()
        last_id = await self._trades.last_id(market)
        try:
            position, balances = await self._held(market)
            orders = await self._reads.open_orders(market.symbol)
            resting = tuple(resting_of(order, market) for order in orders)
            lots, cash = (
                _position(position, market)
                if position is not None
                else (held_lots(market, balances), cash_tick_lots(market, balances, resting))
            )
            await self._know(market)
            if position is not None and isinstance(self._reads, TellsMoney):
                self._state.wallet = await self._reads.money()
        except Malformed as error:
            raise self._error(market, error) from None
        highest = self._state.orders.highest
        for order in resting:
            self._state.orders.note(market.name, order.client_id)
        if position is not None:
            self._state.positions[market.name] = position
            self._state.brinks.hear(market.name, position, self._network.clock.now_ns())
            self._compare_position(market.name, position)
        return Standing(lots, cash, highest.get(market.name, 0), last_id, resting, self._name)

    async def trades_after(self, market: Listed, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id. Raises VenueError.

        Of all there are, those since a moment at which nothing was held.
        """
        try:
            if trade_id > 0:
                return await self._trades.after(market, trade_id)
            if market.instrument.is_spot:
                return await self._trades.last_week(market)
            position = await self._reads.position(market.symbol)
            return await self._trades.first(market, market.units.signed_lots(position.size))
        except Malformed as error:
            raise self._error(market, error) from None

    async def payments_after(self, market: Listed, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding of our position paid after a moment. Raises VenueError."""
        found = await self._reads.payments(market.symbol, max(0, after_ns // 1_000_000))
        return tuple(payment for payment in found if payment.paid_ns > after_ns)

    async def order_fate(self, market: Listed, client_id: int) -> Fate:
        """Read what became of an order. Raises VenueError.

        ABSENT is told only where nothing that was sent for it could be carried out for a while
        before the venue was asked, and neither books nor stream know the order. An end that the
        stream has told stays.
        """
        now_ns = self._network.clock.now_ns()
        dead_ns = self._dead_since_ns(client_id, now_ns)
        found = await self._reads.order(market.symbol, market.codec.text(client_id))
        heard = self._state.orders.last(market.name, client_id)
        try:
            read = None if found is None else following(heard, heard_of(found, market))
            self._compare_order(found, heard, read)
            word = heard if heard is not None and heard.is_final else read
            if word is not None:
                filled = max(word.filled_lots, _filled(heard), _filled(read))
                return Fate(word.kind, filled, *self._terms(client_id, found, word, market, now_ns))
        except Malformed as error:
            raise self._error(market, error) from None
        if heard is None and dead_ns is not None and now_ns - dead_ns >= LAG_NS:
            return Fate(ABSENT, 0)
        return Fate(OUTCOME_UNKNOWN, _filled(heard))

    async def _held(self, market: Listed) -> tuple[OwnPosition | None, Mapping[str, Balance]]:
        """Return a position, or for a spot market what is held by currency."""
        if not market.instrument.is_spot:
            return await self._reads.position(market.symbol), {}
        if not isinstance(self._reads, Wallets):
            raise VenueError(
                f"markets.{market.name}: {self._network.venue} is read without a wallet", Plan.HALT
            )
        return None, await self._reads.balances()

    def _terms(
        self, client_id: int, order: OwnOrder | None, word: Heard, market: Listed, now_ns: int
    ) -> tuple[int, int]:
        """Return price and size of an order that rests, unless an amend may still change them."""
        if order is None or word.kind != ACCEPTED or self._is_amended(client_id, now_ns):
            return 0, 0
        return market.units.ticks(order.price), market.units.lots(order.size)

    def _compare_position(self, market: str, read: OwnPosition) -> None:
        """Hold what was read of a position against what the stream has told of it."""
        heard = self._state.heard.get(market)
        is_known = heard is not None and (
            heard.size == read.size or heard.changed_ms >= read.changed_ms
        )
        now_ms = self._network.now_ms()
        self._state.hearing.compare(read.changed_ms, is_known, now_ms)

    def _compare_order(
        self, found: OwnOrder | None, heard: Heard | None, read: Heard | None
    ) -> None:
        """Hold what was read of an order against what the stream has told of it."""
        if found is None or read is None:
            return
        is_known = heard is not None and (heard.is_final or not read.is_final)
        changed_ms, now_ms = found.venue_ns // 1_000_000, self._network.now_ms()
        self._state.hearing.compare(changed_ms, is_known, now_ms)

    async def _know(self, market: Listed) -> None:
        """Read, once, which ids the venue has seen, so that none repeats."""
        if market.name in self._is_known:
            return
        for order in await self._reads.last_orders(market.symbol):
            number = market.codec.number(order.client_text)
            self._state.orders.note(market.name, number or 0)
        self._is_known.add(market.name)

    def _error(self, market: Listed, error: Malformed) -> VenueError:
        return VenueError(f"{self._network.venue} {market.symbol}: {error}")


class OwnTrades:
    """Our trades of each market that have been read, above the id asked for last."""

    def __init__(self, reads: Reads, network: Network, ids: TradeIds) -> None:
        self._reads = reads
        self._network = network
        self._ids = ids
        self._from_ms: dict[str, int] = {}
        self._read_to_ms: dict[str, int] = {}
        self._known: dict[str, dict[int, Trade]] = {}

    async def after(self, market: Listed, after_id: int) -> tuple[Trade, ...]:
        """Return a market's trades with a higher id, by rising ids. Raises VenueError."""
        name, since_ms = market.name, stamp_ms(after_id)
        start_ms = since_ms
        if since_ms >= self._from_ms.get(name, since_ms + 1):
            start_ms = max(since_ms, self._read_to_ms[name] - YOUNG_MS)
        now_ms = self._network.now_ms()
        fills = await self._reads.fills(market.symbol, start_ms)
        known = self._known.setdefault(name, {})
        known.update({trade.trade_id: trade for trade in self._trades(market, fills)})
        self._from_ms[name], self._read_to_ms[name] = since_ms, now_ms
        for trade_id in [trade_id for trade_id in known if trade_id <= after_id]:
            del known[trade_id]
        return tuple(known[trade_id] for trade_id in sorted(known))

    async def first(self, market: Listed, held_lots: int) -> tuple[Trade, ...]:
        """Return the trades of the last week, or of as many as it takes to explain what is held.

        Where nothing was held at the begin, what came before is a closed chapter. Raises
        VenueError.
        """
        weeks = 1
        while True:
            since_ms = max(0, self._network.now_ms() - weeks * WEEK_MS)
            trades = self._trades(market, await self._reads.fills(market.symbol, since_ms))
            lots = sum(trade.lots if trade.side == BUY else -trade.lots for trade in trades)
            if lots == held_lots or weeks > MOST_WEEKS:
                return tuple(sorted(trades, key=lambda trade: trade.trade_id))
            weeks *= 2

    async def last_week(self, market: Listed) -> tuple[Trade, ...]:
        """Return the week's trades: what a wallet held before them need not have been traded.

        Raises VenueError.
        """
        since_ms = max(0, self._network.now_ms() - WEEK_MS)
        trades = self._trades(market, await self._reads.fills(market.symbol, since_ms))
        return tuple(sorted(trades, key=lambda trade: trade.trade_id))

    async def last_id(self, market: Listed) -> int:
        """Return an id that no trade of before is above, and none of later is below.

        Of the trades of one moment a page may hold some: all of the latest moment are read.
        """
        since_ms = self._network.now_ms() - WEEK_MS
        fills = await self._reads.last_fills(market.symbol)
        if fills:
            newest_ms = max(fill.venue_ms for fill in fills)
            fills = await self._reads.fills(market.symbol, newest_ms)
        ids = [trade.trade_id for trade in self._trades(market, fills)]
        return max([(since_ms << SALT_BITS) - 1, *ids])

    def _trades(self, market: Listed, fills: Sequence[OwnFill]) -> list[Trade]:
        """Return what one read tells."""
        self._ids.take_all(market.name, fills)
        return [trade_of(fill, market, self._ids) for fill in fills]


def _position(position: OwnPosition, market: Listed) -> tuple[int, int]:
    """Return lots, and what they have cost in ticks times lots."""
    lots = market.units.signed_lots(position.size)
    try:
        entry = Decimal(position.entry_price or "0") / market.instrument.tick_size
    except ArithmeticError:
        raise Malformed(f"no price: {position.entry_price!r}") from None
    return lots, round(-lots * entry)


def _filled(heard: Heard | None) -> int:
    return 0 if heard is None else heard.filled_lots
