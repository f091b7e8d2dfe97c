"""explain-config says each value and who wrote it, and does nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

ORIGINS = {
    "gamma": ("0.4", "command line: gamma=0.4"),
    "kappa": ("0.8", "conf/profile/hft.yaml"),
    "seed": ("9", "MMRUNNER_OVERRIDES: seed=9"),
    "duration_s": ("null", "conf/config.yaml"),
    "markets.btc.strategy.gamma": ("0.4", "conf/strategy/avellaneda_stoikov.yaml: ${gamma}"),
    "markets.btc.strategy.refresh_ms": ("20", "conf/profile/hft.yaml, as strategy.refresh_ms"),
    "markets.btc.strategy.levels": ("2", "command line: strategy.levels=2, as strategy.levels"),
    "markets.eth.strategy.levels": ("1", "command line: markets.eth.strategy.levels=1"),
    "markets.eth.venue.maker_fee_bps": ("0", "conf/venue/sim.yaml"),
    "markets.eth.instrument.symbol": ("ETHUSDT", "conf/market/eth.yaml"),
    "strategy@markets.eth.strategy": ("avellaneda_stoikov", "conf/market/eth.yaml"),
    "profile": ("hft", "profile=hft"),
    "market": ("btc, eth", "conf/config.yaml"),
    "schedule.jobs.metrics.every_s": ("10.0", "conf/schedule/default.yaml"),
}
WORDS = ("profile=hft", "gamma=0.4", "strategy.levels=2", "markets.eth.strategy.levels=1")


def rows(text: str) -> dict[str, tuple[str, str]]:
    """Return value and origin by key; columns are two spaces or more apart."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("  ") if cell.strip()]
        if len(cells) == 3:
            found[cells[0]] = (cells[1], cells[2])
    return found


@pytest.mark.parametrize("first", ["explain-config", "explain=config"])
def test_every_value_with_its_origin(first: str, command: Callable) -> None:
    outcome = command(first, *WORDS, environment={"MMRUNNER_OVERRIDES": "seed=9"})
    assert (outcome.code, outcome.err, outcome.runs) == (0, "", [])
    assert not outcome.home.exists()
    found = rows(outcome.out)
    assert {key: found[key] for key in ORIGINS} == ORIGINS


def test_choices_name_the_file_that_made_them(command: Callable) -> None:
    words = ("mode=replay", "tape=csv", "tape.path=x", "experiment=two_gammas")
    found = rows(command("explain-config", *words).out)
    assert found["profile"] == ("base", "conf/tape/csv.yaml")
    assert found["market"] == ("btc, eth", "conf/experiment/two_gammas.yaml")
    assert found["tape"] == ("csv", "tape=csv")
    assert "local" not in found


def test_mistakes_are_told_instead(command: Callable) -> None:
    outcome = command("explain-config", "gamma=7")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.line.startswith("gamma: expected a number")


def test_the_last_line_is_the_hash_that_a_run_reports(command: Callable) -> None:
    lines = command("explain-config", "gamma=0.3").out.splitlines()
    other = command("explain-config", "gamma=0.30", "explain=config").out.splitlines()
    assert lines[-1] == other[-1]
    assert len(lines[-1].removeprefix("config_hash ")) == 64


def test_a_value_removed_is_not_explained(command: Callable) -> None:
    found = rows(command("explain-config", "~schedule.jobs.metrics").out)
    assert not [key for key in found if "metrics" in key]


def test_a_local_file_is_named(command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "default.yaml").write_text("# @package _global_\nseed: 5\n")
    found = rows(command("explain-config").out)
    assert found["seed"] == ("5", "conf/local/default.yaml")
    assert found["local"] == ("default", "conf/config.yaml")
