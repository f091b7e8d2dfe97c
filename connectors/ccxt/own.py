"""Remember what a venue has said of our orders and trades: each word is news once, an end stays."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.ccxt.brinks import Brinks
from connectors.ccxt.hearing import Hearing
from connectors.ccxt.ids import FOREIGN, next_id, stamped_id
from connectors.ccxt.listing import Listed
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition, OwnWallet
from connectors.model.account import RestingOrder, Trade
from connectors.model.events import ACCEPTED, CANCELLED, LIQUIDATION, OUTCOME_UNKNOWN, REJECTED
from connectors.socket import Malformed

MOST_ORDERS = 8192
MOST_FILLS = 65_536
"""What is remembered. What is older is told by reads alone."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The last word on an order."""

    kind: int
    code: int
    filled_lots: int

    @property
    def is_final(self) -> bool:
        """Tell whether the order has ended."""
        return self.kind not in (ACCEPTED, OUTCOME_UNKNOWN)


def heard_of(order: OwnOrder, market: Listed) -> Heard:
    """Return what is said of an order; raise Malformed for a size off the grid."""
    return Heard(order.kind, order.code, market.units.lots(order.filled))


def following(before: Heard | None, now: Heard) -> Heard:
    """Return a word as it is after the one before it: what has rested is never refused any more."""
    has_rested = before is not None and before.kind in (ACCEPTED, CANCELLED)
    return Heard(CANCELLED, 0, now.filled_lots) if has_rested and now.kind == REJECTED else now


def trade_of(fill: OwnFill, market: Listed, ids: "TradeIds") -> Trade:
    """Return a trade; raise Malformed for one off the grid or of nothing.

    Of what the venue has closed by itself the price may be off it: it is the nearest tick then.
    """
    lots = market.units.lots(fill.size)
    if not lots:
        raise Malformed(f"trade {fill.trade_id} of nothing")
    return Trade(
        ids.of(market.name, fill),
        market.codec.number(fill.client_text) or 0,
        fill.side,
        _ticks(fill, market),
        lots,
        fill.role,
        fill.venue_ms * 1_000_000,
        fill.fee,
    )


def _ticks(fill: OwnFill, market: Listed) -> int:
    if fill.role != LIQUIDATION:
        return market.units.ticks(fill.price)
    try:
        return max(1, round(Decimal(fill.price) / market.instrument.tick_size))
    except ArithmeticError:
        raise Malformed(f"no price: {fill.price!r}") from None


def resting_of(order: OwnOrder, market: Listed) -> RestingOrder:
    """Return an order that rests; raise Malformed for one of ours off the grid.

    One of somebody else may wait for a trigger, without a price: it is told with none.
    """
    units = market.units
    open_lots = units.lots(order.size) - units.lots(order.filled)
    client_id = market.codec.known(order.client_text, order.order_id)
    has_price = client_id < FOREIGN or order.price not in ("", "0")
    ticks = units.ticks(order.price) if has_price else 0
    return RestingOrder(client_id, order.side, ticks, max(0, open_lots))


class OwnOrders:
    """The last word on each order, by market and client id."""

    def __init__(self) -> None:
        self.highest: dict[str, int] = {}
        """The highest id of ours that each market's venue has seen."""
        self._last: OrderedDict[tuple[str, int], Heard] = OrderedDict()

    def last(self, market: str, client_id: int) -> Heard | None:
        """Return the last word on an order, or None."""
        return self._last.get((market, client_id))

    def hear(self, market: str, client_id: int, heard: Heard) -> bool:
        """Remember a word; tell whether it is news. Nothing follows an end, and an order that has
        been shown is not shown again."""
        key = market, client_id
        before = self._last.get(key)
        if before is not None and (before.is_final or before == heard):
            return False
        self._last[key] = heard
        self._last.move_to_end(key)
        if len(self._last) > MOST_ORDERS:
            self._last.popitem(last=False)
        self.note(market, client_id)
        return before is None or before.kind != heard.kind

    def note(self, market: str, client_id: int) -> None:
        """Take an id for used."""
        if client_id < FOREIGN:
            self.highest[market] = max(self.highest.get(market, 0), client_id)


class TradeIds:
    """The id of each of our trades, whoever tells it: no two of a market share one.

    Of two whose own ids would be the same, the second has the next. Which is second is the order of
    their texts, within what one message or one read tells; across messages it is what came first,
    until the process ends. So only a process that dies with one of them booked and the other not,
    told apart and in the contrary order, can take one for the other: once in four million pairs of
    a millisecond, and then the position no longer agrees with the venue's.
    """

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._taken: set[tuple[str, int]] = set()

    def take_all(self, market: str, fills: Iterable[OwnFill]) -> None:
        """Give ids to what is told together."""
        for fill in sorted(fills, key=lambda fill: (fill.venue_ms, fill.trade_id)):
            self.of(market, fill)

    def of(self, market: str, fill: OwnFill) -> int:
        """Return a trade's id."""
        key = market, fill.trade_id
        known = self._ids.get(key)
        if known is not None:
            return known
        trade_id = stamped_id(fill.venue_ms, fill.trade_id)
        while (market, trade_id) in self._taken:
            trade_id = next_id(trade_id)
        self._ids[key] = trade_id
        self._taken.add((market, trade_id))
        if len(self._ids) > MOST_FILLS:
            (oldest, _), gone_id = self._ids.popitem(last=False)
            self._taken.discard((oldest, gone_id))
        return trade_id


class OwnFills:
    """Trades that have been told."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, int], None] = OrderedDict()

    def is_news(self, market: str, trade_id: int) -> bool:
        """Tell whether a trade has not been told, and remember it."""
        key = market, trade_id
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > MOST_FILLS:
            self._seen.popitem(last=False)
        return True


@dataclass(slots=True)
class Amending:
    """New terms of an order that have left; a venue's answer to them proves only that they came.

    `settled` is set once the stream has shown the order with them, or over.
    """

    ticks: int
    lots: int
    sent_ns: int
    settled: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class AccountState:
    """What an account's stream has last said. It outlives connections."""

    amends: dict[tuple[str, int], Amending] = field(default_factory=dict)
    """The latest of each order, by market and client id, until it is settled or refused."""

    orders: OwnOrders = field(default_factory=OwnOrders)
    ids: TradeIds = field(default_factory=TradeIds)
    fills: OwnFills = field(default_factory=OwnFills)
    positions: dict[str, OwnPosition] = field(default_factory=dict)
    """By market, of those that have been told."""
    heard: dict[str, OwnPosition] = field(default_factory=dict)
    """Those that the stream has told."""
    wallet: OwnWallet | None = None
    brinks: Brinks = field(default_factory=Brinks)
    hearing: Hearing = field(default_factory=Hearing)
