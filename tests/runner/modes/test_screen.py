"""A screen brackets what an exact replay fills, and says that it is one."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from connectors.model.events import ASK, BID, TRADE_BUY, TRADE_SELL
from connectors.model.orders import LEVELS
from connectors.model.record import record_of
from connectors.tape.tape import Tape
from runner.command import start
from runner.modes.market_replay import first_mid_half_ticks
from runner.modes.screen_loop import SIGMA_STEP, Screen, screen
from runner.modes.shelf import Shelf
from runner.modes.view import Timing, View, open_view
from runner.modes.view_loop import FAR
from runner.places import Places, RunDirectory
from runner.screen.result import Screened
from runner.settings import Settings
from runner.wiring.markets import market_of
from runner.wiring.screen import FOREVER_NS, leave_out
from tests.deploys import (
    CHECKOUT,
    KERNEL_CACHE,
    compiled_loop,
    instrument,
    replayed,
    settings_for,
    tape_from,
)

S = 1_000_000_000
START_NS = 1_700_000_000 * S
TIMING = Timing(S // 10, S // 10, 5_000_000, 10_000_000)
MID = 600_000
"""In ticks of 0.1: 60,000."""
QUICK = ("strategy.volatility.warmup_s=0", "strategy.fill_lockout_ms=0", "strategy.unit_bps=2")
QUIET = ("mode=replay", "watch=none", "replay.tier=screen")


def interpreted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile nothing."""
    return function


def view_of(tape: Tape, timing: Timing = TIMING) -> View:
    """Return a tape's view, made by the plain functions."""
    return open_view(tape, timing, None, interpreted)


def walked(
    settings: Settings, tape: Tape, rule: int, hold_ns: int = FOREVER_NS, step: float = SIGMA_STEP
) -> tuple[Any, list[int]]:
    """Return an interpreted walk over a tape and its marks, ten of them."""
    view = view_of(tape)
    price = instrument(settings, "btc").tick_size * Decimal(first_mid_half_ticks(tape)) / 2
    market = market_of("btc", 0, settings, price, int(tape.local.recv_ns[0]))
    leave_out(market.desk.params)
    s = Screen()
    s.rule, s.hold_ns, s.sigma_step, s.bucket_half_ticks = rule, hold_ns, step, 4
    moments = np.linspace(view.now_ns[0], view.now_ns[-1], 10).astype(np.int64).tolist()
    marks = [0] * 40
    columns = [column.tolist() for column in view.columns]
    screen(market.desk, s, len(view), *columns, moments, marks)
    return s, marks


def quiet_market(events: list[tuple[int, int, int, int]], seconds: int = 4) -> Tape:
    """Return a market whose touch stands still, told every 50 ms, with some rows in between."""
    rows = [(BID, MID - 1, 10, START_NS), (ASK, MID + 1, 10, START_NS)]
    rows += [(BID, MID - 50, 5 + k % 2, START_NS + k * S // 20) for k in range(1, 20 * seconds)]
    rows += [(kind, ticks, lots, START_NS + ns) for kind, ticks, lots, ns in events]
    return tape_from(sorted(rows, key=lambda row: row[3]), instrument(settings(), "btc"))


def settings(*words: str) -> Settings:
    """Return the settings of a replay that quotes at once."""
    return settings_for("mode=replay", "market=btc", *QUICK, *words)


def quoted_ticks(of: Settings, side: int) -> int:
    """Return where a flat market is quoted while nothing happens."""
    return int(walked(of, quiet_market([]), 0)[0].ticks[side * LEVELS])


@pytest.mark.parametrize("side", [0, 1])
def test_a_trade_at_our_price_fills_by_touch_and_one_beyond_it_by_both(side: int) -> None:
    of = settings()
    ours = quoted_ticks(of, side)
    kind, beyond = (TRADE_SELL, -1) if side == 0 else (TRADE_BUY, 1)
    at = quiet_market([(kind, ours, 10**6, 2 * S)])
    through = quiet_market([(kind, ours + beyond, 10**6, 2 * S)])
    fills = [[walked(of, tape, rule)[0].fills[side] for rule in (0, 1)] for tape in (at, through)]
    assert fills == [[0, 1], [1, 1]]


def test_no_more_fills_than_traded() -> None:
    of = settings()
    ours = quoted_ticks(of, 0)
    _, marks = walked(of, quiet_market([(TRADE_SELL, ours - 1, 3, 2 * S)]), 0)
    assert marks[37] == 3


def test_lots_that_are_shown_far_away_fill_nothing() -> None:
    of = settings()
    ours = quoted_ticks(of, 0)
    shown = (ASK, MID + 40, 500, 2 * S + 20_000_000)
    _, marks = walked(of, quiet_market([shown, (TRADE_SELL, ours - 1, 3, 2 * S + 40_000_000)]), 0)
    assert marks[37] == 3


def test_an_order_fills_only_while_it_is_at_the_exchange() -> None:
    tape = quiet_market([(TRADE_SELL, MID - 20, 9, S // 10 + 2_000_000)])
    view = view_of(tape)
    first = int(np.argmax(view.now_ns == START_NS + S // 10))
    assert view.late_bid_reach[first] == FAR
    assert view.late_bid_reach[first - 1] == 2 * (MID - 20) + 1


def sample(market: str = "btc") -> tuple[Settings, Places, Shelf]:
    """Return the settings, places and an empty shelf for the tapes that come with the project."""
    home = KERNEL_CACHE.parents[2]
    places = Places(home, CHECKOUT, RunDirectory(home / "none"))
    return settings_for("mode=replay", f"market={market}"), places, Shelf()


def test_skipping_what_cannot_change_changes_nothing() -> None:
    of, places, shelf = sample()
    tape = shelf.own_tapes(of, places)["btc"]
    for rule in (0, 1):
        quick, slow = walked(of, tape, rule, step=0.0), walked(of, tape, rule, hold_ns=0)
        assert (list(quick[0].fills), quick[1]) == (list(slow[0].fills), slow[1])
        assert sum(quick[0].fills) > 10


def test_compiled_and_interpreted_walks_are_equal() -> None:
    of, places, shelf = sample()
    tape = shelf.own_tapes(of, places)["btc"]
    s, marks = walked(of, tape, 1)
    view = view_of(tape)
    price = instrument(of, "btc").tick_size * Decimal(first_mid_half_ticks(tape)) / 2
    market = market_of("btc", 0, of, price, int(tape.local.recv_ns[0]))
    leave_out(market.desk.params)
    other = Screen()
    other.rule, other.hold_ns, other.sigma_step, other.bucket_half_ticks = (
        1,
        FOREVER_NS,
        SIGMA_STEP,
        4,
    )
    record = record_of(other)
    moments = np.linspace(view.now_ns[0], view.now_ns[-1], 10).astype(np.int64)
    found = np.zeros(40, np.int64)
    loop = shelf.screen_loop(KERNEL_CACHE)
    desk = record_of(market.desk)
    loop(desk, record, 700, *view.columns, moments, found)
    loop(desk, record, len(view), *view.columns, moments, found)
    assert (record.fills.tolist(), record.buckets.tolist()) == (list(s.fills), list(s.buckets))
    assert found.tolist() == marks


def test_what_is_to_come_changes_no_decision_before_it() -> None:
    of, places, shelf = sample()
    tape = shelf.own_tapes(of, places)["btc"]
    view = view_of(tape)
    half = len(view) // 2
    cut = int(np.searchsorted(tape.local.recv_ns, view.now_ns[half], "right"))
    columns = type(tape.local)(*(getattr(tape.local, n)[:cut] for n in tape.local.__slots__))
    short = view_of(
        Tape(
            tape.symbol,
            tape.tick_size,
            tape.lot_size_base,
            columns,
            columns,
            tape.bbo,
            tape.depth_end,
        )
    )
    for name in ("now_ns", "bid_ticks", "ask_ticks"):
        assert np.array_equal(getattr(short, name)[:half], getattr(view, name)[:half]), name


@pytest.mark.parametrize("market", ["eth", "wif"])
def test_what_an_exact_replay_trades_lies_between_the_brackets(market: str) -> None:
    words = ("mode=replay", f"market={market}", "kappa=8", "strategy.adverse_bps=0")
    of, places, shelf = settings_for(*words), *sample(market)[1:]
    tape = shelf.own_tapes(of, places)[market]
    traded = replayed(of, market, tape, compiled_loop()).market.desk.trades
    one = screened(of, shelf).markets[0]
    lower, upper = (w.end.notional_tick_lots for w in (one.lower, one.upper))
    assert lower < upper
    assert 0.8 * lower < traded.notional_tick_lots < 1.1 * upper


def screened(of: Settings, shelf: Shelf) -> Screened:
    """Return the screen of a run whose files nobody reads."""
    from tempfile import TemporaryDirectory

    from runner.modes.screen import run_job

    with TemporaryDirectory() as folder:
        home = KERNEL_CACHE.parents[2]
        return run_job(of, Places(home, CHECKOUT, RunDirectory(Path(folder) / "run")), shelf)


def test_the_summary_is_never_taken_for_an_exact_one(tmp_path: Path) -> None:
    home = {"MMRUNNER_HOME": str(home_with_kernels(tmp_path))}
    run = tmp_path / "run"
    assert start((*QUIET, "market=btc", "gates=hybrid", f"hydra.run.dir={run}"), home) == 0
    summary = json.loads((run / "summary.json").read_text())
    assert summary["tier"] == "screen"
    assert "totals" not in summary
    assert "markets" not in summary
    told = summary["screened"]
    assert {"queue", "risk", "gates.toxicity"} <= set(told["left_out"])
    market = told["markets"]["btc"]
    assert market["lower"]["fills"] <= market["upper"]["fills"]
    for side in ("lower", "upper"):
        assert sum(row[side] for row in market["fills_by_distance"]) == market[side]["fills"]
        pnl = market[side]["pnl"]
        assert Decimal(pnl["net"]) == Decimal(pnl["gross"]) - Decimal(pnl["fees"])


def home_with_kernels(tmp_path: Path) -> Path:
    """Return a home that shares the compiled kernels of all tests."""
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    cache = tmp_path / "home" / "outputs" / "cache"
    cache.mkdir(parents=True)
    (cache / "kernels").symlink_to(KERNEL_CACHE)
    return tmp_path / "home"
