"""An imagined order fills by the rule that the simulator keeps, and its markout is exact."""

import math

import numpy as np
import pytest

from runner.calibrate.edge import Quoting, edge_map, fills_at
from runner.calibrate.estimate import Blocks, Estimate, Refused
from tests.runner.calibrate.made import START_NS, recording, tops

QUOTING = Quoting(refresh_ns=1_000_000_000, latency_ns=50_000_000, maker_fee_bps=0.0)
BOOK = tops([0.0], [99_999], [100_001])
BID = 99_990
"""One bp under a mid of 100,000 ticks."""


def filled(*trades: tuple[float, int, int], distance_bps: float = 1.0) -> list[tuple[float, int]]:
    found = fills_at(recording(BOOK, 60, list(trades)), QUOTING, distance_bps)
    seconds = ((found.ns - START_NS) * 1e-9).round(6).tolist()
    return list(zip(seconds, found.ticks.tolist(), strict=True))


def test_only_a_trade_through_the_price_fills() -> None:
    assert filled((1.5, -1, BID)) == []
    assert filled((1.5, -1, BID - 1)) == [(1.5, BID)]
    assert filled((1.5, 1, BID - 1)) == []
    assert filled((1.5, 1, 100_011)) == [(1.5, 100_010)]


def test_an_order_fills_once_a_refresh_and_works_after_the_latency() -> None:
    through = BID - 1
    fills = filled((1.06, -1, through), (1.5, -1, through), (2.04, -1, through))
    assert fills == [(1.06, BID)]
    assert filled((0.04, -1, through)) == []
    assert filled((1.06, -1, through), (2.06, -1, through)) == [(1.06, BID), (2.06, BID)]


def test_a_price_never_crosses_the_touch() -> None:
    assert filled((1.5, -1, 99_998), distance_bps=0.0) == [(1.5, 100_000)]
    assert filled((1.5, 1, 100_002), distance_bps=0.0) == [(1.5, 100_000)]


def test_markouts_are_realised_against_the_price_and_pay_the_fee() -> None:
    moving = tops([0.0, 100.0], [99_999, 100_009], [100_001, 100_011])
    trades = [(20.0 * k + 15.5, -1, BID - 1) for k in range(20)]
    made = recording(moving, 400.0, trades)
    blocks = Blocks.over(made.start_ns, made.end_ns)
    quoting = Quoting(10**9, 50_000_000, 0.25)
    (row,) = edge_map(made, blocks, quoting, [1.0])
    after = math.floor(100_010 * (1 - 1e-4))
    early, late = (100_000 - BID) / BID * 1e4, (100_010 - after) / after * 1e4
    assert row.fills == 20
    assert isinstance(row.fills_per_min, Estimate)
    assert row.fills_per_min.value == pytest.approx(3.0)
    one = row.markout_bps[1]
    assert isinstance(one, Estimate)
    assert one.value == pytest.approx((5 * early + 15 * late) / 20 - 0.25)
    sixty = row.markout_bps[60]
    assert isinstance(sixty, Estimate)
    assert sixty.events == 17


def test_few_fills_have_no_markout() -> None:
    made = recording(BOOK, 400.0, [(15.5, -1, BID - 1)])
    (row,) = edge_map(made, Blocks.over(made.start_ns, made.end_ns), QUOTING, [1.0])
    assert row.markout_bps[1] == Refused("1 fills, expected 10")


def test_nothing_is_filled_while_the_book_is_unknown() -> None:
    broken = tops([0.0, 5.0, 9.0], [99_999, 0, 99_999], [100_001, 0, 100_001])
    trades = [(float(k) + 0.5, -1, BID - 1) for k in range(12)]
    found = fills_at(recording(broken, 60, trades), QUOTING, 1.0)
    rounds = np.floor((found.ns - START_NS) * 1e-9).astype(int).tolist()
    assert rounds == [0, 1, 2, 3, 4, 9, 10, 11]
