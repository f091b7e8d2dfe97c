"""One home a knob: what is set at the root reaches the markets that made the root's choice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.settings import Quoting, Settings, Sim

Settle = Callable[..., Settings]


def strategy(settings: Settings, market: str) -> Quoting:
    found = settings.markets[market].strategy
    assert isinstance(found, Quoting)
    return found


def venue(settings: Settings, market: str) -> Sim:
    found = settings.markets[market].venue
    assert isinstance(found, Sim)
    return found


def test_a_root_knob_reaches_every_market(settled: Settle) -> None:
    settings = settled("gamma=0.5")
    assert [strategy(settings, name).gamma for name in ("btc", "eth")] == [0.5, 0.5]


def test_one_market_may_have_its_own(settled: Settle) -> None:
    settings = settled("gamma=0.5", "markets.eth.strategy.gamma=0.3")
    assert [strategy(settings, name).gamma for name in ("btc", "eth")] == [0.5, 0.3]


def test_a_root_value_reaches_every_market_with_the_same_choice(settled: Settle) -> None:
    settings = settled(
        "market=[btc,eth,sol]", "strategy@markets.sol.strategy=linear", "strategy.tolerance_bps=0.7"
    )
    found = [strategy(settings, name).tolerance_bps for name in ("btc", "eth", "sol")]
    assert found == [0.7, 0.7, 0.1]
    assert settings.strategy.tolerance_bps == 0.7  # type: ignore[attr-defined]


def test_a_venue_value_reaches_every_market(settled: Settle) -> None:
    settings = settled("venue.entry_latency_ms=50", "markets.eth.venue.entry_latency_ms=5")
    assert [venue(settings, name).entry_latency_ms for name in ("btc", "eth")] == [50.0, 5.0]


def test_a_nested_value_reaches_every_market(settled: Settle) -> None:
    settings = settled("strategy.volatility.warmup_s=5")
    assert strategy(settings, "eth").volatility.warmup_s == 5.0


def test_a_markets_own_value_wins_wherever_it_stands(settled: Settle, checkout: Path) -> None:
    file = checkout / "conf" / "market" / "eth.yaml"
    file.write_text(file.read_text() + "strategy:\n  levels: 4\n")
    settings = settled("strategy.levels=2")
    assert [strategy(settings, name).levels for name in ("btc", "eth")] == [2, 4]


def test_a_profile_reaches_the_markets_and_loses_to_the_command_line(settled: Settle) -> None:
    settings = settled("profile=hft", "strategy.refresh_ms=40")
    assert strategy(settings, "btc").slots_per_level == 2
    assert strategy(settings, "btc").refresh_ms == 40


def test_an_experiment_reaches_the_markets_and_loses_to_the_command_line(settled: Settle) -> None:
    settings = settled("experiment=wide_eth", "markets.btc.strategy.levels=2")
    assert [strategy(settings, name).levels for name in ("btc", "eth")] == [2, 3]
    assert [strategy(settings, name).level_step_bps for name in ("btc", "eth")] == [0.5, 1.0]


def test_a_local_file_wins_over_the_experiment(settled: Settle, checkout: Path) -> None:
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "default.yaml").write_text(
        "# @package _global_\nstrategy:\n  levels: 5\n"
    )
    settings = settled("experiment=wide_eth")
    assert [strategy(settings, name).levels for name in ("btc", "eth")] == [5, 5]
    assert strategy(settled("strategy.levels=6"), "btc").levels == 6


def test_a_block_reaches_every_market(settled: Settle) -> None:
    settings = settled("strategy={levels: 2, volatility: {warmup_s: 5}}")
    assert strategy(settings, "eth").levels == 2
    assert strategy(settings, "eth").volatility.warmup_s == 5.0
    assert strategy(settings, "eth").volatility.sample_s == 1.0


def test_a_reference_stays_a_reference(settled: Settle) -> None:
    settings = settled("kappa=2", "strategy.min_edge_bps=${kappa}")
    assert strategy(settings, "btc").min_edge_bps == 2.0


UNREAD = {
    "every market has its own": (
        ["market=btc", "strategy.levels=2", "markets.btc.strategy.levels=3"],
        "strategy.levels: expected a market with strategy=avellaneda_stoikov",
    ),
    "every market chose another strategy": (
        ["market=btc", "strategy@markets.btc.strategy=linear", "strategy.levels=2"],
        "strategy.levels: expected a market with strategy=avellaneda_stoikov",
    ),
    "the only reader is disabled": (
        [
            "strategy@markets.btc.strategy=linear",
            "markets.eth.enabled=false",
            "strategy.levels=2",
        ],
        "strategy.levels: expected a market with strategy=avellaneda_stoikov",
    ),
    "nobody refers to gamma": (
        ["market=btc", "gamma=0.3", "markets.btc.strategy.gamma=0.4"],
        "gamma: expected a market whose strategy refers to it",
    ),
    "gamma at the strategy": (
        ["strategy.gamma=0.3"],
        "strategy.gamma: expected its home 'gamma' (gamma=... for every market, "
        "markets.NAME.strategy.gamma=... for one)",
    ),
}


@pytest.mark.parametrize("case", UNREAD.values(), ids=UNREAD.keys())
def test_a_value_that_nobody_reads_is_refused(case: tuple[list[str], str], settled: Settle) -> None:
    words, message = case
    with pytest.raises(ConfigError) as caught:
        settled(*words)
    assert message in str(caught.value)


def test_a_profiles_default_may_be_left_unread(settled: Settle) -> None:
    settings = settled(
        "market=btc",
        "profile=hft",
        "strategy@markets.btc.strategy=linear",
        "markets.btc.strategy.gamma=0.4",
        "markets.btc.strategy.kappa=2",
    )
    assert strategy(settings, "btc").refresh_ms == 100


def test_a_recorded_tape_asks_for_the_base_profile(settled: Settle) -> None:
    recorded = ("mode=replay", "tape=binance_raw", "tape.path=x")
    assert settled().kappa == 1.5
    assert settled("mode=replay").kappa == 1.5
    assert settled(*recorded).kappa == 0.8
    assert settled(*recorded, "profile=demo").kappa == 1.5
    assert settled(*recorded, "kappa=3").kappa == 3.0
    assert settled("experiment=recorded_binance", "tape.path=x").kappa == 0.8


def test_typed_paths_start_where_they_are_typed_and_others_at_the_checkout(
    settled: Settle, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = settled("mode=replay", "tape=csv", "tape.path=data/a.csv")
    assert typed.tape.path == tmp_path / "data" / "a.csv"
    assert settled("mode=replay").tape.path == checkout / "connectors" / "sim" / "tape"
    assert settled("mode=replay", "tape=csv", "tape.path=/a").tape.path == Path("/a")
    home = settled("mode=replay", "tape=csv", "tape.path='~/a'").tape.path
    assert home == Path("~/a").expanduser()
