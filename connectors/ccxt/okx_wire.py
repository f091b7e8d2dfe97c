"""Name the rows of OKX's account as they are on the wire: numbers are decimal texts, sizes are in
contracts, and what does not apply is an empty text."""

from msgspec import Struct


class Arg(Struct, gc=False):
    """What a frame belongs to."""

    channel: str


class Order(Struct, gc=False):
    """An order, of the stream or of a read. A push carries its last trade, if it has one."""

    instId: str
    ordId: str
    clOrdId: str
    side: str
    px: str
    sz: str
    accFillSz: str
    state: str
    uTime: str
    cancelSource: str = ""
    category: str = "normal"
    tradeId: str = ""
    fillPx: str = ""
    fillSz: str = ""
    fillTime: str = ""
    fillFee: str = ""
    fillFeeCcy: str = ""
    execType: str = ""


class OrdersFrame(Struct, gc=False):
    """The channel `orders`."""

    data: list[Order]


class Fill(Struct, gc=False):
    """A trade of a read: `fillTime` is the stream's."""

    instId: str
    tradeId: str
    ordId: str
    clOrdId: str
    billId: str
    fillPx: str
    fillSz: str
    side: str
    execType: str
    fee: str
    feeCcy: str
    ts: str
    fillTime: str
    subType: str = ""


class Position(Struct, gc=False):
    """A position: `pos` is signed where `posSide` is net."""

    instId: str
    pos: str
    posSide: str
    mgnMode: str
    avgPx: str = ""
    lever: str = ""
    liqPx: str = ""
    adl: str = ""
    uTime: str = ""


class PositionsFrame(Struct, gc=False):
    """The channel `positions`."""

    data: list[Position]


class Money(Struct, gc=False):
    """What an account has of one currency."""

    ccy: str
    eq: str = ""
    cashBal: str = ""
    availEq: str = ""
    mmr: str = ""


class Wallet(Struct, gc=False):
    """An account's money: totals are in dollars, and empty where each currency stands alone."""

    adjEq: str = ""
    availEq: str = ""
    mmr: str = ""
    details: list[Money] = []


class WalletsFrame(Struct, gc=False):
    """The channel `account`."""

    data: list[Wallet]


class Config(Struct, gc=False):
    """What an account is like: `acctLv` 1 is spot alone."""

    uid: str
    acctLv: str
    posMode: str
    perm: str = ""


class Leverage(Struct, gc=False):
    """The leverage of a market in a margin mode."""

    lever: str
    mgnMode: str
    posSide: str = "net"


class Rate(Struct, gc=False):
    """A fee tier: below zero is paid, above it is a rebate."""

    makerU: str = ""
    takerU: str = ""


class Bill(Struct, gc=False):
    """A change of the account's money."""

    billId: str
    instId: str
    ccy: str
    pnl: str
    ts: str


class Countdown(Struct, gc=False):
    """When all orders are cancelled, 0 for never, and what time it was."""

    triggerTime: str
    ts: str
