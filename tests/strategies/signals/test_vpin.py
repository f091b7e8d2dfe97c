"""VPIN is the share of volume by which its buckets were one-sided."""

import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import vpin
from strategies.signals.vpin import BUCKETS, Vpin


def fed(trades: list[tuple[int, int]], bucket_lots: int = 100) -> Vpin:
    state = Vpin()
    state.bucket_lots = bucket_lots
    for side, lots in trades:
        vpin.add_trade(state, side, lots)
    return state


def brute(trades: list[tuple[int, int]], bucket_lots: int) -> list[int]:
    """Return |2 Vb - V| of every whole bucket, lot by lot."""
    lots = [side for side, count in trades for _ in range(count)]
    whole = len(lots) // bucket_lots
    cut = [lots[k * bucket_lots : (k + 1) * bucket_lots] for k in range(whole)]
    return [abs(2 * bucket.count(BUY) - bucket_lots) for bucket in cut]


@pytest.mark.parametrize("bucket_lots", [1, 7, 100])
def test_buckets_are_cut_lot_by_lot(bucket_lots: int) -> None:
    rng = random.Random(bucket_lots)
    trades = [(rng.randrange(2), rng.choice((0, 1, 5, 60, 900))) for _ in range(300)]
    state = fed(trades, bucket_lots)
    apart = brute(trades, bucket_lots)
    assert state.closed == len(apart)
    kept = apart[-BUCKETS:]
    assert vpin.read(state) == pytest.approx(sum(kept) / (len(kept) * bucket_lots), abs=1e-12)
    assert vpin.is_ready(state)


def test_one_side_alone_reads_one_and_both_alike_nothing() -> None:
    assert vpin.read(fed([(SELL, 100)] * BUCKETS)) == 1.0
    assert vpin.read(fed([(SELL, 50), (BUY, 50)] * BUCKETS)) == 0.0


def test_it_is_ready_when_all_buckets_have_filled() -> None:
    assert not vpin.is_ready(fed([(BUY, 100)] * (BUCKETS - 1)))
    assert vpin.is_ready(fed([(BUY, 100)] * BUCKETS))
    assert not vpin.is_ready(fed([(BUY, 100)] * BUCKETS, bucket_lots=0))


def test_a_giant_trade_costs_no_more_than_what_is_remembered() -> None:
    state = fed([(BUY, 10**15 + 30), (SELL, 70)])
    assert state.closed == 10**13 + 1
    assert vpin.read(state) == pytest.approx((BUCKETS - 1 + 0.4) / BUCKETS)
