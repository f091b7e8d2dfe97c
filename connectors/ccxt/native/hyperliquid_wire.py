"""Name Hyperliquid's public frames and answers: numbers are decimal texts, sizes in base."""

from msgspec import Struct


class Level(Struct, gc=False):
    """A price and what is offered at it."""

    px: float
    sz: float


class BookRow(Struct, gc=False):
    """Bids and asks, the best first, and when they stood so."""

    coin: str
    levels: tuple[list[Level], list[Level]]
    time: int


class BookFrame(Struct, gc=False):
    """The channel `l2Book`: the whole of what is told of a book."""

    data: BookRow


class TradeRow(Struct, gc=False):
    """A trade: `side` is the taker's."""

    coin: str
    side: str
    px: float
    sz: float
    time: int
    tid: int


class TradesFrame(Struct, gc=False):
    """The channel `trades`."""

    data: list[TradeRow]


class Context(Struct, gc=False):
    """What is told of a perpetual besides its book; `funding` is of an hour."""

    funding: str
    markPx: str
    oraclePx: str


class ContextRow(Struct, gc=False):
    """A context and whose it is."""

    coin: str
    ctx: Context


class ContextFrame(Struct, gc=False):
    """The channel `activeAssetCtx`."""

    data: ContextRow


class Asked(Struct, gc=False):
    """What was subscribed to."""

    type: str
    coin: str = ""


class Answer(Struct, gc=False):
    """What a subscription was answered with."""

    method: str
    subscription: Asked


class AnswerFrame(Struct, gc=False):
    """The channel `subscriptionResponse`."""

    data: Answer


class ErrorFrame(Struct, gc=False):
    """The channel `error`."""

    data: str = ""


class Asset(Struct):
    """A perpetual's description: sizes have `szDecimals`."""

    name: str
    szDecimals: int
    isDelisted: bool | None = None


class Meta(Struct):
    """Every perpetual; the number of each is its place in the list."""

    universe: list[Asset]


class Best(Struct):
    """A book as it is read; prices are texts."""

    levels: tuple[list["Priced"], list["Priced"]]


class Priced(Struct):
    """A level's price."""

    px: str


class Status(Struct):
    """The venue's time in milliseconds."""

    time: int
