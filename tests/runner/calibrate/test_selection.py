"""Markets are ranked by what is known of them, and not by how badly they were measured."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from runner.calibrate.edge import Edge
from runner.calibrate.estimate import Estimate, Refused
from runner.calibrate.market import fit_market
from runner.calibrate.recording import Trades
from runner.calibrate.selection import Candidate, candidate_of, earned, kyle_lambda, ranked
from runner.calibrate.selection_files import selection_lines, write_selection
from runner.wiring.funding import usual_funding_bps_per_h
from tests.deploys import CHECKOUT, instrument, settings_for
from tests.runner.calibrate.made import SECOND_NS, START_NS, recording, tops

SECONDS = 2000
UNIT = 0.1 * 0.001


def edge(fills: int, rate: float, markout: float, error: float) -> Edge:
    found = Estimate(markout, error, fills)
    return Edge(1.0, fills, Estimate(rate, 0.0, fills), {1: found, 10: found, 60: found}, found)


def candidate(name: str, rate: float, markout: float, error: float, why: str = "") -> Candidate:
    here = edge(100, rate, markout, error)
    known = Estimate(1.0, 0.1, 10)
    return Candidate(
        *(name, "USDT", 60.0, 1000, 0.1, 0.9, 0.1, 1e6, 1e5, known, known, None, here),
        earned(here),
        why,
    )


def test_a_market_counts_two_errors_below_what_it_earned() -> None:
    sure, lucky = candidate("sure", 2.0, 0.5, 0.1), candidate("lucky", 2.0, 0.9, 0.6)
    unfit = candidate("a", 9.0, 9.0, 0.1, why="3 minutes, expected 60")
    assert [c.name for c in ranked([lucky, unfit, sure])] == ["sure", "lucky", "a"]
    assert sure.rank_by == pytest.approx(2.0 * 0.5 - 2 * 2.0 * 0.1)


def test_what_is_not_known_is_not_earned() -> None:
    here = replace(edge(100, 2.0, 0.5, 0.1), fills_per_min=Refused("too short"))
    assert earned(here) == Refused("too short")


def test_lambda_is_the_slope_of_mid_on_what_was_taken() -> None:
    """What is bought moves mid in proportion, with some noise."""
    rng = np.random.default_rng(7)
    lots = rng.integers(-40_000, 40_001, SECONDS)
    moves = 20.0 * lots * 1e-4 * UNIT * 1e6 / 1e6 * 100 + rng.normal(0, 3, SECONDS)
    bid = 100_000 + np.cumsum(np.round(moves)).astype(np.int64)
    made = recording(tops(np.arange(SECONDS), bid), SECONDS)
    ns = START_NS + np.arange(1, SECONDS) * SECOND_NS - SECOND_NS // 2
    taken = lots[1:]
    flat = np.full(len(ns), 100_000, np.int64)
    made = replace(made, trades=Trades(ns, np.sign(taken), flat, np.abs(taken)))
    found = kyle_lambda(made, Decimal("0.1"), UNIT)
    assert isinstance(found, Estimate)
    millions = taken * 100_000 * UNIT / 1e6
    expected = np.polyfit(millions, moves[1:] / 100_000 * 1e4, 1)[0]
    assert abs(found.value - expected) < 0.05 * abs(expected)
    assert 0 < found.error < 0.2 * found.value


def test_a_minute_says_nothing_of_lambda() -> None:
    made = recording(tops([0.0], [100]), 30)
    assert isinstance(kyle_lambda(made, Decimal("0.1"), UNIT), Refused)


def test_a_tape_is_screened_and_what_is_too_short_is_told(tmp_path: Path) -> None:
    settings = settings_for("market=btc", "mode=calibrate", "venue.funding_rate_bps=0.8")
    market = settings.markets["btc"]
    source = TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape")
    fit = fit_market("btc", market, read_tape(source, instrument(settings, "btc")))
    funding = usual_funding_bps_per_h(market)
    found = [candidate_of(fit, market, settings.calibrate, funding)]
    assert funding == pytest.approx(0.1)
    assert found[0].one_tick_frac > 0.9
    assert found[0].spread_bps == pytest.approx(0.01, rel=0.1)
    assert "5 minutes, expected 60" in found[0].why_not
    lines = selection_lines(found)
    assert "btc: not ranked: 5 minutes, expected 60" in lines[2]
    write_selection(tmp_path, found, "t")
    with (tmp_path / "selection.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["rank"], row["market"], row["funding_bps_per_h"]) == ("", "btc", "0.1")
    assert "Not ranked" in (tmp_path / "selection.html").read_text(encoding="utf-8")
