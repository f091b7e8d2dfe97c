"""Say what orders and trades are at the venue, and how an order's life may end."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

ORDER_INDEX_BASE = 1 << 48
"""Order indexes begin here; what is smaller is a client's own index."""


class Kind(IntEnum):
    """The type of an order; the venue knows more, none of which a maker needs."""

    LIMIT = 0
    MARKET = 1


class TimeInForce(IntEnum):
    """How long an order may wait."""

    IOC = 0
    GTT = 1
    POST_ONLY = 2


class Stp(IntEnum):
    """Which order gives way where both are of one account."""

    EXPIRE_MAKER = 0
    EXPIRE_TAKER = 1
    EXPIRE_BOTH = 2
    REDUCE = 3


class Status(StrEnum):
    """Where an order's life stands, in the venue's words."""

    OPEN = "open"
    FILLED = "filled"
    CANCELED = "canceled"
    POST_ONLY = "canceled-post-only"
    REDUCE_ONLY = "canceled-reduce-only"
    NOT_ALLOWED = "canceled-position-not-allowed"
    MARGIN = "canceled-margin-not-allowed"
    SLIPPAGE = "canceled-too-much-slippage"
    LIQUIDITY = "canceled-not-enough-liquidity"
    SELF_TRADE = "canceled-self-trade"
    EXPIRED = "canceled-expired"
    LIQUIDATION = "canceled-liquidation"
    BALANCE = "canceled-invalid-balance"


@dataclass(slots=True, eq=False)
class Order:
    """One order. `open_lots` is what has neither traded nor been cancelled."""

    index: int
    client_index: int
    market_id: int
    account: int
    is_ask: bool
    ticks: int
    lots: int
    open_lots: int
    kind: Kind
    tif: TimeInForce
    created_ns: int
    updated_ns: int
    expiry_ms: int = 0
    nonce: int = 0
    version: int = 0
    api_key: int = 0
    stp: Stp = Stp.EXPIRE_MAKER
    reduce_only: bool = False
    status: str = Status.OPEN
    filled_lots: int = 0
    filled_micro: int = 0
    block: int = 0
    tx_hash: str = ""
    is_foreign: bool = False
    """Whether somebody else sent it with the same account."""

    @property
    def is_open(self) -> bool:
        """Tell whether it may still trade."""
        return self.status == Status.OPEN


@dataclass(frozen=True, slots=True)
class Before:
    """An account's position just before a trade."""

    position_lots: int
    entry_micro: int
    margin_1e4: int


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a trade."""

    account: int
    index: int
    client_index: int
    fee_1e6: int
    before: Before
    sign_changed: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade. `kind` is `trade`, `liquidation`, `deleverage` or `market-settlement`."""

    trade_id: int
    market_id: int
    ticks: int
    lots: int
    is_maker_ask: bool
    maker: Party
    taker: Party
    at_ns: int
    block: int
    tx_hash: str
    kind: str = "trade"

    @property
    def micro(self) -> int:
        """Return the notional."""
        return self.ticks * self.lots

    def side_of(self, account: int) -> tuple[Party, bool, bool]:
        """Return an account's party, whether it sold and whether it was the maker."""
        if self.maker.account == account:
            return self.maker, self.is_maker_ask, True
        return self.taker, not self.is_maker_ask, False


@dataclass(slots=True)
class Position:
    """What an account holds in one market. Lots are signed; the entry is positive micro-USDC."""

    lots: int = 0
    entry_micro: int = 0
    realized_micro: int = 0
    funding_paid_micro: int = 0
    margin_1e4: int = 0
    """The initial margin fraction that the owner has chosen; 0: the market's own."""
    margin_mode: int = 0
    open_orders: dict[int, Order] = field(default_factory=dict)
