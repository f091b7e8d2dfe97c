import json
from dataclasses import replace
from typing import Any

import pytest

from runner.report.chart import MOST_MARKERS, MOST_POINTS, chart_of, points_for
from runner.results import SeriesColumns, whole
from tests.runner.report.fake_run import REASONS, START_NS, market, run


def chart(given: Any) -> Any:
    """Return a chart as the page reads it."""
    return json.loads(json.dumps(chart_of(given, run(given)), allow_nan=False))


def test_columns_have_one_length_and_end_at_the_mark() -> None:
    given = market(steps=300)
    data = chart(given)
    names = ("t", "mid", "bid", "ask", "position", "equity", "half_spread", "sigma")
    assert {len(data[name]) for name in names} == {301}
    assert (data["mid"][-1], data["position"][-1]) == (given.mark_half_ticks, given.position_lots)
    assert data["t"][-1] == 30_000
    assert data["bid"][-1] is None


def test_a_long_run_is_thinned() -> None:
    data = chart(market(steps=9_000, fill_frac=0.3))
    assert len(data["t"]) <= MOST_POINTS + 1
    assert len(data["fills"]["t"]) == data["fills_shown"] <= MOST_MARKERS


def test_the_unknown_is_null() -> None:
    given = market(steps=3)
    series = given.series
    odd = replace(
        series,
        mid_half_ticks=[-1, *whole(series.mid_half_ticks)[1:]],
        bid_ticks=[0, 1, 1],
        sigma_bps=[float("nan"), 1.0, float("inf")],
    )
    data = chart(replace(given, series=odd))
    assert data["mid"][0] is None
    assert data["bid"][0] is None
    assert data["sigma"][:3] == [None, 1.0, None]


def test_lanes_name_the_reasons_that_held() -> None:
    data = chart(market(steps=600))
    assert {lane["reason"] for lane in data["lanes"]} <= set(REASONS)
    assert {lane["side"] for lane in data["lanes"]} == {"bid", "ask"}
    assert all(0 <= share <= 100 for lane in data["lanes"] for share in lane["shares"])


def test_an_empty_series_makes_an_empty_chart() -> None:
    data = chart(replace(market(fill_frac=0), series=SeriesColumns()))
    assert data["t"] == []
    assert data["lanes"] == []
    assert data["start_ms"] == START_NS / 1e6


@pytest.mark.parametrize(("markets", "points"), [(1, 4_000), (6, 4_000), (12, 2_000), (64, 600)])
def test_a_page_of_many_markets_stays_light(markets: int, points: int) -> None:
    assert points_for(markets) == points
