"""Runs side by side: what differs, by how much, and whether chance explains it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from runner.report.compare.comparison import Comparison, compare, split
from runner.report.compare.figures import Difference
from runner.report.compare.keys import differing
from runner.report.compare.page import write_comparison
from runner.report.compare.table import comparison_lines
from runner.report.saved.read import SavedRun
from runner.results import FillColumns, MarketResult
from tests.runner.report.fake_run import market, run

STEPS = 3000


def saved(name: str, *markets: MarketResult, **settings: object) -> SavedRun:
    """Return a run as it is read back."""
    result = run(*markets, mode="replay")
    return SavedRun(Path(name), replace(result, settings={**result.settings, **settings}))


def worse(given: MarketResult, ticks: int) -> MarketResult:
    """Return a market that paid so many ticks more for each fill."""
    fills, columns = given.fills, {}
    for name in FillColumns.__dataclass_fields__:
        columns[name] = list(getattr(fills, name))
    columns["ticks"] = [
        price + (ticks if side == 0 else -ticks)
        for price, side in zip(columns["ticks"], columns["side"], strict=True)
    ]
    return replace(given, fills=FillColumns(**columns))


GOOD = market(steps=STEPS)


def difference(given: Comparison, key: str, column: int = 1) -> Difference:
    """Return the difference of a figure of the first block."""
    for row in given.blocks[0].rows:
        if row.first.key == key:
            found = row.differences[column]
            assert found is not None
            return found
    raise LookupError(key)


def test_what_every_fill_paid_more_is_found_though_the_net_varies_by_far_more() -> None:
    found = compare([saved("a", GOOD), saved("b", worse(GOOD, 2))])
    alone = found.blocks[0].tears[0]
    assert alone is not None
    assert alone.bands["net"] is not None
    net = difference(found, "net")
    assert net.is_told
    assert net.band is not None
    assert net.band.error < alone.bands["net"].error / 3
    assert difference(found, "spread_bps").value == pytest.approx(-0.02, rel=0.05)


def test_what_is_equal_in_both_runs_is_told_as_equal() -> None:
    found = compare([saved("a", GOOD), saved("b", worse(GOOD, 2))])
    assert not difference(found, "inventory").is_told
    band = difference(found, "adverse").band
    assert band is not None
    assert (band.low, band.high) == (0.0, 0.0)
    adverse = next(line for line in comparison_lines(found) if line.startswith("adverse"))
    assert "+0.00" not in adverse.split()[-4:]


def test_equal_runs_do_not_differ() -> None:
    found = compare([saved("a", GOOD), saved("b", GOOD)])
    assert found.settings == {}
    told = [d for row in found.blocks[0].rows for d in row.differences if d]
    assert told
    assert all(d.value == 0 and not d.is_told for d in told)


def test_runs_of_other_times_are_compared_but_not_paired() -> None:
    found = compare([saved("a", GOOD), saved("b", market(steps=STEPS // 2, seed=4))])
    assert list(found.blocks[0].paired) == [True, False]
    lines = "\n".join(comparison_lines(found))
    assert "Differences are not paired" in lines


def test_markets_that_a_run_lacks_are_left_empty() -> None:
    found = compare([saved("a", GOOD, market("eth", seed=2)), saved("b", GOOD)])
    assert [block.title for block in found.blocks] == ["all markets", "btc", "eth"]
    assert found.blocks[2].tears[1] is None
    assert not found.blocks[0].paired[1]


def test_only_settings_that_differ_are_shown_and_each_once() -> None:
    one = {"gamma": 0.2, "kappa": 1, "markets": {"btc": {"strategy": {"gamma": 0.2}, "x": 1}}}
    two = {"gamma": 0.4, "kappa": 1.0, "markets": {"btc": {"strategy": {"gamma": 0.4}, "x": None}}}
    assert differing([one, two]) == {"gamma": ["0.2", "0.4"], "markets.btc.x": ["1", "–"]}
    assert differing([{"watch": {"name": "none"}}, {"watch": {"name": "table"}}]) == {}


def test_the_second_part_is_held_to_the_band_of_the_first() -> None:
    found = split(saved("a", market(steps=6000)), 0.7)
    keys = {row.first.key for row in found.blocks[0].rows}
    assert keys.isdisjoint({"net", "max_drawdown", "fill_frac"})
    lines = list(comparison_lines(found))
    assert any(line.rstrip().endswith("inside") for line in lines)
    assert re.fullmatch(r"\d+ of \d+ figures out of sample lie inside .*", lines[-1])


def test_too_few_fills_are_not_held_to_anything() -> None:
    found = split(saved("a", market(steps=200)), 0.5)
    assert "Too few fills" in list(comparison_lines(found))[-1]


@pytest.mark.parametrize("count", [2, 3, 12])
def test_the_page_shows_every_run_and_asks_the_network_for_nothing(
    tmp_path: Path, count: int
) -> None:
    runs = [saved(f"<run {k}>", market(seed=k, steps=900), gamma=k) for k in range(count)]
    path = tmp_path / "report.html"
    write_comparison(path, [compare(runs)], "Comparison")
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<(?:link|img|iframe)\b|\bsrc=|@import|url\(", text) == []
    assert "default-src 'none';" in text
    assert all(f"&lt;run {k}&gt;" in text and f"<run {k}>" not in text for k in range(count))
    assert "Settings that differ" in text
    assert 'data-chart="overlay"' in text
    assert 'data-chart="markouts"' in text


def test_many_columns_mark_what_chance_does_not_explain() -> None:
    runs = [saved("a", GOOD), saved("b", worse(GOOD, 2)), saved("c", GOOD)]
    lines = [line for line in comparison_lines(compare(runs)) if line.startswith("spread captured")]
    assert lines[0].count("*") == 1


def test_a_market_is_held_against_the_first_run_that_has_it() -> None:
    eth = market("eth", seed=2, steps=STEPS)
    found = compare([saved("a", GOOD), saved("b", eth), saved("c", worse(eth, 2))])
    block = found.blocks[2]
    assert (block.title, list(block.paired)) == ("eth", [False, True, True])
    spread = next(row for row in block.rows if row.first.key == "spread_bps")
    assert spread.differences[:2] == [None, None]
    assert spread.differences[2] is not None
    assert spread.differences[2].is_told


def test_settings_of_a_market_are_held_against_each_other_where_it_is() -> None:
    btc: dict[str, object] = {"gamma": 0.1, "markets": {"btc": {"strategy": {"gamma": 0.1}}}}
    eth: dict[str, object] = {"gamma": 0.2, "markets": {"eth": {"strategy": {"gamma": 0.2}}}}
    assert differing([btc, eth]) == {"market": ["btc", "eth"], "gamma": ["0.1", "0.2"]}
