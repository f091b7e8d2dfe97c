"""Describe a decision in eight integers that any difference changes: the journal's DECISION row."""

import struct

from connectors.model.events import BUY, SELL
from runner.engine.logs import fold_quotes
from strategies.desk import Desk

_FLOAT = struct.Struct("<d")
_INTEGER = struct.Struct("<q")

Digest = tuple[int, int, int, int, int, int, int, int]

DIGEST_COLUMNS = (
    "quotes_fold",
    "bid_reasons",
    "ask_reasons",
    "position_lots",
    "reservation_bps",
    "half_spread_bps",
    "skew_bps",
    "sigma_live_bps",
)
"""The columns of `DecisionLog` that a digest holds, in its order; floats by their bits."""


def bits(value: float) -> int:
    """Return the 64 bits of a float as a signed integer."""
    result: int = _INTEGER.unpack(_FLOAT.pack(value))[0]
    return result


def digest(desk: Desk) -> Digest:
    """Return the digest of the decision that a desk has just taken."""
    quotes = desk.quotes
    return (
        fold_quotes(quotes),
        quotes.reasons[BUY],
        quotes.reasons[SELL],
        desk.orders.position_lots,
        bits(quotes.reservation_bps),
        bits(quotes.half_spread_bps),
        bits(quotes.skew_bps),
        bits(desk.signals.sigma_live_bps),
    )
