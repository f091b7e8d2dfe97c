"""Bad input of any kind gets one clear line, exit 2, and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest

Case = tuple[list[str], list[str]]

MARKETS = (
    "btc, btc_hedge, btc_hedge2, btc_lead, btc_leg, btc_leg2, btc_spot, doge_leg, doge_leg2"
    ", eth, eth_hedge, sol, sol_hedge, wif"
)
CASES: dict[str, Case] = {
    "misspelt key": (["gama=0.2"], ["gama", "unknown", "did you mean 'gamma'?"]),
    "too large": (["gamma=5"], ["gamma: expected a number from 0.01 to 1, was 5"]),
    "not a number": (["gamma=nan"], ["gamma: expected a number from 0.01 to 1, was nan"]),
    "infinite": (["duration_s=.inf"], ["duration_s: expected a number above 0"]),
    "text for a number": (["kappa=wide"], ["kappa: expected a number", "was 'wide'"]),
    "yes for a number": (["kappa=true"], ["kappa: expected a number", "was true"]),
    "nothing for a number": (["kappa="], ["kappa: expected a number", "was ''"]),
    "null for a number": (["kappa=null"], ["kappa: expected a number", "was null"]),
    "float for a whole number": (["seed=1.0"], ["seed: expected a whole number", "was 1.0"]),
    "number for yes or no": (["record.tape=1"], ["record.tape: expected true or false, was 1"]),
    "below zero": (["duration_s=-1"], ["duration_s: expected a number above 0", "was -1"]),
    "word": (["record.decisions=some"], ["record.decisions: expected one of all, changes, none"]),
    "capitals": (["deploy=Desk"], ["deploy: expected small letters, digits, _ and -, was 'Desk'"]),
    "market": (["market=doge"], [f"market: expected one of {MARKETS}, was 'doge'"]),
    "market in a list": (["market=[btc,doge]"], ["market: expected one of btc", "was 'doge'"]),
    "no market": (["market=[]"], [f"market: expected one or more of {MARKETS}, was none"]),
    "market twice": (["market=[btc,btc]"], ["market: expected each market once, was btc 2 times"]),
    "market number": (["market=3"], ["market: expected one of btc", "was '3'"]),
    "market block": (["market={a: 1}"], ["market: expected one of btc", "was 'a block of keys'"]),
    "markets by comma": (["market=btc,eth"], ["market: expected one value", "'market=[btc,eth]'"]),
    "values by comma": (["gamma=0.1,0.2"], ["gamma: expected one value, was 0.1,0.2", "-m"]),
    "strategy": (
        ["strategy=foo"],
        ["expected one of avellaneda_stoikov, cartea_jaimungal, glft, hybrid, linear"],
    ),
    "strategy nearby": (["strategy=liner"], ["was 'liner'; did you mean 'linear'?"]),
    "venue": (["venue=mars"], ["venue: expected one of binance,", "was 'mars'"]),
    "mode": (
        ["mode=bar"],
        [
            "mode: expected one of ",
            " calibrate, doctor, download, flatten, funding, health",
            " steer, unlatch, watch, web, was",
        ],
    ),
    "profile": (["profile=fast"], ["profile: expected one of base, demo, hft, optimized"]),
    "local": (["local=work"], ["local: expected"]),
    "venue key": (["venue.maker_fee_bp=1"], ["did you mean 'venue.maker_fee_bps'?"]),
    "market key": (["markets.btc.roel=hedge"], ["did you mean 'markets.btc.role'?"]),
    "deep key": (["markets.btc.strategy.volatility.warmup=1"], ["'markets.btc.strategy.volat"]),
    "added key": (["+venue.size=1"], ["venue.size: expected a known key, was an unknown one"]),
    "forced key": (["++venue.size=1"], ["venue.size: expected a known key"]),
    "plus for nothing": (["+gamma=0.3"], ["gamma: expected no '+' before a key that is there"]),
    "plus before a group": (["+market=btc"], ["+market: expected no '+' before a group"]),
    "removed key": (["~kappa"], ["kappa"]),
    "absent market": (
        ["markets.sol.strategy.gamma=1"],
        ["markets.sol: expected a market of this deploy (btc, eth)", "'market=[btc,eth,sol]'"],
    ),
    "absent market's strategy": (
        ["strategy@markets.sol.strategy=linear"],
        ["strategy@markets.sol.strategy: expected a market of this deploy, was 'sol'"],
    ),
    "name as a key": (["strategy.name=linear"], ["strategy.name: expected the choice strategy="]),
    "market's name as a key": (
        ["markets.btc.strategy.name=linear"],
        ["expected the choice strategy@markets.btc.strategy=NAME"],
    ),
    "both sizes": (
        ["markets.btc.order_size_base=0.01"],
        ["markets.btc: expected one of order_size_base and order_size_quote, was both"],
    ),
    "no size": (["markets.btc.order_size_quote=null"], ["markets.btc", "was neither"]),
    "order over position": (
        ["markets.btc.max_position_quote=500"],
        ["markets.btc: expected max_position_quote to hold one order of 1000, was 500"],
    ),
    "order under minimum": (
        ["markets.btc.order_size_quote=99"],
        ["markets.btc: expected order_size_quote", "100, was 99"],
    ),
    "order over its share": (
        ["risk.max_order_frac=0.05"],
        ["0.05 * 10000 = 500", "was 1000"],
    ),
    "order over its notional": (
        ["risk.max_order_notional_quote=900"],
        ["markets.btc.order_size_quote: expected at most risk.max_order_notional_quote, 900"],
    ),
    "refresh over budget": (
        ["strategy.refresh_ms=5", "strategy.levels=3"],
        ["2 sides * 3 levels * 1000 / 5 ms = 1200 a second"],
    ),
    "spreads crossed": (["strategy.min_spread_bps=200"], ["strategy: expected min_spread_bps at"]),
    "session without length": (["strategy.mode=session"], ["strategy: expected session_s with"]),
    "prior under floor": (
        ["strategy.volatility.floor_bps_per_sqrt_s=0.9"],
        ["strategy.volatility: expected prior_bps_per_sqrt_s at or above"],
    ),
    "target without spot": (
        ["markets.eth.target_base_frac=0.5"],
        ["markets.eth: expected target_base_frac null unless instrument.is_spot, was 0.5"],
    ),
    "spot without target": (
        ["markets.eth.instrument.is_spot=true"],
        ["markets.eth: expected targ"],
    ),
    "two owners": (
        ["markets.eth.instrument.symbol=BTCUSDT"],
        ["markets.eth.instrument.symbol: expected one owner of BTCUSDT", "markets.btc already"],
    ),
    "nothing enabled": (
        ["markets.btc.enabled=false", "markets.eth.enabled=false"],
        ["market: expected one that is enabled, was none of btc, eth"],
    ),
    "armed on paper": (["armed=true"], ["armed: expected false with mode=paper, was true"]),
    "home of gamma": (["strategy.gamma=0.3"], ["strategy.gamma: expected its home 'gamma'"]),
    "tape on paper": (["tape=csv", "tape.path=x"], ["tape: expected mode=replay"]),
    "reason without a kill": (["kill.reason=x"], ["kill.reason: expected mode=kill"]),
    "jump window": (["risk.jump_window_s=0.1"], ["risk.jump_window_s: expected at least twice"]),
    "fills a minute": (["risk.max_fills_per_min=2000"], ["a whole number from 1 to 1024, or null"]),
    "tier on paper": (["replay.tier=parity"], ["replay.tier: expected mode=replay"]),
    "tape without path": (["mode=replay", "tape=csv"], ["tape.path: expected tape.path=VALUE"]),
    "cron weekday number": (
        ["schedule.jobs.metrics.cron='0 0 * * 0'", "schedule.jobs.metrics.every_s=null"],
        ["schedule.jobs.metrics.cron: expected a cron line", "was '0 0 * * 0'"],
    ),
    "job twice timed": (
        ["schedule.jobs.metrics.cron='0 0 * * *'"],
        ["schedule.jobs.metrics: expected one of every_s and cron, was both"],
    ),
    "flatten of nobody": (
        [
            "+schedule.flattens.a={markets: [doge], zone: UTC, cron: '0 0 * * *', step_s: 1,"
            " max_slippage_bps: 1, within_s: 60}"
        ],
        ["schedule.flattens.a.markets: expected markets that are quoted (btc, eth), was doge"],
    ),
    "zone": (
        ["+schedule.hours.a={markets: all, zone: New_York, windows: ['mon-fri 09:30 - 16:00']}"],
        ["schedule.hours.a.zone: expected a time zone such as UTC", "was 'New_York'"],
    ),
    "window": (
        ["+schedule.hours.a={markets: all, zone: UTC, windows: ['9:30 - 16:00']}"],
        ["schedule.hours.a.windows: expected a list of 1 to 64 windows"],
    ),
    "pause without moments": (
        [
            "+schedule.pauses.a={markets: all, zone: UTC, cron: null, at: [], before_s: 1,"
            " after_s: 1}"
        ],
        ["schedule.pauses.a: expected one of cron and at, was neither"],
    ),
    "weights without capital": (
        ["schedule=rebalance", "schedule.rebalances.daily.capital=null"],
        ["schedule.rebalances.daily: expected the capital that weights are shares of, was null"],
    ),
    "two rebalances of one market": (
        [
            "schedule=rebalance",
            "+schedule.rebalances.b={zone: UTC, cron: '0 1 * * *',"
            " target_base: {btc: 1}, weights: null, capital: null, by: quotes, tolerance_clips: 1,"
            " step_s: 1, max_slippage_bps: 1, within_s: 60}",
        ],
        ["schedule.rebalances.b: expected one rebalance a market, but btc is of"],
    ),
    "weight of nobody": (
        ["schedule=rebalance", "market=btc"],
        ["schedule.rebalances.daily.weights.ETH: expected one quoted market of ETH, was none"],
    ),
    "unknown job": (
        ["+schedule.jobs.metricz={every_s: 1, cron: null}"],
        ["schedule.jobs.metricz: expected one of metrics, housekeeping,"],
    ),
    "broken reference": (["deploy=${deplo}"], ["deploy: expected a value, was none", "deplo"]),
    "unclosed list": (["gamma=[1"], ["gamma=[1: expected KEY=VALUE that can be read"]),
    "word alone": (["replay"], ["replay: expected KEY=VALUE", "did you mean 'mode=replay'?"]),
    "explain misspelt": (["explain-confg"], ["did you mean 'explain-config'?"]),
    "unknown flag": (["--dry-run"], ["expected overrides KEY=VALUE or a flag of --help", "--dry-"]),
    "flag with a value": (["--dry=run"], ["--dry"]),
    "hydra's mode": (["hydra.mode=MULTIRUN"], ["hydra.mode: expected the flag -m"]),
    "hydra's unread key": (
        ["hydra.job.chdir=true"],
        ["hydra.job.chdir: expected one that a singl"],
    ),
    "hydra's unknown key": (["hydra.rum.dir=x"], ["hydra.rum: expected a known key", "hydra.run"]),
    "config directory": (["-cd", "nowhere"], ["--config-dir: expected a directory, was nowhere"]),
    "paper sweep": (["-m", "gamma=0.1,0.2"], ["mode: expected replay or calibrate with -m"]),
    "sweep with one bad job": (["-m", "mode=replay", "gamma=0.1,7"], ["gamma: expected a number"]),
    "sweep with a paper job": (["-m", "mode=replay,paper"], ["mode: expected replay or calibrate"]),
    "sweep of a misspelt key": (["-m", "mode=replay", "gama=1,2"], ["gama: expected a known key"]),
    "sweep explained": (["-m", "mode=replay", "explain=config"], ["explain: expected one config"]),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_line_and_nothing_written(case: Case, command: Callable, tmp_path: Path) -> None:
    words, parts = case
    outcome = command(*words)
    for part in parts:
        assert part in outcome.line
    assert (outcome.code, outcome.out, outcome.runs) == (2, "", [])
    assert not outcome.home.exists()
    assert list((tmp_path / "cwd").iterdir()) == []
    assert not (tmp_path / "checkout" / "outputs").exists()


FILES: dict[str, tuple[str, str]] = {
    "torn YAML": ("# @package _global_\ngamma: [1\nb: 2\n", "default.yaml:3:2: expected YAML"),
    "tab": ("# @package _global_\nvenue:\n\tmaker_fee_bps: 1\n", "default.yaml:3:1: expected YAML"),
    "key twice": ("# @package _global_\ngamma: 1\ngamma: 1\n", "found duplicate key gamma"),
    "no package": ("gamma: 0.3\n", "expected '# @package _global_' as the first line"),
    "empty": ("", "expected '# @package _global_' as the first line"),
    "a text": ("gamma\n", "expected '# @package _global_' as the first line"),
    "a list": (
        "# @package _global_\n- gamma\n",
        "conf/local/default.yaml: expected what fits the rest, was not: Cannot merge",
    ),
    "not text": ("\udcff\udcfe", "default.yaml: expected a file of keys and values"),
    "bad value": ("# @package _global_\ngamma: 7\n", "was 7 (conf/local/default.yaml)"),
    "infinite": ("# @package _global_\ngamma: .nan\n", "was nan (conf/local/default.yaml)"),
    "unknown key": ("# @package _global_\ngama: 1\n", "did you mean 'gamma'?"),
    "unknown choice": (
        "# @package _global_\ndefaults:\n  - override /strategy: liner\n",
        "expected one of avellaneda_stoikov, cartea_jaimungal, glft, hybrid, linear",
    ),
    "unknown group": (
        "# @package _global_\ndefaults:\n  - override /strat: linear\n",
        "conf/local/default.yaml: expected what fits the rest",
    ),
    "absent market": (
        "# @package _global_\nmarkets:\n  sol:\n    enabled: false\n",
        "markets.sol.underlying: expected a value, was none",
    ),
    "value for a block": (
        "# @package _global_\nvenue: 3\n",
        "venue: expected a block of keys with a name, was 3 (conf/local/default.yaml)",
    ),
    "value for another block": (
        "# @package _global_\nrisk: 3\n",
        "risk: expected a block of keys, was 3 (conf/local/default.yaml)",
    ),
    "moved home": (
        "# @package _global_\nstrategy:\n  gamma: 0.3\n",
        "expected its home 'gamma'",
    ),
}


@pytest.mark.parametrize("case", FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_named(case: tuple[str, str], command: Callable, checkout: Path) -> None:
    text, part = case
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "default.yaml").write_bytes(
        text.encode("utf-8", "surrogateescape")
    )
    outcome = command("market=btc")
    assert part in outcome.line
    assert outcome.code == 2
    assert not outcome.home.exists()


def test_a_market_file_without_its_package_is_named(command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "market" / "xrp.yaml").write_text("underlying: XRP\n")
    assert "expected '# @package markets.NAME' as the first line" in command("market=xrp").line


def test_bad_words_in_the_environment_are_named(command: Callable) -> None:
    outcome = command(environment={"MMRUNNER_OVERRIDES": "gamma=7"})
    assert outcome.line.endswith("was 7 (MMRUNNER_OVERRIDES: gamma=7)")
    outcome = command(environment={"MMRUNNER_OVERRIDES": "gamma='7"})
    assert "MMRUNNER_OVERRIDES: expected words as a shell reads them" in outcome.line


def test_long_and_hostile_values_stay_on_one_printable_line(command: Callable) -> None:
    line = command("deploy='" + "\x1b[31m\n" * 300 + "'").line
    assert len(line) < 700
    assert line.isprintable()


def test_a_local_file_that_was_asked_for_must_be_there(command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "desk.yaml").write_text("# @package _global_\ngamma: 0.3\n")
    assert command("local=dusk").line.startswith("local: expected desk, was 'dusk'")
    assert command("local=desk").runs[0][0].gamma == 0.3
