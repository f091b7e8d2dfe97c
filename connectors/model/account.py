"""Name what a venue says of an account: the truth that every start begins from."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    """What a trade cost as its venue says, in whichever currency it took; a rebate is negative."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class RestingOrder:
    """An order that the venue shows as resting."""

    client_id: int
    side: int
    ticks: int
    open_lots: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one market's account stands, as its venue tells it.

    `cash_tick_lots` is what trading has paid or received so far, in ticks times lots, before fees.
    `last_client_id` and `last_trade_id` are the highest the venue has seen (0: none), so that no id
    repeats. `account` names the account: trade ids are unique within it.
    """

    position_lots: int
    cash_tick_lots: int
    last_client_id: int
    last_trade_id: int
    resting: tuple[RestingOrder, ...]
    account: str


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of ours as the venue's books tell it. A fee of None has not been told yet."""

    trade_id: int
    client_id: int
    side: int
    ticks: int
    lots: int
    role: int
    venue_ns: int
    fee: Fee | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Funding that the venue has paid to us, or taken (less than zero), by its own word.

    `payment_id` is the venue's; where it has none, the funding time as text. `rate` is None if
    untold.
    """

    payment_id: str
    paid_ns: int
    amount: Decimal
    currency: str
    rate: Decimal | None = None


ABSENT = 0
"""The venue has proven that it does not have the order and will never take it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What a venue says became of an order.

    `kind` is ACCEPTED (it rests), REJECTED, FILLED, CANCELLED or EXPIRED (it ended so), ABSENT, or
    OUTCOME_UNKNOWN where the venue cannot tell yet. `filled_lots` traded in all.

    `ticks` and `lots` are the terms of an order that rests, its size in all: told once no amend of
    ours that has been sent can change them any more (0 lots: not told, or one still may).
    """

    kind: int
    filled_lots: int
    ticks: int = 0
    lots: int = 0
