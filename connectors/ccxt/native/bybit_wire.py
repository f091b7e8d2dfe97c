"""Name the frames of Bybit's public v5 streams, prices and sizes read as floats."""

from msgspec import Struct

from connectors.ccxt.native.decode import Level


class BookData(Struct, gc=False):
    """Levels, and where they stand in the book's sequence: `u` counts by one."""

    s: str
    b: list[Level]
    a: list[Level]
    u: int


class BookFrame(Struct, gc=False):
    """A topic `orderbook.DEPTH.SYMBOL`. `cts` is the matching engine's stamp."""

    type: str
    ts: int
    data: BookData
    cts: int = 0


class Trade(Struct, gc=False):
    """A trade; `S` is the side that took, `BT` a block trade, which took nothing from the book."""

    T: int
    S: str
    v: float
    p: float
    i: str
    BT: bool = False


class TradesFrame(Struct, gc=False):
    """A topic `publicTrade.SYMBOL`."""

    topic: str
    data: list[Trade]


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

    data: TickerData


class Head(Struct, gc=False):
    """What tells frames apart that do not begin with their topic: answers have none."""

    topic: str = ""
    op: str = ""
    success: bool = False
    req_id: str = ""
    ret_msg: str = ""
