"""Name what every venue's messages say, before they are rows: texts are still the venue's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.model.account import Fee

Levels = Sequence[Sequence[str | float]]
"""Prices and sizes in contracts, as the venue writes them, or the floats nearest to that; 0 removes
a level."""


@dataclass(frozen=True, slots=True)
class Book:
    """A snapshot, or a change that follows the one with the number `before`."""

    symbol: str
    is_snapshot: bool
    number: int
    before: int
    bids: Levels
    asks: Levels
    venue_ns: int


@dataclass(frozen=True, slots=True)
class Print:
    """A trade of others: `is_buy` says who took."""

    trade_id: str
    is_buy: bool
    price: str | float
    size: str | float
    venue_ns: int


@dataclass(frozen=True, slots=True)
class Prints:
    """Trades of one market, the oldest first."""

    symbol: str
    trades: tuple[Print, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """What a venue says of a perpetual besides its book; None where it says nothing new."""

    symbol: str
    mark_price: str | None
    index_price: str | None
    funding_rate: str | None
    next_funding_ms: int | None
    interval_h: int | None
    highest_buy: str | None = None
    """The venue's own limit of prices, where it tells one; with None there may be one all the
    same."""
    lowest_sell: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription has been let in: `request_id` is ccxt's."""

    request_id: str


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order of the account. `kind` is a kind of account row, OUTCOME_UNKNOWN for a status that
    is not known, and with REJECTED `code` says why."""

    symbol: str
    order_id: str
    client_text: str
    side: int
    price: str
    size: str
    filled: str
    kind: int
    code: int
    venue_ns: int
    status: str
    """The venue's own word."""


@dataclass(frozen=True, slots=True)
class OwnFill:
    """A trade of the account. `role` is MAKER, TAKER or LIQUIDATION."""

    symbol: str
    trade_id: str
    order_id: str
    client_text: str
    side: int
    price: str
    size: str
    role: int
    venue_ms: int
    fee: Fee | None


@dataclass(frozen=True, slots=True)
class OwnPosition:
    """What is held of a perpetual: `size` in contracts, below 0 where it is short."""

    symbol: str
    size: str
    entry_price: str
    leverage: str
    liquidation_price: str
    adl_rank: int
    is_one_way: bool
    changed_ms: int = 0
    """When it changed last, by the venue's clock; 0: it does not say."""
    tells_liquidation: bool = True
    """Whether an empty liquidation price is a word on it, and not one that is left out here."""


@dataclass(frozen=True, slots=True)
class OwnWallet:
    """What an account is worth, as its venue counts it, in dollars; None where it does not say.

    `balances` are by currency. Once `maintenance` reaches `equity` positions are liquidated.
    """

    equity: Decimal | None
    available: Decimal | None
    maintenance: Decimal | None
    balances: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a request over a stream: `body` is the venue's."""

    request_id: str
    code: str
    text: str
    body: Any


@dataclass(frozen=True, slots=True)
class Ended:
    """The venue has said that nothing more comes over this connection."""

    why: str


Own = OwnOrder | OwnFill | OwnPosition | OwnWallet
Word = (
    Book
    | Prints
    | Rates
    | Asked
    | Answered
    | Ended
    | list[OwnOrder]
    | list[OwnFill]
    | list[OwnPosition]
    | list[OwnOrder | OwnFill]
    | list[OwnWallet]
    | list[OwnPosition | OwnWallet]
)
