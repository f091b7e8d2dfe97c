"""Name the frames of an account at Bybit v5 as they are on the wire: numbers are decimal texts.

Those of market data are in `connectors.ccxt.native.bybit_wire`, whoever reads them.
"""

from msgspec import Struct


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
