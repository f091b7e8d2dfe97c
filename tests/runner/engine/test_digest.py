"""A digest differs when a decision does, to the last bit of its floats."""

import math
import struct
from collections.abc import Callable

import pytest

from runner.engine.digest import DIGEST_COLUMNS, bits, digest
from runner.engine.logs import DecisionLog
from strategies.desk import Desk


def put(array: list[int], place: int) -> None:
    array[place] = 1


CHANGES: dict[str, Callable[[Desk], None]] = {
    "quotes_fold": lambda desk: put(desk.quotes.lots, 3),
    "bid_reasons": lambda desk: put(desk.quotes.reasons, 0),
    "ask_reasons": lambda desk: put(desk.quotes.reasons, 1),
    "position_lots": lambda desk: setattr(desk.orders, "position_lots", -1),
    "reservation_bps": lambda desk: setattr(desk.quotes, "reservation_bps", -0.0),
    "half_spread_bps": lambda desk: setattr(desk.quotes, "half_spread_bps", 5e-324),
    "skew_bps": lambda desk: setattr(desk.quotes, "skew_bps", math.nan),
    "sigma_live_bps": lambda desk: setattr(desk.signals, "sigma_live_bps", 1.0),
}


@pytest.mark.parametrize("place", range(len(DIGEST_COLUMNS)))
def test_each_change_shows_in_its_own_column(place: int) -> None:
    name = DIGEST_COLUMNS[place]
    assert hasattr(DecisionLog(), name)
    desk = Desk()
    CHANGES[name](desk)
    differs = [a != b for a, b in zip(digest(desk), digest(Desk()), strict=True)]
    assert differs == [k == place for k in range(len(DIGEST_COLUMNS))]


@pytest.mark.parametrize("value", [0.0, -0.0, 1.5, -1e-300, math.inf, math.nan])
def test_bits_are_those_of_the_float_and_fit_a_signed_column(value: float) -> None:
    found = bits(value)
    assert -(2**63) <= found < 2**63
    assert struct.pack("<q", found) == struct.pack("<d", value)
