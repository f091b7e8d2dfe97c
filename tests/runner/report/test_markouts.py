import math
from dataclasses import fields, replace

import pytest

from connectors.model.events import BUY, SELL
from runner.report.markouts import CLUSTER_NS, Estimate, markout_of, markouts_bps
from runner.results import FillColumns
from tests.runner.report.fake_run import market


def columns(rows: list[tuple[int, int, int, int, int]]) -> FillColumns:
    """Return fills of (stamp, side, ticks, mid, mid one second later)."""
    stamp, side, ticks, mid, later = map(list, zip(*rows, strict=True))
    zeros = [0] * len(rows)
    known = {"recv_ns": stamp, "side": side, "ticks": ticks}
    known |= {"mid_half_ticks": mid, "mid_1s_half_ticks": later}
    return FillColumns(**{f.name: known.get(f.name, zeros) for f in fields(FillColumns)})


def test_a_markout_is_good_when_the_mid_moves_our_way() -> None:
    fills = columns(
        [
            (0, BUY, 999, 2_000, 2_004),
            (1, SELL, 1_001, 2_000, 2_004),
            (2, SELL, 1_001, 2_000, -1),
            (3, BUY, 999, -1, 2_000),
        ]
    )
    assert markouts_bps(fills) == [6 / 2_000 * 1e4, -2 / 2_000 * 1e4, None, None]


def test_the_error_counts_a_sweep_once() -> None:
    alone = columns([(k * CLUSTER_NS, BUY, 1_000, 2_000, 2_000 + k % 2) for k in range(40)])
    sweep = columns([(k // 10 * CLUSTER_NS, BUY, 1_000, 2_000, 2_000 + k // 10) for k in range(40)])
    one, other = markout_of(alone), markout_of(sweep)
    assert one is not None
    assert other is not None
    assert one.mean.error == pytest.approx(5 * 0.5 / math.sqrt(39))
    values = [0.0, 5.0, 10.0, 15.0]
    spread = math.sqrt(sum((10 * (v - 7.5)) ** 2 for v in values) * 4 / 3)
    assert other.mean.error == pytest.approx(spread / 40)
    assert other.median == 7.5


def test_no_known_mid_gives_no_markout() -> None:
    assert markout_of(FillColumns()) is None
    assert markout_of(columns([(0, BUY, 1, 2, -1)])) is None


def test_one_sweep_gives_no_error() -> None:
    markout = markout_of(columns([(0, BUY, 1_000, 2_000, 2_001), (1, BUY, 1_000, 2_000, 2_002)]))
    assert markout is not None
    assert markout.mean.error is None
    assert markout.mean.verdict() == "not distinguishable from zero (2 fills)"


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        (Estimate(9.0, 1.0, 499), "not distinguishable from zero (499 fills)"),
        (Estimate(1.9, 1.0, 500), "not distinguishable from zero (|t| = 1.9)"),
        (Estimate(-2.5, 1.0, 500), "distinguishable from zero (t = \u22122.5)"),
        (Estimate(1.0, None, 900), "not distinguishable from zero (error unknown)"),
    ],
)
def test_few_fills_or_a_small_t_are_not_told_from_zero(estimate: Estimate, says: str) -> None:
    assert estimate.verdict() == says
    assert estimate.is_distinguishable() is says.startswith("dist")


def test_a_fake_run_has_a_markout() -> None:
    given = market(steps=2_000, fill_frac=0.1)
    markout = markout_of(replace(given).fills)
    assert markout is not None
    assert markout.mean.fills == len(given.fills)
