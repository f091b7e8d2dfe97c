"""Name the rows of KuCoin's futures account as they are on the wire: sizes are whole contracts, and
numbers of reads are JSON's own where those of the stream are texts."""

from typing import Any

from msgspec import Struct


class Frame(Struct, gc=False):
    """What every message of a stream has: `topic` and `subject` where it has data."""

    type: str = ""
    topic: str = ""
    subject: str = ""
    id: str = ""
    data: Any = None


class OrderEvent(Struct, gc=False):
    """What has happened to an order: `type` says what, and a match carries its trade, without a
    fee. `ts` is in nanoseconds."""

    symbol: str
    orderId: str
    side: str
    size: int
    filledSize: int
    type: str
    ts: int
    clientOid: str = ""
    price: str = ""
    matchPrice: str = ""
    matchSize: int = 0
    tradeId: str = ""
    liquidity: str = ""
    tradeType: str = "trade"


class PositionEvent(Struct, gc=False):
    """A position. What the mark alone has changed is told without a size."""

    currentQty: int | None = None
    symbol: str = ""
    avgEntryPrice: float | None = None
    liquidationPrice: float | None = None
    leverage: float | None = None
    realLeverage: float | None = None
    delevPercentage: float = 0.0
    positionSide: str = "BOTH"
    marginMode: str = ""
    crossMode: bool | None = None

    @property
    def mode(self) -> str:
        """Return the margin mode that it is in."""
        return self.marginMode or ("CROSS" if self.crossMode else "ISOLATED")


class WalletEvent(Struct, gc=False):
    """What the account has of a currency. Older subjects of the topic leave the equity out."""

    currency: str = ""
    equity: str | None = None
    walletBalance: str = "0"
    availableBalance: str = "0"


class Overview(Struct, gc=False):
    """The same of a read, with what positions have gained or lost by now."""

    currency: str
    accountEquity: float
    marginBalance: float
    availableBalance: float


class Order(Struct, gc=False):
    """An order of a read."""

    id: str
    symbol: str
    side: str
    size: int
    status: str
    filledSize: int = 0
    dealSize: int = 0
    price: str = "0"
    clientOid: str | None = None
    cancelExist: bool = False
    updatedAt: int = 0

    @property
    def filled(self) -> int:
        """Return the contracts that have traded."""
        return max(self.filledSize, self.dealSize)


class Orders(Struct, gc=False):
    """A page of orders; the first is 1."""

    items: list[Order]
    totalPage: int


class Trade(Struct, gc=False):
    """A trade of a read: it does not say whose id its order has. `tradeTime` is in nanoseconds."""

    symbol: str
    tradeId: str
    orderId: str
    side: str
    liquidity: str
    price: str
    size: int
    tradeTime: int
    fee: str = ""
    feeCurrency: str = ""
    tradeType: str = "trade"


class Trades(Struct, gc=False):
    """A page of trades, the newest first."""

    items: list[Trade]
    totalPage: int


class Paid(Struct, gc=False):
    """A payment of funding, below zero where it was paid."""

    id: int | str
    symbol: str
    timePoint: int
    funding: float
    settleCurrency: str


class Payments(Struct, gc=False):
    """Payments of a span."""

    dataList: list[Paid]
    hasMore: bool = False


class Fees(Struct, gc=False):
    """What the account pays on a market, as shares."""

    makerFeeRate: str
    takerFeeRate: str


class Key(Struct, gc=False):
    """An API key: whose it is, and what it may."""

    uid: int
    permission: str


class MarginMode(Struct, gc=False):
    """The margin mode of a market."""

    marginMode: str


class PositionMode(Struct, gc=False):
    """Whether both sides of a market net (0)."""

    positionMode: int


class Leverage(Struct, gc=False):
    """The leverage of a market in cross margin."""

    leverage: str
