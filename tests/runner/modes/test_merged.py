"""Markets that share nothing replay in one loop to the bits of their own replays."""

from pathlib import Path

import pytest

from connectors.model.kernel import dump
from connectors.tape.readers import read_tape
from connectors.tape.tape import Tape
from runner.modes.compiled import compile_loop
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.merged import replay_merged_exact
from runner.modes.merged_loop import replay_merged
from runner.modes.tracks import teach_numba
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from tests.deploys import KERNEL_CACHE, Silent, compiled_loop, instrument, replayed, settings_for
from tests.runner.modes.test_tiers import BUSY, GATED, LEAVING, PARTS, PLAIN
from tests.sessions import run_session

MARKETS = ("btc", "eth", "sol")
FREE = tuple(
    f"risk.account.{name}=null"
    for name in (
        "max_gross_notional_quote",
        "max_net_notional_quote",
        "max_market_share_frac",
        "max_open_orders",
        "max_daily_loss_quote",
        "max_drawdown_quote",
    )
)


@pytest.fixture(scope="module")
def tapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tape]:
    directory = tmp_path_factory.mktemp("tapes")
    chosen = f"market=[{','.join(MARKETS)}]"
    run_session(settings_for(chosen, "duration_s=60"), directory)
    settings = settings_for(
        chosen, "mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}"
    )
    source = tape_source(settings.tape, None)
    return {name: read_tape(source, instrument(settings, name)) for name in MARKETS}


def prepared(settings: Settings, tapes: dict[str, Tape]) -> list[MarketReplay]:
    return [prepare(settings, name, k, tape) for k, (name, tape) in enumerate(tapes.items())]


def merged(settings: Settings, tapes: dict[str, Tape]) -> list[MarketReplay]:
    teach_numba()
    runs = prepared(settings, tapes)
    replay_merged_exact(runs, settings, compile_loop(replay_merged, KERNEL_CACHE), Silent())
    return runs


def require_equal(one: MarketReplay, two: MarketReplay) -> None:
    assert one.history.fills == two.history.fills
    assert one.history.series == two.history.series
    for part in PARTS:
        a, b = getattr(one.market.desk, part), getattr(two.market.desk, part)
        assert dump(a) == dump(b), part
    assert dump(one.market.limits) == dump(two.market.limits)


@pytest.mark.parametrize(
    "overrides", [PLAIN, BUSY, GATED, LEAVING], ids=["plain", "busy", "gated", "leaving"]
)
def test_markets_that_share_nothing_replay_as_alone(
    tapes: dict[str, Tape], overrides: tuple[str, ...]
) -> None:
    settings = settings_for(f"market=[{','.join(MARKETS)}]", *overrides, *FREE)
    together = merged(settings, tapes)
    for k, (name, tape) in enumerate(tapes.items()):
        alone = prepare(settings, name, k, tape)
        from runner.modes.exact import replay_exact

        replay_exact(alone, settings, compiled_loop(), Silent())
        assert len(alone.history.fills["ticks"]) > 3
        require_equal(together[k], alone)
