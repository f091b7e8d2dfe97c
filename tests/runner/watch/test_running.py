from decimal import Decimal

import pytest

from connectors.model.events import BUY, MAKER, SELL, TAKER
from runner.engine.logs import mark_fills
from runner.report.pnl import Grid
from runner.watch.running import Running
from tests.runner.watch.workers import BTCUSDT, drain, fill, mark, worker
from tests.support import SECOND_NS

GRID = Grid.of(BTCUSDT, Decimal("0.2"), Decimal("3.5"))


def test_each_fill_is_taken_once_wherever_it_stands() -> None:
    given = worker()
    running = Running(given, GRID)
    taken = []
    for k in range(1, 8):
        fill(given, k % 2, 1_000_000 + k, k, MAKER)
        if k in (3, 5):
            drain(given, 2)
        if k != 4:
            taken += [f.trade_id for f in running.take()]
    drain(given, given.fills.count)
    taken += [f.trade_id for f in running.take()]
    assert taken == list(range(1, 8))
    assert running.fills == 7


def test_net_is_exact_and_includes_fees() -> None:
    given = worker()
    running = Running(given, GRID)
    mark(given, 2_000_001)
    fill(given, BUY, 1_000_000, 20, MAKER)
    fill(given, SELL, 1_000_500, 5, TAKER)
    assert len(list(running.take())) == 2
    fees = Decimal("2000") * Decimal("0.00002") + Decimal("500.25") * Decimal("0.00035")
    gross = Decimal("0.0001") * (5 * 500 + 15 * Decimal("0.5"))
    assert running.net_quote() == gross - fees


def test_an_opening_position_counts_from_the_first_mid() -> None:
    given = worker()
    given.market.desk.orders.position_lots = 10
    running = Running(given, GRID)
    assert running.net_quote() is None
    mark(given, 2_000_000)
    mark(given, 2_000_020)
    assert running.net_quote() == Decimal("0.01")


def test_a_flat_start_needs_no_mark() -> None:
    assert Running(worker(), GRID).net_quote() == 0


def test_markouts_are_of_the_last_fills_wherever_they_stand() -> None:
    given = worker()
    running = Running(given, GRID)
    mark(given, 2_000_000)
    assert running.markouts_bps() == (None, None)
    for k in range(4):
        fill(given, k % 2, 999_990 + 20 * (k % 2), 1, MAKER, recv_ns=1 + k)
    mark_fills(given.fills, 2_000_010, SECOND_NS + 4)
    assert list(running.take())
    bids, asks = running.markouts_bps()
    assert bids == pytest.approx((2_000_010 - 1_999_980) / 2_000_000 * 1e4)
    assert asks == pytest.approx((2_000_020 - 2_000_010) / 2_000_000 * 1e4)
    mark_fills(given.fills, 2_000_010, 61 * SECOND_NS)
    given.history.take(given.fills, given.decisions)
    assert given.fills.count == 0
    assert running.markouts_bps() == (bids, asks)


def test_parts_add_up_to_the_net_and_say_what_fills_caught_and_lost() -> None:
    given = worker()
    mark(given, 2_000_000)
    running = Running(given, Grid.of(BTCUSDT, Decimal("0.2"), Decimal("3.5")))
    fill(given, BUY, 999_990, 10, MAKER)
    fill(given, SELL, 1_000_020, 4, TAKER)
    list(running.take())
    mark(given, 2_000_040)
    for n, mid in enumerate((2_000_010, 2_000_030)):
        given.fills.mid_1s_half_ticks[n] = mid
    drain(given, 1)
    parts = running.parts(Decimal("0.5"), hedges=False)
    unit = Decimal("0.1") * Decimal("0.001") / 2
    assert parts.spread == unit * (10 * 20 + 4 * 40)
    assert parts.adverse == unit * (10 * 10), "the second fill's later mid is not known yet"
    told = (parts.spread, parts.adverse, parts.inventory, parts.fees)
    assert sum(told) == running.net_quote()
    assert parts.funding == Decimal("0.5")
    drain(given, 1)
    assert running.parts(Decimal(0), hedges=False).adverse == unit * (10 * 10 - 4 * 30)
    as_hedge = running.parts(Decimal(0), hedges=True)
    assert (as_hedge.spread, as_hedge.inventory) == (0, 0)
    assert as_hedge.hedge + as_hedge.fees == running.net_quote()
