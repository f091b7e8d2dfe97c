"""Name the rows of Hyperliquid's account as they are on the wire: numbers are decimal texts."""

from msgspec import Struct


class Order(Struct, gc=False):
    """An order: `sz` is what is left of `origSz`."""

    coin: str
    side: str
    limitPx: str
    sz: str
    oid: int
    timestamp: int
    origSz: str
    cloid: str | None = None


class Update(Struct, gc=False):
    """An order and what has become of it."""

    order: Order
    status: str
    statusTimestamp: int


class Known(Struct, gc=False):
    """What is known of an order that was asked for; None where nothing is."""

    status: str
    order: Update | None = None


class Liquidation(Struct, gc=False):
    """Whose position the venue has closed."""

    liquidatedUser: str | None = None


class Fill(Struct, gc=False):
    """A trade: `crossed` tells that we took, and `fee` is paid where it is above zero."""

    coin: str
    px: str
    sz: str
    side: str
    time: int
    oid: int
    crossed: bool
    fee: str
    tid: int
    dir: str = ""
    feeToken: str = "USDC"
    cloid: str | None = None
    liquidation: Liquidation | None = None


class Fills(Struct, gc=False):
    """The channel `userFills`: the first frame repeats old ones."""

    user: str
    fills: list[Fill]
    isSnapshot: bool = False


class Leverage(Struct, gc=False):
    """A leverage, `type` is the margin mode."""

    type: str
    value: int


class Position(Struct, gc=False):
    """A position: `szi` is signed."""

    coin: str
    szi: str
    leverage: Leverage
    entryPx: str | None = None
    liquidationPx: str | None = None


class Held(Struct, gc=False):
    """A position and its mode."""

    position: Position
    type: str


class Summary(Struct, gc=False):
    """What an account is worth."""

    accountValue: str
    totalMarginUsed: str


class State(Struct, gc=False):
    """What an account has: only positions that are not flat are told."""

    assetPositions: list[Held]
    marginSummary: Summary
    withdrawable: str
    crossMaintenanceMarginUsed: str | None = None


class StateOf(Struct, gc=False):
    """The channel `clearinghouseState`."""

    clearinghouseState: State
    user: str
    dex: str = ""


class Asked(Struct, gc=False):
    """What was subscribed to."""

    type: str


class Answer(Struct, gc=False):
    """What a subscription was answered with."""

    method: str
    subscription: Asked


class Role(Struct, gc=False):
    """What an address is: an agent's has its account beside it."""

    role: str
    data: dict[str, str] | None = None


class Fees(Struct, gc=False):
    """What an account pays on perpetuals, as fractions."""

    userCrossRate: str
    userAddRate: str


class Chosen(Struct, gc=False):
    """What an account has chosen for a market."""

    leverage: Leverage


class Quota(Struct, gc=False):
    """How many requests an account has made and may make in all."""

    nRequestsUsed: int
    nRequestsCap: int


class Paid(Struct, gc=False):
    """A payment of funding: below zero was paid."""

    coin: str
    usdc: str


class Funding(Struct, gc=False):
    """A payment and its moment."""

    time: int
    delta: Paid
