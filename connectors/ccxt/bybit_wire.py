"""Name the frames of Bybit v5 as they are on the wire: numbers are decimal texts."""

from msgspec import Struct


class BookData(Struct, gc=False):
    """Levels, and where they stand in the book's sequence: `u` counts by one."""

    s: str
    b: list[list[str]]
    a: list[list[str]]
    u: int


class BookFrame(Struct, gc=False):
    """A topic `orderbook.DEPTH.SYMBOL`. `cts` is the matching engine's stamp."""

    topic: str
    type: str
    ts: int
    data: BookData
    cts: int = 0


class PublicTrade(Struct, gc=False):
    """A trade; `S` is the side that took, `BT` a block trade, which took nothing from the book."""

    T: int
    s: str
    S: str
    v: str
    p: str
    i: str
    BT: bool = False


class TradesFrame(Struct, gc=False):
    """A topic `publicTrade.SYMBOL`."""

    topic: str
    data: list[PublicTrade]


class TickerData(Struct, gc=False):
    """What has changed of a ticker."""

    symbol: str
    markPrice: str | None = None
    indexPrice: str | None = None
    fundingRate: str | None = None
    nextFundingTime: str | None = None
    fundingIntervalHour: str | None = None


class TickerFrame(Struct, gc=False):
    """A topic `tickers.SYMBOL`."""

    topic: str
    data: TickerData


class Order(Struct, gc=False):
    """An order, of a stream or of a read."""

    symbol: str
    orderId: str
    orderLinkId: str
    side: str
    price: str
    qty: str
    cumExecQty: str
    orderStatus: str
    rejectReason: str = ""
    cancelType: str = ""
    updatedTime: str = "0"
    category: str = "linear"


class OrdersFrame(Struct, gc=False):
    """The topic `order`."""

    data: list[Order]


class Execution(Struct, gc=False):
    """A trade, a payment of funding, or another end of a position."""

    symbol: str
    execId: str
    execTime: str
    execPrice: str
    execQty: str
    side: str
    orderId: str = ""
    orderLinkId: str = ""
    execType: str = "Trade"
    execFee: str = ""
    feeCurrency: str = ""
    feeCoin: str = ""
    feeRate: str = ""
    isMaker: bool = False
    category: str = "linear"


class ExecutionsFrame(Struct, gc=False):
    """The topic `execution`."""

    data: list[Execution]


class Position(Struct, gc=False):
    """A position; `positionIdx` is 0 where both sides net, `side` empty where it is flat."""

    symbol: str
    side: str
    size: str
    positionIdx: int
    avgPrice: str = "0"
    entryPrice: str = "0"
    leverage: str = ""
    liqPrice: str = ""
    adlRankIndicator: int = 0
    updatedTime: str = "0"
    category: str = "linear"


class PositionsFrame(Struct, gc=False):
    """The topic `position`."""

    data: list[Position]


class Coin(Struct, gc=False):
    """What an account has of one currency."""

    coin: str
    walletBalance: str = ""


class Wallet(Struct, gc=False):
    """An account's money, in dollars; totals are empty in isolated margin."""

    totalEquity: str = ""
    totalAvailableBalance: str = ""
    totalMaintenanceMargin: str = ""
    coin: list[Coin] = []


class WalletsFrame(Struct, gc=False):
    """The topic `wallet`."""

    data: list[Wallet]
