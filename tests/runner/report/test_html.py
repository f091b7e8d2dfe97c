import base64
import hashlib
import re
from dataclasses import replace

import pytest

from runner.report.frame import asset
from runner.report.html import page
from runner.report.reckoning import reckon
from runner.results import BookCheck, RunResult, SeriesColumns
from tests.runner.report.fake_run import instrument, market, run


def html(result: RunResult) -> str:
    """Return the page of a run."""
    return page(result, reckon(result))


def test_nothing_is_fetched_and_only_our_scripts_run() -> None:
    text = html(run(market()))
    assert re.findall(r"<(?:link|img|iframe)\b|\bsrc=|@import|url\(", text) == []
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy.group(1).startswith("default-src 'none';")
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 3
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy.group(1)


def test_text_from_outside_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    given = replace(market(), venue=hostile, instrument=instrument(hostile))
    result = replace(
        run(given),
        deploy=hostile,
        reasons={hostile: 1 << 11},
        explanations={hostile: hostile},
        settings={hostile: hostile},
    )
    text = html(replace(result, markets=[replace(given, reason_ns={"bid": {hostile: 10**9}})]))
    assert hostile not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_few_markets_are_open_and_many_closed() -> None:
    assert html(run(market(), market("eth", seed=2))).count('<details class="card market"') == 2
    many = html(run(*(market(f"coin{k}", seed=k, steps=20) for k in range(20))))
    assert many.count('<details class="card market" id="') == 20
    assert 'id="coin3" open' not in many
    assert 'href="#coin3"' in many


def test_a_run_without_fills_says_so_and_draws_no_equity() -> None:
    text = html(run(market(fill_frac=0)))
    assert "No fills in this run." in text
    assert 'data-chart="price"' in text
    assert 'data-chart="equity"' not in text


def test_a_run_without_samples_says_so() -> None:
    text = html(run(replace(market(), series=SeriesColumns())))
    assert "No samples were kept" in text
    assert set(re.findall(r'data-chart="(\w+)"', text)) == {"markout", "held"}


def test_a_page_of_no_markets_is_a_page() -> None:
    assert "All markets" in html(run())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"unknown_orders_end": 2}, "btc: orders with unknown outcome: 2"),
        ({"open_orders_end": 1}, "btc: orders still open at the end: 1"),
        ({"book_check": BookCheck(10, 9)}, "in 1 of 10 comparisons"),
        ({"position_lots": 10**6}, "the worker holds 1000000"),
    ],
)
def test_what_must_not_be_overlooked_stands_on_top(change: dict[str, object], says: str) -> None:
    text = html(run(replace(market(), **change)))  # type: ignore[arg-type]
    assert says in text.split("All markets")[0]
    assert 'class="warning"' not in html(run(market()))


def test_a_tape_may_end_while_orders_rest() -> None:
    given = replace(market(), open_orders_end=2)
    assert 'class="warning"' not in html(run(given, mode="replay"))


def test_few_fills_are_not_told_from_zero() -> None:
    assert "not distinguishable from zero (" in html(run(market(steps=900)))


def test_two_currencies_have_two_totals() -> None:
    text = html(run(market(), market("eth", seed=2, quote="USDC")))
    assert re.findall(r"Total</td><td>(\w+)", text) == ["USDC", "USDT"]


def test_settings_are_listed_by_their_path() -> None:
    text = html(run(market()))
    assert "<dt>strategy.gamma</dt><dd>0.2</dd>" in text
    assert "<dt>record.tape</dt><dd>false</dd>" in text
    assert "<dt>markets" not in text


def test_a_crash_is_named() -> None:
    assert '<span class="negative">crashed</span>' in html(run(market(), exit_code=1))


def test_a_chart_can_have_the_focus_and_has_a_name() -> None:
    plots = re.findall(r'<div class="plot"([^>]*)>', html(run(market())))
    assert len(plots) == 7
    assert all('tabindex="0"' in plot and 'aria-label="' in plot for plot in plots)


def test_the_sheet_of_all_markets_stands_above_those_of_each() -> None:
    text = html(run(market(steps=900), market("eth", seed=2, steps=900)))
    assert text.count("Where the net came from") == 3
    assert html(run(market(steps=900))).count("Where the net came from") == 1
    assert "How the figures are made" in text


def test_every_place_for_a_chart_is_drawn_by_the_script() -> None:
    places = set(re.findall(r'data-chart="(\w+)"', html(run(market(steps=900)))))
    script = asset("page.js")
    drawn = set(re.findall(r'(?:name: |markouts\()"(\w+)"', script))
    assert places == drawn
