"""Each figure of quality is what a plain reading of fills.csv gives."""

import csv
import math
import statistics
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.events import BUY, SELL
from runner.report.fills import write_fills
from runner.report.quality import LAST_FILLS, Side, quality_of
from runner.report.reckoning import figures_of
from runner.results import FillColumns, MarketResult, QuotedTime
from tests.runner.report.fake_run import START_NS, market, run

NAMES = {"buy": "bid", "sell": "ask"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def busy() -> MarketResult:
    """Return a market with far more fills than a median is of."""
    quoted = QuotedTime(600 * 10**9, 540 * 10**9, 300 * 10**9, 270 * 10**9)
    return replace(market(steps=6_000, fill_frac=0.06, maker_fee_bps="0.1"), quoted=quoted)


@pytest.fixture(scope="module")
def rows(busy: MarketResult, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Return its fills.csv, as a reader has it."""
    path: Path = tmp_path_factory.mktemp("run") / "fills.csv"
    write_fills(path, run(busy))
    with path.open(newline="") as file:
        found = list(csv.DictReader(file))
    assert min(sum(r["side"] == side for r in found) for side in NAMES) > LAST_FILLS
    return found


def side_of(given: MarketResult, side: str) -> Side:
    """Return one side's quality."""
    found: Side = getattr(quality_of(given), NAMES[side])
    return found


@pytest.mark.parametrize("side", NAMES)
@pytest.mark.parametrize("horizon", ["1s", "5s", "10s", "60s"])
def test_markouts_are_the_median_of_the_last_fills(
    busy: MarketResult, rows: list[Row], side: str, horizon: str
) -> None:
    sign = 1 if side == "buy" else -1
    values = [
        sign * (float(r[f"mid_{horizon}"]) - float(r["price"])) / float(r["mid"]) * 1e4
        for r in rows
        if r["side"] == side and r["mid"] and r[f"mid_{horizon}"]
    ]
    came = side_of(busy, side).markout_median_bps[horizon]
    assert came == pytest.approx(statistics.median(values[-LAST_FILLS:]), abs=1e-9)


@pytest.mark.parametrize("side", NAMES)
def test_counts_rates_and_capture_are_of_the_whole_run(
    busy: MarketResult, rows: list[Row], side: str
) -> None:
    own = [r for r in rows if r["side"] == side]
    came = side_of(busy, side)
    sign = 1 if side == "buy" else -1
    earned = [sign * (float(r["mid"]) / float(r["price"]) - 1) for r in own]
    seen = sorted(int(r["same_side_fills_1s"]) for r in own)
    assert came.fills == len(own)
    assert came.makers == sum(r["role"] == "maker" for r in own)
    assert came.takers == sum(r["role"] == "taker" for r in own) > 0
    assert came.per_min == pytest.approx(len(own) / 10)
    assert came.captured_bps == pytest.approx(1e4 * statistics.fmean(earned), rel=1e-3)
    assert came.in_1s_p95 == seen[math.ceil(0.95 * len(seen)) - 1]


@pytest.mark.parametrize("side", NAMES)
def test_ages_are_a_quantile_over_the_time_that_inventory_was_held(
    busy: MarketResult, rows: list[Row], side: str
) -> None:
    sign = 1 if side == "buy" else -1
    ages: list[float] = []
    begins = [*rows, {"ts_ns": str(busy.last_ns)}]
    since = 0
    held = 0
    for row, following in zip(rows, begins[1:], strict=True):
        after = Decimal(row["inventory_after"])
        now, until = int(row["ts_ns"]), int(following["ts_ns"])
        if (after > 0) - (after < 0) != held:
            held, since = (after > 0) - (after < 0), now
        if held == sign:
            ages += [(at - since) / 1e9 for at in range(now, until, 10_000_000)]
    ages.sort()
    came = side_of(busy, side)
    assert came.age_median_s == pytest.approx(ages[len(ages) // 2], abs=0.05)
    assert came.age_p95_s == pytest.approx(ages[int(0.95 * len(ages))], abs=0.05)


def test_round_trips_are_won_by_what_they_earn_before_fees(
    busy: MarketResult, rows: list[Row]
) -> None:
    won = lost = 0
    cash = Decimal(0)
    for row in rows:
        price, before = Decimal(row["price"]), Decimal(row["inventory_before"])
        after = Decimal(row["inventory_after"])
        if before * after < 0 or (before and not after):
            result = cash + before * price
            won, lost = won + (result > 0), lost + (result < 0)
            cash = -after * price
        else:
            cash -= (after - before) * price
    came = quality_of(busy)
    assert (came.trips_won, came.trips_lost) == (won, lost)
    assert won + lost > 10
    assert came.win_frac == won / (won + lost)


def test_a_million_traded_earns_net_over_volume(busy: MarketResult, rows: list[Row]) -> None:
    volume = sum(Decimal(r["price"]) * Decimal(r["size"]) for r in rows)
    figures = figures_of(busy)
    net, million = figures.net, figures.net_per_million
    assert net is not None
    assert million is not None
    assert million.mean == pytest.approx(float(net.mean) / float(volume) * 1e6)
    assert net.error is not None
    assert million.error == pytest.approx(net.error / float(volume) * 1e6)
    assert million.t == pytest.approx(net.t)


def test_uptime_is_the_share_of_the_watched_time(busy: MarketResult) -> None:
    came = quality_of(busy)
    assert (came.bid.uptime_frac, came.ask.uptime_frac) == (0.9, 0.5)
    assert came.both_uptime_frac == 0.45


def test_without_fills_nothing_is_claimed() -> None:
    came = quality_of(replace(market(fill_frac=0), fills=FillColumns()))
    for side in (came.bid, came.ask):
        assert side.fills == 0
        assert set(side.markout_median_bps.values()) == {None}
        assert (side.captured_bps, side.in_1s_p95, side.age_p95_s) == (None, None, None)
        assert side.uptime_frac is None
    assert came.win_frac is None


def test_an_opening_position_is_held_from_the_start_to_the_end() -> None:
    given = replace(
        market(fill_frac=0),
        opening_position_lots=-3,
        first_ns=START_NS,
        last_ns=START_NS + 40 * 10**9,
    )
    came = quality_of(given)
    assert came.bid.age_median_s is None
    assert came.ask.age_median_s == pytest.approx(20)
    assert came.ask.age_p95_s == pytest.approx(38)


def test_a_trip_that_turns_over_ends_at_the_price_of_its_fill() -> None:
    per_side: dict[int, int] = defaultdict(int)
    rows = [(BUY, 100, 2), (SELL, 101, 5), (BUY, 103, 3), (SELL, 103, 1), (BUY, 103, 1)]
    for side, _, lots in rows:
        per_side[side] += lots
    assert per_side[BUY] == per_side[SELL]
    columns = {name: [0] * len(rows) for name in FillColumns.__dataclass_fields__}
    columns["side"], columns["ticks"], columns["lots"] = map(list, zip(*rows, strict=True))
    came = quality_of(replace(market(fill_frac=0), fills=FillColumns(**columns)))
    assert (came.trips_won, came.trips_lost) == (1, 1)
