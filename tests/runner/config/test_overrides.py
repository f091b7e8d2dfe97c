"""Every way of choosing that users are promised works."""

from collections.abc import Callable
from pathlib import Path

import pytest

from runner.settings import Settings

Settle = Callable[..., Settings]


@pytest.mark.parametrize(
    ("words", "markets"),
    [
        ((), ["btc", "eth"]),
        (("market=btc",), ["btc"]),
        (("market=[btc]",), ["btc"]),
        (("market=[sol,btc]",), ["sol", "btc"]),
        (("market=[btc,eth,sol,wif]",), ["btc", "eth", "sol", "wif"]),
        (("gamma=0.2", "market=btc"), ["btc"]),
        (("market=eth", "market=sol"), ["sol"]),
        (("experiment=two_gammas",), ["btc", "eth"]),
    ],
)
def test_markets(words: tuple[str, ...], markets: list[str], settled: Settle) -> None:
    assert list(settled(*words).markets) == markets


def test_one_market_chooses_for_itself(settled: Settle) -> None:
    settings = settled(
        "market=btc", "venue@markets.btc.venue=sim", "strategy@markets.btc.strategy=linear"
    )
    assert settings.markets["btc"].strategy.name == "linear"
    assert settings.strategy.name == "avellaneda_stoikov"


def test_the_deploys_choice_reaches_every_market(settled: Settle) -> None:
    settings = settled("strategy=linear", "markets.eth.strategy.gamma=0.3")
    assert {market.strategy.name for market in settings.markets.values()} == {"linear"}
    assert {market.strategy.form for market in settings.markets.values()} == {"linear"}  # type: ignore[attr-defined]


def test_one_size_gives_way_to_the_other(settled: Settle) -> None:
    market = settled(
        "markets.btc.order_size_quote=null",
        "markets.btc.order_size_base=0.01",
        "markets.btc.max_position_quote=null",
        "markets.btc.max_position_base=0.1",
    ).markets["btc"]
    assert (str(market.order_size_base), market.order_size_quote) == ("0.01", None)


def test_a_job_may_be_removed_or_timed_otherwise(settled: Settle) -> None:
    assert list(settled("~schedule.jobs.metrics").schedule.jobs) == ["housekeeping"]
    assert settled("schedule=none").schedule.jobs == {}
    jobs = settled(
        "schedule.jobs.metrics.every_s=null", "schedule.jobs.metrics.cron='*/5 8-18 * * mon-fri'"
    ).schedule.jobs
    assert jobs["metrics"].cron == "*/5 8-18 * * mon-fri"


def test_the_environment_comes_before_the_command_line(command: Callable) -> None:
    environment = {"MMRUNNER_OVERRIDES": "gamma=0.3 'market=[sol]' kappa=2"}
    settings, _ = command("gamma=0.4", environment=environment).runs[0]
    assert (settings.gamma, settings.kappa, list(settings.markets)) == (0.4, 2.0, ["sol"])


def test_an_account_may_be_a_number_or_a_text(settled: Settle) -> None:
    assert settled("account_id=42").account_id == "42"
    assert settled("account_id=desk-1").account_id == "desk-1"
    assert settled().account_id is None


def test_each_venue_may_have_an_account_of_its_own(settled: Settle) -> None:
    settings = settled("account_id={lighter: 7001, bybit: uid-2}")
    accounts = [settings.account_of(venue) for venue in ("lighter", "bybit", "okx")]
    assert accounts == ["7001", "uid-2", None]
    assert settled("account_id=42").account_of("bybit") == "42"


def test_a_directory_of_ones_own_adds_files(command: Callable, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "experiment").mkdir(parents=True)
    (mine / "experiment" / "tight.yaml").write_text("# @package _global_\nkappa: 9\n")
    settings, _ = command("-cd", str(mine), "experiment=tight").runs[0]
    assert settings.kappa == 9.0
