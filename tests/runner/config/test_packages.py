"""An installed package may bring a strategy or a venue without touching the project."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

MODULE = """
from typing import Annotated

from runner.settings import Quoting, StrategySettings, VenueSettings
from runner.settings.fields import Real


class Pair:
    class Settings(StrategySettings):
        risk_aversion: Annotated[float, Real(0, 1)]
        edge_bps: Annotated[float, Real(0, 50)]


class Wide:
    class Settings(Quoting):
        extra_bps: Annotated[float, Real(0, 50)]


class Mars:
    class Settings(VenueSettings):
        ws_url: str


class Bare:
    pass
"""
FILES = {
    "strategy/pair.yaml": "name: pair\nrisk_aversion: ${gamma}\nedge_bps: 2.0\n",
    "strategy/wide.yaml": (
        "defaults:\n  - avellaneda_stoikov\n  - _self_\nname: wide\nextra_bps: 1.0\n"
    ),
    "strategy/bare.yaml": "name: bare\n",
    "venue/mars.yaml": (
        "name: mars\nnetwork: test\nmaker_fee_bps: -0.5\ntaker_fee_bps: 3\nws_url: ws://127.0.0.1\n"
    ),
}
ENTRY_POINTS = """
[mmrunner.strategies]
pair = brought_strategies.plugin:Pair
wide = brought_strategies.plugin:Wide
bare = brought_strategies.plugin:Bare
[mmrunner.venues]
mars = brought_strategies.plugin:Mars
"""


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a package by putting it, with its metadata, on the path."""
    site = tmp_path / "site"
    conf = site / "brought_strategies" / "conf"
    for name, text in FILES.items():
        (conf / name).parent.mkdir(parents=True, exist_ok=True)
        (conf / name).write_text(text)
    (conf / "__init__.py").touch()
    (site / "brought_strategies" / "__init__.py").touch()
    (site / "brought_strategies" / "plugin.py").write_text(MODULE)
    info = site / "brought_strategies-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: brought-strategies\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(site))
    yield
    for name in [name for name in sys.modules if name.startswith("brought_strategies")]:
        del sys.modules[name]


def test_a_strategy_for_the_deploy(command: Callable) -> None:
    settings, _ = command("strategy=pair", "gamma=0.3", "strategy.edge_bps=5").runs[0]
    assert {market.strategy.name for market in settings.markets.values()} == {"pair"}
    assert settings.markets["eth"].strategy.risk_aversion == 0.3
    assert settings.markets["eth"].strategy.edge_bps == 5.0


def test_a_strategy_for_one_market(command: Callable) -> None:
    settings, _ = command("strategy@markets.eth.strategy=wide", "kappa=2").runs[0]
    assert settings.markets["btc"].strategy.name == "avellaneda_stoikov"
    assert settings.markets["eth"].strategy.extra_bps == 1.0
    assert settings.markets["eth"].strategy.kappa == 2.0


def test_a_strategy_chosen_in_a_file(command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "experiment" / "mine.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /strategy: wide\n"
    )
    settings, _ = command("experiment=mine").runs[0]
    assert settings.strategy.name == "wide"


def test_a_venue(command: Callable) -> None:
    settings, _ = command("market=btc", "venue=mars", "venue.ws_url=ws://127.0.0.1:9").runs[0]
    venue = settings.markets["btc"].venue
    assert (venue.name, str(venue.maker_fee_bps), venue.ws_url) == (
        "mars",
        "-0.5",
        "ws://127.0.0.1:9",
    )


def test_a_package_without_the_file_is_told_once(command: Callable, tmp_path: Path) -> None:
    (tmp_path / "site" / "brought_strategies" / "conf" / "strategy" / "pair.yaml").unlink()
    assert command("strategy=pair").line.startswith("strategy: expected one of avellaneda_stoikov")


def test_a_strategy_and_a_venue_together(command: Callable) -> None:
    settings, _ = command("strategy=pair", "venue=mars", "market=btc").runs[0]
    assert (settings.strategy.name, settings.venue.name) == ("pair", "mars")


def test_in_a_sweep(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "strategy=pair,wide", "market=btc")
    assert [settings.strategy.name for settings, _ in outcome.runs] == ["pair", "wide"]


def test_its_mistakes_are_told_like_ours(command: Callable) -> None:
    assert command("strategy=pair", "strategy.edge_bps=99").line == (
        "strategy.edge_bps: expected a number from 0 to 50, was 99"
    )
    assert "did you mean 'strategy.edge_bps'?" in command("strategy=pair", "strategy.edge=1").line
    assert "strategy.risk_aversion: expected its home 'gamma'" in (
        command("strategy=pair", "strategy.risk_aversion=0.2").line
    )


def test_kappa_that_its_strategy_does_not_read_is_refused(command: Callable) -> None:
    assert command("strategy=pair", "kappa=2").line.startswith("kappa: expected a market whose")


def test_a_package_without_settings_is_refused(command: Callable) -> None:
    assert command("strategy=bare").line == (
        "strategy.name: expected brought_strategies.plugin:Bare to have a class Settings derived"
        " from StrategySettings, was None"
    )


def test_what_nobody_brings_is_refused(command: Callable) -> None:
    assert command("strategy=pear").line.startswith("strategy: expected one of avellaneda_stoikov")
