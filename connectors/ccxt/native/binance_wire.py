"""Name Binance's public frames and answers: `U` first and `u` last id of a change of the book, `pu`
the last id of the change before it (futures alone), `T` the engine's time, `E` the event's."""

from msgspec import Struct

from connectors.ccxt.native.decode import Level


class Depth(Struct, gc=False):
    """Levels that changed."""

    s: str
    U: int
    u: int
    b: list[Level]
    a: list[Level]
    E: int
    T: int | None = None
    pu: int | None = None


class Trade(Struct, gc=False):
    """A trade; `m`: the buyer was the maker. `X`, of futures, is its origin."""

    s: str
    t: int
    p: float
    q: float
    T: int
    m: bool
    X: str = "MARKET"


class Mark(Struct, gc=False):
    """Mark, index and funding: `T` is when it is next paid."""

    s: str
    p: str
    i: str
    r: str
    T: int


class Error(Struct, gc=False):
    """Why a request was refused."""

    code: int = 0
    msg: str = ""


class Head(Struct, gc=False):
    """What tells frames apart that do not begin with their kind: answers have an id."""

    e: str = ""
    id: int | None = None
    error: Error | None = None
    code: int = 0
    msg: str = ""


class Snapshot(Struct):
    """The whole book; spot gives no time."""

    lastUpdateId: int
    bids: list[Level]
    asks: list[Level]
    T: int | None = None


class Filter(Struct):
    """A rule of a market."""

    filterType: str
    tickSize: str = ""
    stepSize: str = ""
    minQty: str = ""
    notional: str | None = None
    minNotional: str | None = None


class Symbol(Struct):
    """A market's description."""

    symbol: str
    status: str
    baseAsset: str
    quoteAsset: str
    filters: list[Filter]
    contractType: str = ""
    marginAsset: str = ""


class Symbols(Struct):
    """Every market."""

    symbols: list[Symbol]


class Touch(Struct):
    """A market's touch."""

    bidPrice: str
    askPrice: str


class Interval(Struct):
    """A perpetual that pays at other hours than most."""

    symbol: str
    fundingIntervalHours: int


class Premium(Struct):
    """A perpetual's marks and funding."""

    markPrice: str
    indexPrice: str
    lastFundingRate: str
    nextFundingTime: int
