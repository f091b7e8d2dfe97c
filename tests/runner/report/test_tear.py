"""A tear sheet says what a run was worth, how sure that is, and what cannot be said."""

import json
from dataclasses import replace

import pytest

from runner.report.figure import Figure
from runner.report.markout_curve import POINTS, markout_curve
from runner.report.markouts import markout_of
from runner.report.reckoning import reckon
from runner.report.tear import Tear
from runner.report.tear_card import tear_tables
from runner.report.tear_json import tear_json
from runner.results import MarketResult
from tests.runner.report.fake_run import market, run


def sheet(given: MarketResult) -> Tear:
    """Return the tear sheet of a run of one market."""
    return reckon(run(given)).tears[given.name]


TRADING = market(steps=3000, maker_fee_bps="0.2", funding_quote="0.5")


def test_every_part_that_varies_has_a_band_around_it() -> None:
    tear = sheet(TRADING)
    known = dict(tear.parts.items())
    for name in ("spread", "adverse", "inventory", "fees"):
        band, value = tear.bands[name], known[name]
        assert band is not None
        assert value is not None
        assert band.low < float(value) < band.high
    assert tear.bands.get("funding") is None


def test_the_net_of_volume_and_of_an_hour_are_the_net_in_other_units() -> None:
    tear = sheet(TRADING)
    net = float(tear.net or 0)
    assert tear.figure("net_bps").value == pytest.approx(net / tear.traded.volume * 1e4)
    assert tear.figure("net_per_h").value == pytest.approx(net / tear.traded.span_s * 3600)
    band = tear.figure("net_per_h").band
    assert band is not None
    assert band.holds(net / tear.traded.span_s * 3600)


def test_few_fills_are_told_and_nothing_is_made_of_them() -> None:
    tear = sheet(market(steps=300, fill_frac=0.02))
    assert 0 < tear.traded.fills < 30
    sharpe = tear.figure("sharpe_annual")
    assert (sharpe.value, sharpe.band) == (None, None)
    assert sharpe.why == f"{tear.traded.fills} of 30 fills needed"
    assert tear.bands == {}
    assert "Too few fills for bands." in tear_tables(tear, 2, "1s")


def test_a_run_without_fills_has_no_sheet_to_show() -> None:
    assert tear_tables(sheet(market(fill_frac=0)), 2, "1s") == ""
    assert tear_tables(None, 2, "1s") == ""


def test_a_mark_that_is_not_known_leaves_returns_unknown() -> None:
    tear = sheet(replace(TRADING, mark_half_ticks=-1))
    assert tear.net is None
    assert tear.figure("sharpe_annual").why == "a mid is not known"
    assert tear.figure("net_bps").why == "a mark is not known"


def test_orders_filled_lie_in_wilsons_interval() -> None:
    figure = sheet(TRADING).figure("fill_frac")
    assert figure.band is not None
    assert figure.value == len(set(TRADING.fills.client_id)) / TRADING.orders  # type: ignore[call-overload]
    assert 0 < figure.band.low < figure.value < figure.band.high < 1


def test_the_total_of_one_market_is_its_own_sheet() -> None:
    reckoning = reckon(run(TRADING))
    own, total = reckoning.tears["btc"], reckoning.total_tear
    assert total is not None
    assert total.parts == own.parts
    assert total.bands == own.bands


def test_currencies_without_a_rate_have_no_total() -> None:
    assert reckon(run(market(), market("eth", quote="USDC"))).total_tear is None


def test_a_sweep_may_do_without() -> None:
    assert reckon(run(TRADING), tear=False).tears == {}


def test_the_markout_curve_passes_through_the_one_second_markout() -> None:
    markout = markout_of(TRADING.fills)
    point = markout_curve(TRADING.fills)["both"][POINTS.index("1s")]
    assert markout is not None
    assert point.band is not None
    assert (point.mean, point.band.error) == (markout.mean.mean, markout.mean.error)


def test_a_sheet_is_json_and_the_same_every_time() -> None:
    one, two = (json.dumps(tear_json(sheet(TRADING)), allow_nan=False) for _ in range(2))
    assert one == two
    assert tear_json(None) is None


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("ratio", 1.234, "+1.23"),
        ("ratio", 1234.5, "+1,234"),
        ("frac", -0.25, "−25.0 %"),
        ("seconds", 90.0, "90.0 s"),
        ("seconds", -200.0, "−3 min 20 s"),
        ("money", -1.5, "−1.500"),
        ("rate", float("inf"), "–"),
    ],
)
def test_figures_read_well(kind: str, value: float, text: str) -> None:
    assert Figure("key", "", kind, "", value).text(value, 3) == text  # type: ignore[arg-type]


def test_the_page_states_what_a_year_is_made_of() -> None:
    # 300 s in 40 steps of 7.5 s: sqrt(365 * 86,400 / 7.5) = 2,050.6
    assert "From 40 steps of 7.5 s; of a year: times 2,051." in tear_tables(sheet(TRADING), 2, "1s")
