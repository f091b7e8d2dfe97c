"""Name what a venue says of an account: the truth that every start begins from."""

from dataclasses import dataclass


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
    repeats.
    """

    position_lots: int
    cash_tick_lots: int
    last_client_id: int
    last_trade_id: int
    resting: tuple[RestingOrder, ...]
