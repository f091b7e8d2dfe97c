"""Name OKX's public v5 frames and answers: numbers are decimal texts, sizes are in contracts."""

from msgspec import Struct


class Arg(Struct, gc=False):
    """What a frame belongs to."""

    channel: str
    instId: str = ""


class BookRow(Struct, gc=False):
    """Levels of price, size, and two more numbers; `prevSeqId` is the number before `seqId`."""

    bids: list[list[float]]
    asks: list[list[float]]
    ts: int
    seqId: int
    prevSeqId: int


class BookFrame(Struct, gc=False):
    """The channel `books`."""

    arg: Arg
    action: str = ""
    data: list[BookRow] = []


class TradeRow(Struct, gc=False):
    """Trades of one taker at one price."""

    instId: str
    tradeId: str
    px: float
    sz: float
    side: str
    ts: int


class TradesFrame(Struct, gc=False):
    """The channel `trades`."""

    arg: Arg
    data: list[TradeRow] = []


class FundingRow(Struct, gc=False):
    """The rate that is paid at `fundingTime`."""

    instId: str
    fundingRate: str
    fundingTime: int
    nextFundingTime: int = 0


class FundingFrame(Struct, gc=False):
    """The channel `funding-rate`."""

    arg: Arg
    data: list[FundingRow] = []


class MarkRow(Struct, gc=False):
    """A mark."""

    instId: str
    markPx: str


class MarkFrame(Struct, gc=False):
    """The channel `mark-price`."""

    arg: Arg
    data: list[MarkRow] = []


class LimitRow(Struct, gc=False):
    """How far an order may reach: empty texts where nothing limits it."""

    instId: str
    buyLmt: str = ""
    sellLmt: str = ""


class LimitFrame(Struct, gc=False):
    """The channel `price-limit`."""

    arg: Arg
    data: list[LimitRow] = []


class Head(Struct, gc=False):
    """What tells frames apart that do not begin with their channel: answers have an event."""

    arg: Arg | None = None
    event: str = ""
    code: str = ""
    msg: str = ""


class Instrument(Struct):
    """A market's description; `ctVal` of `ctValCcy` make a contract."""

    instId: str
    instFamily: str
    state: str
    ctType: str
    ctVal: str
    settleCcy: str
    tickSz: str
    lotSz: str
    minSz: str


class Best(Struct):
    """The best levels of a book."""

    bids: list[list[str]]
    asks: list[list[str]]


class Time(Struct):
    """The venue's time in milliseconds."""

    ts: int
