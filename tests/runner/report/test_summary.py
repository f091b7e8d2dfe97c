import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from runner.report.reckoning import reckon
from runner.report.summary import summary_of, write_summary
from runner.results import Latency, RunResult
from tests.runner.report.fake_run import START_NS, market, run

TOP = {
    "mode",
    "version",
    "config_hash",
    "started",
    "ended",
    "exit",
    "reporting_currency",
    "totals",
    "markets",
}
OF_A_MARKET = {
    "events",
    "decisions",
    "orders",
    "cancels",
    "amends",
    "fills",
    "volume_quote",
    "position_base",
    "mark_price",
    "pnl",
    "inventory",
    "reasons",
    "latency_us",
    "book_check",
}
MONEY = ("gross", "fees", "funding", "net", "unrealised")


def summary(result: RunResult) -> dict:  # type: ignore[type-arg]
    """Return the summary as a reader sees it."""
    return json.loads(json.dumps(summary_of(result, reckon(result)), allow_nan=False))  # type: ignore[no-any-return]


def test_the_promised_keys_are_there() -> None:
    document = summary(run(market(), market("eth", seed=2)))
    assert document.keys() >= TOP
    totals = {"orders", "fills", "open_orders_end", "unknown_orders_end", "pnl"}
    assert document["totals"].keys() >= totals
    for entry in document["markets"].values():
        assert entry.keys() >= OF_A_MARKET
        assert set(entry["pnl"]) == set(MONEY)
        assert set(entry["book_check"]) == {"compared", "equal"}
        assert all(set(stage) == {"p50", "p99", "max"} for stage in entry["latency_us"].values())


def test_net_is_gross_minus_fees_plus_funding_to_the_last_digit() -> None:
    document = summary(
        run(
            market(maker_fee_bps="0.37", funding_quote="-1.234567890123"),
            market("eth", seed=2, tick="0.01"),
        )
    )
    for pnl in [document["totals"]["pnl"], *(m["pnl"] for m in document["markets"].values())]:
        money = {key: Decimal(pnl[key]) for key in MONEY}
        assert money["net"] == money["gross"] - money["fees"] + money["funding"]
        assert all("E" not in pnl[key].upper() for key in MONEY)


def test_stamps_are_utc_and_reasons_are_seconds() -> None:
    document = summary(run(market(steps=600)))
    assert datetime.fromisoformat(document["started"]) == datetime.fromtimestamp(
        START_NS // 10**9, UTC
    )
    assert document["markets"]["btc"]["reasons"]["bid"]["prior_volatility"] == pytest.approx(10.0)


def test_two_currencies_are_split_and_their_total_is_not_stated() -> None:
    document = summary(run(market(), market("eth", seed=2, quote="USDC")))
    assert set(document["totals"]["pnl"].values()) == {None}
    assert set(document["totals"]["pnl_by_currency"]) == {"USDC", "USDT"}
    assert document["totals"]["pnl_missing_rates"] == ["USDC"]
    assert document["totals"]["fills"] == sum(m["fills"] for m in document["markets"].values())


def test_a_known_rate_makes_one_total() -> None:
    result = run(market(), market("eth", seed=2, quote="USDC"))
    document = summary(replace(result, rates={"USDC": Decimal("0.5")}))
    split = document["totals"]["pnl_by_currency"]
    expected = Decimal(split["USDT"]["net"]) + Decimal(split["USDC"]["net"]) / 2
    assert Decimal(document["totals"]["pnl"]["net"]) == expected


def test_the_unknown_is_null() -> None:
    given = replace(
        market(),
        mark_half_ticks=-1,
        book_check=None,
        latency_us={"decide": Latency(float("nan"), 1.0, 2.0)},
    )
    entry = summary(run(given))["markets"]["btc"]
    assert entry["mark_price"] is None
    assert entry["pnl"]["net"] is None
    assert entry["book_check"] is None
    assert entry["latency_us"]["decide"] == {"p50": None, "p99": 1.0, "max": 2.0}


def test_position_and_mark_are_exact() -> None:
    given = replace(market(fill_frac=0), position_lots=-7, mark_half_ticks=2_000_001)
    entry = summary(run(given))["markets"]["btc"]
    assert (entry["position_base"], entry["mark_price"]) == ("-0.007", "100000.05")


def test_what_does_not_add_up_is_said() -> None:
    given = market()
    document = summary(run(replace(given, position_lots=given.position_lots + 1)))
    assert len(document["problems"]) == 1


def test_the_file_ends_with_a_line_and_reads_back(tmp_path: Path) -> None:
    result = run(market())
    write_summary(tmp_path / "summary.json", result, reckon(result))
    text = (tmp_path / "summary.json").read_text()
    assert text.endswith("}\n")
    assert json.loads(text) == summary(result)


def test_a_market_that_only_leads_needs_no_rate() -> None:
    lead = replace(market("lead", quote="USD"), only_leads=True)
    document = summary(run(market(), lead))
    assert document["totals"]["pnl"]["net"] == document["markets"]["btc"]["pnl"]["net"]
    assert document["totals"]["pnl_missing_rates"] == []
