"""Name KuCoin futures' public frames and answers: sizes are in contracts."""

from msgspec import Struct

from connectors.ccxt.native.decode import Level


class Head(Struct, gc=False):
    """What tells frames apart."""

    type: str = ""
    topic: str = ""
    subject: str = ""
    id: str = ""
    data: object = None


class Change(Struct, gc=False):
    """One level that changed: price, side and size in one text."""

    sequence: int
    change: str
    timestamp: int


class ChangeFrame(Struct, gc=False):
    """A change of a book; its market is in the topic."""

    topic: str
    data: Change


class Match(Struct, gc=False):
    """A trade: `side` took. `ts` is in nanoseconds."""

    symbol: str
    side: str
    size: int
    price: float
    tradeId: str
    ts: int


class MatchFrame(Struct, gc=False):
    """A trade of a market."""

    data: Match


class Flow(Struct, gc=False):
    """Mark and index, or the funding rate: `period` is 1 where it is the next one to be paid, and 0
    for the one after that."""

    markPrice: float | None = None
    indexPrice: float | None = None
    fundingRate: float | None = None
    period: int | None = None


class FlowFrame(Struct, gc=False):
    """What is told of a market besides its book."""

    topic: str
    data: Flow


class Snapshot(Struct):
    """A whole book. `ts` is in nanoseconds."""

    sequence: int
    bids: list[Level]
    asks: list[Level]
    ts: int


class Contract(Struct):
    """A market's description. `multiplier` is the base of a contract, below 0 where it is inverse;
    the granularity is the interval of funding [ms]."""

    symbol: str
    type: str
    baseCurrency: str
    quoteCurrency: str
    settleCurrency: str
    tickSize: float
    lotSize: int
    multiplier: float
    isInverse: bool
    status: str
    markPrice: float | None = None
    indexPrice: float | None = None
    fundingFeeRate: float | None = None
    fundingRateGranularity: int | None = None
    nextFundingRateDateTime: int | None = None


class Ticker(Struct):
    """A market's touch."""

    bestBidPrice: str | float | None = None
    bestAskPrice: str | float | None = None


class Server(Struct):
    """Where a stream may be opened, and how often it wants a ping [ms]."""

    endpoint: str
    pingInterval: int


class Bullet(Struct):
    """What lets one connection in."""

    token: str
    instanceServers: list[Server]


class Let(Struct):
    """The answer that brings it."""

    data: Bullet
