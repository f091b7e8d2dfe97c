"""Say what orders, executions and positions are at the venue, and how an order's life may end."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Status(StrEnum):
    """Where an order's life stands, in the venue's words."""

    NEW = "New"
    PARTIAL = "PartiallyFilled"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    REJECTED = "Rejected"


class Tif(StrEnum):
    """How long an order may wait."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    POST_ONLY = "PostOnly"


class Smp(StrEnum):
    """Which order gives way where both are of one account; NONE: they trade."""

    NONE = "None"
    MAKER = "CancelMaker"
    TAKER = "CancelTaker"
    BOTH = "CancelBoth"


@dataclass(frozen=True, slots=True)
class Why:
    """How an order ended: the status, who ended it, and what the engine says of it."""

    status: Status
    cancel_type: str
    reason: str


NO_ERROR = "EC_NoError"
UNKNOWN = "UNKNOWN"
FILLED = Why(Status.FILLED, UNKNOWN, NO_ERROR)
BY_USER = Why(Status.CANCELLED, "CancelByUser", "EC_PerCancelRequest")
BY_DCP = Why(Status.CANCELLED, "CancelByDCP", "EC_PerCancelRequest")
BY_SMP = Why(Status.CANCELLED, "CancelBySmp", "EC_BySelfMatch")
BY_LIQUIDATION = Why(Status.CANCELLED, "CancelAllBeforeLiq", "EC_PerCancelRequest")
BY_ADMIN = Why(Status.CANCELLED, "CancelByAdmin", "EC_Others")
BY_SETTLE = Why(Status.CANCELLED, "CancelBySettle", "EC_PerCancelRequest")
POST_ONLY = Why(Status.CANCELLED, UNKNOWN, "EC_PostOnlyWillTakeLiquidity")
REDUCE_ONLY = Why(Status.CANCELLED, "CancelByReduceOnly", "EC_PerCancelRequest")
NO_MARGIN = Why(Status.CANCELLED, "CancelByCannotAffordOrderCost", "EC_Others")
NOT_FULL = Why(Status.CANCELLED, UNKNOWN, "EC_CancelForNoFullFill")
NOT_AT_ONCE = Why(Status.CANCELLED, UNKNOWN, "EC_NoImmediateQtyToFill")
REFUSED = Why(Status.REJECTED, UNKNOWN, "EC_Others")
ENDS = {
    why.reason if why.cancel_type == UNKNOWN else why.cancel_type: why
    for why in (BY_USER, BY_DCP, BY_SMP, BY_LIQUIDATION, BY_ADMIN, BY_SETTLE, POST_ONLY)
} | {"rejected": REFUSED, "margin": NO_MARGIN, "reduce_only": REDUCE_ONLY}
"""Ends by the words that scripts use."""


def uuid_of(kind: int, number: int) -> str:
    """Return an id as the venue's look, from which `number_of` reads the number again."""
    return str(UUID(int=(kind << 96) | (0x4000_8000 << 48) | number))


def number_of(uuid: str) -> int:
    """Return the number within an id."""
    return int(uuid[-12:], 16)


ORDER_KIND, EXECUTION_KIND = 0x6F72_0000, 0x6578_0000


@dataclass(slots=True, eq=False)
class Order:
    """One order. `open_lots` is what has neither traded nor been cancelled."""

    number: int
    link_id: str
    symbol: str
    account: int
    is_ask: bool
    ticks: int
    lots: int
    open_lots: int
    created_ns: int
    updated_ns: int
    is_market: bool = False
    tif: Tif = Tif.GTC
    reduce_only: bool = False
    close_on_trigger: bool = False
    position_idx: int = 0
    smp: Smp = Smp.NONE
    status: Status = Status.NEW
    cancel_type: str = UNKNOWN
    reason: str = NO_ERROR
    filled_lots: int = 0
    filled_value: int = 0
    fee: int = 0
    last_ticks: int = 0
    create_type: str = "CreateByUser"
    is_foreign: bool = False
    """Whether somebody else sent it with the same account."""

    @property
    def order_id(self) -> str:
        """Return the venue's id."""
        return uuid_of(ORDER_KIND, self.number)

    @property
    def is_open(self) -> bool:
        """Tell whether it may still trade."""
        return self.status in (Status.NEW, Status.PARTIAL)

    @property
    def side(self) -> str:
        """Return the side in the venue's word."""
        return side_word(self.is_ask)


def side_word(is_ask: bool) -> str:
    """Return a side in the venue's word."""
    return "Sell" if is_ask else "Buy"


@dataclass(frozen=True, slots=True)
class Trade:
    """What the public hears of a trade. `number` is of the taker's execution."""

    number: int
    symbol: str
    ticks: int
    lots: int
    taker_is_ask: bool
    at_ns: int
    seq: int
    kind: str = "Trade"

    @property
    def trade_id(self) -> str:
        """Return the venue's id."""
        return uuid_of(EXECUTION_KIND, self.number)


@dataclass(frozen=True, slots=True)
class Execution:
    """One account's part in a trade, or a funding payment (`kind` Funding, fee: what it paid)."""

    number: int
    symbol: str
    kind: str
    is_ask: bool
    ticks: int
    lots: int
    fee: int
    rate_1e8: int
    at_ns: int
    seq: int
    is_maker: bool = False
    closed_lots: int = 0
    left_lots: int = 0
    mark_ticks: int = 0
    index_ticks: int = 0
    order: Order | None = None

    @property
    def exec_id(self) -> str:
        """Return the venue's id."""
        return uuid_of(EXECUTION_KIND, self.number)


@dataclass(slots=True)
class Position:
    """What an account holds. Lots are signed; the entry is the positive value paid, in atoms."""

    lots: int = 0
    entry: int = 0
    realized: int = 0
    realized_now: int = 0
    added_margin: int = 0
    created_ns: int = 0
    updated_ns: int = 0
    seq: int = 0
    orders: dict[str, Order] = field(default_factory=dict)
