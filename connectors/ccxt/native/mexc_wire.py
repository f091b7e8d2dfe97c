"""Name the answers of MEXC's public REST."""

from msgspec import Struct

from connectors.ccxt.native.decode import Level


class Snapshot(Struct):
    """The whole book, as far as it is told."""

    lastUpdateId: int
    bids: list[Level]
    asks: list[Level]


class Symbol(Struct):
    """A market's description. Precisions are decimals; `baseSizePrecision` is the least size,
    `quoteAmountPrecision` the least notional."""

    symbol: str
    status: str
    baseAsset: str
    quoteAsset: str
    baseAssetPrecision: int
    quoteAssetPrecision: int
    baseSizePrecision: str | None = None
    quoteAmountPrecision: str | None = None
    isSpotTradingAllowed: bool = False


class Symbols(Struct):
    """Every market."""

    symbols: list[Symbol]


class Time(Struct):
    """The venue's time [ms]."""

    serverTime: int


class Touch(Struct):
    """A market's touch."""

    bidPrice: str | None
    askPrice: str | None
