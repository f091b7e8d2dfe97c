"""Markets of one cross margin replay event by event over one wallet, the same in every tier."""

import pytest

from connectors.model.events import LIQUIDATION
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.tape import Tape
from runner.engine.session import HALTED
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare, share_margin
from runner.modes.parity import replay_parity
from runner.modes.replay import exit_code, groups_of
from runner.settings import Settings
from runner.wiring.margin import margin_state
from tests.deploys import (
    CHECKOUT,
    KERNEL_CACHE,
    Silent,
    compiled_loop,
    instrument,
    replay_interpreted,
    settings_for,
)
from tests.runner.modes.test_merged import require_equal

MARKETS = ("btc", "eth")
EAGER = (
    "market=[btc,eth]",
    "mode=replay",
    "risk.liquidation.enabled=false",
    "kappa=6",
    "strategy.fill_lockout_ms=0",
    "venue.maker_fee_bps=-0.1",
    "venue.margin.leverage=200",
    "venue.margin.maintenance_frac=0.0049",
    "venue.margin.liquidation_fee_bps=12.5",
)

Tapes = dict[str, Tape]


@pytest.fixture(scope="module")
def tapes() -> Tapes:
    source = TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape")
    settings = settings_for(*EAGER)
    return {name: read_tape(source, instrument(settings, name)) for name in MARKETS}


def prepared(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = [prepare(settings, name, k, tape) for k, (name, tape) in enumerate(tapes.items())]
    share_margin(settings, runs)
    return runs


def exact(settings: Settings, tapes: Tapes) -> list[MarketReplay]:
    runs = prepared(settings, tapes)
    for group in groups_of(settings, runs):
        replay_exact(group, settings, compiled_loop(), Silent())
    return runs


def margined(mode: str, collateral_quote: int, *words: str) -> Settings:
    margin = (f"venue.margin.mode={mode}", f"venue.margin.collateral_quote={collateral_quote}")
    return settings_for(*EAGER, *margin, *words)


def liquidated_ns(r: MarketReplay) -> list[int]:
    fills = r.history.fills
    rows = zip(fills["role"], fills["venue_ns"], strict=True)
    return [at for role, at in rows if role == LIQUIDATION]


def test_a_shared_wallet_that_falls_short_closes_every_market_in_all_tiers(tapes: Tapes) -> None:
    settings = margined("cross", 8)
    together = exact(settings, tapes)
    btc, eth = (liquidated_ns(r) for r in together)
    assert min(len(btc), len(eth)) > 0
    assert abs(btc[0] - eth[0]) < 1_000_000_000
    states = [margin_state(r.exchange, settings, r.market.name) for r in together]
    assert states[0] == states[1]
    assert states[0] is not None
    assert states[0].liquidations == 1
    assert [r.exchange.position_lots for r in together] == [0, 0]
    assert exit_code(together, finished=True) == HALTED
    in_parity, plainly = prepared(settings, tapes), prepared(settings, tapes)
    replay_parity(in_parity, settings, KERNEL_CACHE, Silent())
    replay_interpreted(plainly, settings)
    for others in (in_parity, plainly):
        require_equal(others, together)
        found = [margin_state(r.exchange, settings, r.market.name) for r in others]
        assert found == states


def test_a_wallet_that_never_runs_short_changes_nothing(tapes: Tapes) -> None:
    cross, isolated = margined("cross", 1_000_000), margined("isolated", 1_000_000)
    require_equal(exact(cross, tapes), exact(isolated, tapes))


def test_one_market_of_a_cross_margin_has_the_wallet_to_itself(tapes: Tapes) -> None:
    words = ("markets.eth.venue.margin.mode=isolated", "replay.merge=always")
    mixed, isolated = margined("cross", 8, *words), margined("isolated", 8, "replay.merge=always")
    assert [r.shares_wallet for r in prepared(mixed, tapes)] == [False, False]
    require_equal(exact(mixed, tapes), exact(isolated, tapes))


def test_a_shared_wallet_alone_chooses_one_loop(tapes: Tapes) -> None:
    limits = ("gross_notional_quote", "net_notional_quote", "daily_loss_quote", "drawdown_quote")
    free = [f"risk.account.max_{limit}=null" for limit in (*limits, "open_orders")]
    settings = margined("cross", 8, *free)
    assert [len(group) for group in groups_of(settings, prepared(settings, tapes))] == [2]
    apart = margined("isolated", 8, *free)
    assert [len(group) for group in groups_of(apart, prepared(apart, tapes))] == [1, 1]
