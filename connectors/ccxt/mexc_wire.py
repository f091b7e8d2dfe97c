"""Name the rows of MEXC spot's account as reads have them: numbers are decimal texts, ids texts."""

from msgspec import Struct


class Order(Struct, gc=False):
    """An order. The page of one calls its size otherwise than the pages of many do."""

    symbol: str
    orderId: str
    side: str
    price: str
    executedQty: str
    status: str
    clientOrderId: str | None = None
    origQty: str | None = None
    Qty: str | None = None
    time: int | None = None
    updateTime: int | None = None


class Trade(Struct, gc=False):
    """A trade of the account."""

    symbol: str
    id: str
    orderId: str
    price: str
    qty: str
    time: int
    isBuyer: bool
    isMaker: bool
    commission: str | None = None
    commissionAsset: str | None = None
    clientOrderId: str | None = None


class Held(Struct, gc=False):
    """What is held of a currency."""

    asset: str
    free: str
    locked: str


class Account(Struct):
    """An account: it does not tell its number."""

    canTrade: bool
    balances: list[Held]


class Uid(Struct):
    """The account's number."""

    uid: str


class Commission(Struct):
    """What the account pays on a market, as shares."""

    makerCommission: float
    takerCommission: float


class Commissions(Struct):
    """The answer of fees."""

    data: Commission


class Deduction(Struct):
    """Whether fees are taken out of MX."""

    mxDeductEnable: bool


class Deductions(Struct):
    """The answer of that."""

    data: Deduction
