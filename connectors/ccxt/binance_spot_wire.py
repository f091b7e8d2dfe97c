"""Name the frames and rows of Binance spot as they are on the wire: decimal texts."""

from msgspec import Struct, field


class OrderEvent(Struct, gc=False):
    """An executionReport. `C` is the order's own id where `c` is that of a cancel; `t` is -1
    where nothing has traded."""

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
    C: str = ""
    l: str = "0"  # noqa: E741 - the venue's own name.
    L: str = "0"
    t: int = -1
    N: str | None = None
    n: str = "0"
    m: bool = False


class Trade(Struct, gc=False):
    """A trade of a read: it does not say whose id its order has."""

    symbol: str
    id: int
    orderId: int
    price: str
    qty: str
    commission: str
    commissionAsset: str
    time: int
    maker: bool = field(name="isMaker")
    is_buyer: bool = field(name="isBuyer")

    @property
    def side(self) -> str:
        """Return our side in the venue's word."""
        return "BUY" if self.is_buyer else "SELL"


class Held(Struct, gc=False):
    """What is held of a currency."""

    asset: str
    free: str
    locked: str


class Account(Struct):
    """An account: `uid` is its number."""

    uid: int
    canTrade: bool
    balances: list[Held]


class Rate(Struct, frozen=True):
    """What one kind of fee takes, as shares; a buyer and a seller may pay more."""

    maker: str
    taker: str
    buyer: str = "0"
    seller: str = "0"


class Discount(Struct, frozen=True):
    """Whether fees are taken out of another currency than what is traded, while there is some."""

    enabledForAccount: bool = False
    enabledForSymbol: bool = True
    discountAsset: str | None = None


class Commission(Struct):
    """What an account pays on a market, before any discount."""

    standardCommission: Rate
    taxCommission: Rate = Rate("0", "0")
    specialCommission: Rate = Rate("0", "0")
    discount: Discount = Discount()

    @property
    def payer(self) -> str | None:
        """Return the currency that fees are taken from; None: from what is received."""
        is_on = self.discount.enabledForAccount and self.discount.enabledForSymbol
        return self.discount.discountAsset if is_on else None
