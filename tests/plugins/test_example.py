"""A package's strategy and venue run as ours do: on paper, in both tiers, with the same errors."""

import ast
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.worker import Worker
from runner.wiring.markets import market_of
from runner.wiring.venues import require_simulated
from tests.connectors.model.subset import faults, state_fields
from tests.deploys import KERNEL_CACHE, settings_for
from tests.plugins.conftest import EXAMPLE
from tests.sessions import START_NS, Finished, run_session

Run = Callable[..., subprocess.CompletedProcess[str]]
LEANING = ("strategy=leaning", "duration_s=60", "strategy.fill_lockout_ms=0")
BPS = 1e-4


def desk_of(finished: Finished, market: str) -> object:
    return next(w for w in finished.built.workers if w.market.name == market).market.desk


def share_kernels(home: Path) -> None:
    """Let a home use the compiled loops that all tests share."""
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    (home / "outputs" / "cache").mkdir(parents=True)
    (home / "outputs" / "cache" / "kernels").symlink_to(KERNEL_CACHE)


@pytest.mark.slow
def test_the_page_about_it_is_true(python: Run) -> None:
    told = python("-m", "tests.docs", "docs/extending.md")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == "docs/extending.md is true\n"


def test_the_strategy_quotes_as_it_says(installed: None, tmp_path: Path) -> None:
    seen = []

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        desk = workers[0].market.desk
        if desk.quotes.lots[0]:
            seen.append((desk.quotes.half_spread_bps, desk.quotes.skew_bps))

    finished = run_session(settings_for(*LEANING, "market=btc"), tmp_path, look=look)
    worker = finished.built.workers[0]
    assert finished.code == 0
    assert worker.open_orders() == 0
    assert len(worker.history.fills["ticks"]) > 5
    assert len(seen) > 500
    assert set(seen) == {(0.4, 0.2 * 0.4)}


def test_every_market_has_its_own_numbers(installed: None, tmp_path: Path) -> None:
    settings = settings_for(
        *LEANING,
        "market=[btc,eth,sol]",
        "strategy.half_spread_bps=1",
        "markets.eth.strategy.half_spread_bps=2",
        "strategy@markets.sol.strategy=linear",
        "duration_s=5",
    )
    finished = run_session(settings, tmp_path)
    halves = {
        name: desk_of(finished, name).quotes.half_spread_bps for name in ("btc", "eth", "sol")
    }
    assert (halves["btc"], halves["eth"]) == (1.0, 2.0)
    assert halves["sol"] not in (1.0, 2.0)


def test_the_venue_moves_as_it_says(installed: None, tmp_path: Path) -> None:
    mids = {"btc": [], "eth": []}

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            if worker.market.desk.signals.sound:
                mids[worker.market.name].append(worker.market.desk.signals.mid_ticks)

    settings = settings_for(*LEANING, "venue@markets.btc.venue=swing", "duration_s=40")
    finished = run_session(settings, tmp_path, look=look)
    assert finished.code == 0
    assert finished.built.venues.keys() == {"swing", "sim"}
    assert max(mids["btc"]) == pytest.approx(1e6 * (1 + 3 * BPS), abs=5)
    assert min(mids["btc"]) == pytest.approx(1e6 * (1 - 3 * BPS), abs=5)
    worker = next(w for w in finished.built.workers if w.market.name == "btc")
    assert len(worker.history.fills["ticks"]) > 5
    assert abs(worker.market.desk.orders.position_lots) <= 100
    assert len(set(mids["eth"])) > 20


def results(home: Path, tier: str) -> list[bytes]:
    """Return what a run left that has no time of day in it."""
    return [(home / tier / name).read_bytes() for name in ("fills.csv", "decisions.parquet")]


@pytest.mark.slow
def test_both_tiers_of_a_replay_give_the_same(python: Run, tmp_path: Path) -> None:
    share_kernels(tmp_path)
    for tier in ("exact", "parity"):
        ran = python(
            *("-m", "runner", "mode=replay", "strategy=leaning", "market=[btc,eth]"),
            *(f"replay.tier={tier}", "watch=none", "record.decisions=all"),
            f"hydra.run.dir={tmp_path / tier}",
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    exact, parity = (results(tmp_path, tier) for tier in ("exact", "parity"))
    assert exact == parity
    assert exact[0].count(b"\n") > 50


@pytest.mark.slow
def test_a_session_at_the_venue_replays_at_ours(
    installed: None, python: Run, tmp_path: Path
) -> None:
    close = "strategy.adverse_bps=0"  # the venue's takers reach no further than half a basis point
    run_session(settings_for(*LEANING, "venue=swing", "market=btc", close), tmp_path)
    share_kernels(tmp_path)
    ran = python(
        *("-m", "runner", "mode=replay", "tape=mmrunner", "strategy=leaning", "market=btc", close),
        *(f"tape.path={tmp_path / 'tapes'}", "watch=none", f"hydra.run.dir={tmp_path / 'run'}"),
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "run" / "fills.csv").read_bytes().count(b"\n") > 5


def test_its_kernel_keeps_the_subset() -> None:
    tree = ast.parse((EXAMPLE / "mmrunner_example" / "leaning.py").read_text(encoding="utf-8"))
    assert faults(tree, state_fields([tree])) == []


def test_a_venue_with_real_orders_is_refused_on_paper(
    installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for("market=btc", "venue=swing")
    require_simulated(settings)
    monkeypatch.setattr("mmrunner_example.swing.SIMULATED", False)
    with pytest.raises(
        ConfigError, match=r"markets\.btc\.venue: expected a simulated venue on paper"
    ):
        require_simulated(settings)


@pytest.mark.parametrize(
    ("part", "wrong", "words"),
    [
        ("own", lambda settings: range(17), r"expected own\(\) to give at most 16 numbers, was 17"),
        ("own", None, r"expected its entry point to have own\(\), was None"),
        ("price", lambda *args: None, r"expected price to be a kernel"),
        ("price", 7, r"expected its entry point to have price\(\), was 7"),
    ],
)
def test_a_part_that_is_missing_or_wrong_is_told(
    part: str, wrong: object, words: str, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for("market=btc", "strategy=leaning")
    monkeypatch.setattr(f"mmrunner_example.leaning.{part}", wrong)
    with pytest.raises(ConfigError, match=f"strategy leaning: {words}"):
        market_of("btc", 0, settings, settings.markets["btc"].synthetic.start_price, START_NS)
