"""Name the frames and rows of Binance's USD-M futures as they are on the wire: decimal texts."""

from msgspec import Struct


class OrderEvent(Struct, gc=False):
    """The body of ORDER_TRADE_UPDATE: `x` is what has happened, `X` where the order stands now,
    `l`, `L`, `t` the trade that it was, if it was one."""

    s: str
    c: str
    S: str
    q: str
    p: str
    x: str
    X: str
    i: int
    z: str
    T: int
    l: str = "0"  # noqa: E741 - the venue's own name.
    L: str = "0"
    t: int = 0
    N: str = ""
    n: str = ""
    m: bool = False


class OrderFrame(Struct, gc=False):
    """An event of one order, with its trade where it was one."""

    o: OrderEvent


class PositionEvent(Struct, gc=False):
    """A position as it is after something: `ps` is BOTH where both sides net."""

    s: str
    pa: str
    ep: str
    ps: str


class AccountEvent(Struct, gc=False):
    """The body of ACCOUNT_UPDATE."""

    P: list[PositionEvent] = []


class AccountFrame(Struct, gc=False):
    """What has changed of the account."""

    a: AccountEvent


class Order(Struct, gc=False):
    """An order of a read."""

    symbol: str
    orderId: int
    clientOrderId: str
    side: str
    price: str
    origQty: str
    executedQty: str
    status: str
    updateTime: int = 0


class Trade(Struct, gc=False):
    """A trade of a read: it does not say whose id its order has."""

    symbol: str
    id: int
    orderId: int
    side: str
    price: str
    qty: str
    commission: str
    commissionAsset: str
    time: int
    maker: bool


class Asset(Struct, gc=False):
    """What an account has of one currency."""

    asset: str
    walletBalance: str


class Money(Struct):
    """What an account is worth, in dollars."""

    totalMarginBalance: str
    totalMaintMargin: str
    availableBalance: str
    assets: list[Asset] = []


class Position(Struct, gc=False):
    """A position of a read, with what its symbol is set to."""

    symbol: str
    positionAmt: str
    entryPrice: str
    positionSide: str
    leverage: str = ""
    marginType: str = ""
    liquidationPrice: str = ""


class Income(Struct, gc=False):
    """A payment to the account, or from it."""

    symbol: str
    income: str
    asset: str
    time: int
    tranId: int
    incomeType: str = ""
