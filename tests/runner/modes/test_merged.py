"""Markets that replay in one loop: to the bits of their own replays, but for what they share."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.model.errors import Refusal
from connectors.model.kernel import dump
from connectors.model.orders import UNKNOWN
from connectors.tape.readers import read_tape
from connectors.tape.tape import Columns, Tape
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.parity import replay_parity
from runner.modes.replay import account_stop, exit_code, groups_of
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from strategies import reasons as why
from tests.deploys import (
    KERNEL_CACHE,
    Silent,
    compiled_loop,
    instrument,
    replay_interpreted,
    settings_for,
)
from tests.runner.modes.test_tiers import BUSY, GATED, LEAVING, PARTS, PLAIN
from tests.sessions import run_session

MARKETS = ("btc", "eth", "sol")
ALL = f"market=[{','.join(MARKETS)}]"
FREE = (
    "risk.account.max_gross_notional_quote=null",
    "risk.account.max_net_notional_quote=null",
    "risk.account.max_open_orders=null",
    "risk.account.max_daily_loss_quote=null",
    "risk.account.max_drawdown_quote=null",
)
TIGHT = (
    "risk.account.max_gross_notional_quote=3000",
    "risk.account.max_net_notional_quote=2000",
    "risk.account.max_market_share_frac=0.6",
    "risk.account.max_open_orders=5",
    "markets.eth.underlying=BTC",
    "risk.underlying.max_net_notional_quote=1700",
    "risk.venue.max_capital_quote=2800",
)

Tapes = dict[str, Tape]


@pytest.fixture(scope="module")
def tapes(tmp_path_factory: pytest.TempPathFactory) -> Tapes:
    directory = tmp_path_factory.mktemp("tapes")
    run_session(settings_for(ALL, "duration_s=60"), directory)
    settings = settings_for(ALL, "mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}")
    source = tape_source(settings.tape, None)
    return {name: read_tape(source, instrument(settings, name)) for name in MARKETS}


def prepared(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    return [prepare(settings, name, k, tape) for k, (name, tape) in enumerate(tapes.items())]


def exact(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = prepared(settings, tapes)
    replay_exact(runs, settings, compiled_loop(), Silent())
    return runs


def parity(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = prepared(settings, tapes)
    replay_parity(runs, settings, KERNEL_CACHE, Silent())
    return runs


def interpreted(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = prepared(settings, tapes)
    replay_interpreted(runs, settings)
    return runs


def alone(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = prepared(settings, tapes)
    for r in runs:
        replay_exact([r], settings, compiled_loop(), Silent())
    return runs


def require_equal(some: list[MarketReplay], others: list[MarketReplay]) -> None:
    for one, two in zip(some, others, strict=True):
        assert one.history.fills == two.history.fills
        assert one.history.series == two.history.series
        for part in PARTS:
            a, b = getattr(one.market.desk, part), getattr(two.market.desk, part)
            assert dump(a) == dump(b), part
        assert one.market.desk.stopping == two.market.desk.stopping
        assert dump(one.market.limits) == dump(two.market.limits)


@pytest.mark.parametrize(
    "overrides", [PLAIN, BUSY, GATED, LEAVING], ids=["plain", "busy", "gated", "leaving"]
)
def test_markets_that_share_nothing_replay_as_alone(
    tapes: Tapes, overrides: tuple[str, ...]
) -> None:
    settings = settings_for(ALL, *overrides, *FREE)
    apart = alone(settings, tapes)
    assert min(len(r.history.fills["ticks"]) for r in apart) > 3
    require_equal(exact(settings, tapes), apart)
    require_equal(parity(settings, tapes), apart)


def test_limits_of_the_account_refuse_the_same_orders_in_every_tier(tapes: Tapes) -> None:
    settings = settings_for(ALL, *BUSY, *TIGHT)
    together = exact(settings, tapes)
    free = exact(settings_for(ALL, *BUSY, *FREE), tapes)
    for held, loose in zip(together, free, strict=True):
        assert held.market.desk.tally.rejected > loose.market.desk.tally.rejected
    codes = {c for r in together for c in r.market.desk.orders.last_reject_code}
    assert Refusal.ACCOUNT_LIMIT in codes
    require_equal(parity(settings, tapes), together)
    require_equal(interpreted(settings, tapes), together)


def test_a_loss_of_all_together_stops_every_market_for_good(tapes: Tapes) -> None:
    settings = settings_for(ALL, *BUSY, *FREE[:-2], "risk.account.max_drawdown_quote=0.05")
    together = exact(settings, tapes)
    assert all(r.market.desk.stopping for r in together)
    for r in together:
        assert r.market.desk.quotes.reasons == [why.STOPPING, why.STOPPING]
        assert set(r.market.desk.orders.status) <= {0, UNKNOWN}
    assert exit_code(together, finished=True) == 4
    told = account_stop(together)
    assert told is not None
    assert told.endswith("Z by risk.account.max_drawdown_quote")
    in_parity = parity(settings, tapes)
    require_equal(in_parity, together)
    assert account_stop(in_parity) == told


def test_a_market_whose_tape_ends_does_not_stop_the_others(tapes: Tapes) -> None:
    settings = settings_for(ALL, *PLAIN, *FREE)
    short = {**tapes, "btc": cut(tapes["btc"], len(tapes["btc"]) // 4)}
    together = exact(settings, short)
    require_equal(together, alone(settings, short))
    assert account_stop(together) is None
    require_equal(together[1:], exact(settings, tapes)[1:])


def test_a_market_that_halts_does_not_stop_the_others(tapes: Tapes) -> None:
    halting = ("markets.btc.strategy.refresh_ms=200", "risk.max_drawdown_quote=0.5")
    settings = settings_for(ALL, *BUSY, *FREE, *halting)
    together = exact(settings, tapes)
    halted = [bool(r.market.limits.brakes.halted) for r in together]
    assert any(halted)
    require_equal(together, alone(settings, tapes))


def test_what_is_shared_chooses_the_loop(tapes: Tapes) -> None:
    def sizes(*overrides: str) -> list[int]:
        settings = settings_for("mode=replay", "profile=demo", ALL, *overrides)
        return [len(group) for group in groups_of(settings, prepared(settings, tapes))]

    assert sizes() == [3]
    assert sizes("replay.merge=never") == [1, 1, 1]
    assert sizes(*FREE) == [1, 1, 1]
    assert sizes(*FREE, "replay.merge=always") == [3]


def cut(tape: Tape, rows: int) -> Tape:
    def first(columns: Columns) -> Columns:
        names = ("kind", "ticks", "lots", "venue_ns", "recv_ns")
        return Columns(*(getattr(columns, name)[:rows] for name in names))

    return replace(tape, local=first(tape.local), venue=first(tape.venue))


def test_limits_of_the_account_refuse_what_they_refused_on_paper(tmp_path: Path) -> None:
    gross = (
        "risk.account.max_gross_notional_quote=2500",
        "risk.account.max_market_share_frac=null",
    )
    words = ("market=[btc,eth]", "kappa=6", *gross)
    paper = run_session(
        settings_for(*words, "duration_s=40"), tmp_path, ledger=tmp_path / "x.sqlite"
    )
    taped = ("mode=replay", "tape=mmrunner", "profile=demo", f"tape.path={tmp_path / 'tapes'}")
    settings = settings_for(*words, *taped)
    source = tape_source(settings.tape, None)
    runs = interpreted(
        settings, {n: read_tape(source, instrument(settings, n)) for n in ("btc", "eth")}
    )
    for worker, r in zip(paper.built.workers, runs, strict=True):
        worker.flush()
        assert worker.market.desk.tally.rejected == r.market.desk.tally.rejected > 5
        assert worker.market.desk.tally.places == r.market.desk.tally.places
        for name in ("recv_ns", "side", "ticks", "client_id"):
            on_paper, here = worker.history.fills[name], r.history.fills[name]
            # What was on its way when the tape ended reached paper alone.
            assert on_paper[: len(here)] == here
            assert len(on_paper) - len(here) < 3 < len(here)
