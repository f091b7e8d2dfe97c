"""A deploy that quotes spot beside a perpetual, over the venue's real wire."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest

from tests import virtual
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.truth import Refused
from tests.venues.common.scenario import step_of
from tests.venues.common.staged.process import PROCESS
from tests.venues.lighter.faults import FAULTS
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.staged.play import LighterPlay
from tests.venues.lighter.staged.scenario import DEPLOY
from tests.virtual import VirtualClock

INSTRUMENT = {
    "symbol": "ETH/USDC",
    "base": "ETH",
    "quote": "USDC",
    "tick_size": "0.01",
    "lot_size_base": "0.0001",
    "min_lots": 50,
    "min_notional_quote": "10",
}
WORDS = (
    *DEPLOY,
    "market=[btc,eth,btc_spot]",
    "markets.btc.enabled=false",
    *(f"markets.btc_spot.instrument.{key}={value}" for key, value in INSTRUMENT.items()),
    "markets.btc_spot.wallet_base=null",
    "markets.btc_spot.wallet_quote=null",
    "markets.btc_spot.synthetic.start_price=3000",
    "venue.maker_fee_bps=0",
    "venue.taker_fee_bps=0",
    "risk.max_daily_loss_quote=500",
    "watchdog.silence_s=null",
)
DAY = "SELECT opening_half_tick_lots, equity_half_tick_lots FROM days"
HALF_TICK_LOTS_A_QUOTE = 2_000_000


class Spot(LighterPlay):
    """A play at a venue where the account holds ETH and USDC beside its collateral."""

    tier = "standard"
    assets_there: ClassVar = {1: "2", 3: "6000"}


def played(
    directory: Path, *steps: dict[str, object], duration_s: float = 20.0
) -> tuple[Spot, Played]:
    """Play a script."""
    made: list[Spot] = []

    async def main(clock: VirtualClock) -> Played:
        script = [step_of({**FAULTS, **PROCESS}, step) for step in steps]
        made.append(Spot(settings_for(*WORDS), directory, clock, script, 1))
        return await made[0].run(duration_s)

    told = virtual.run(main)
    return made[0], told


def asked(directory: Path, query: str) -> list[tuple[object, ...]]:
    """Return what the ledger answers of the spot market."""
    (path,) = directory.rglob("*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        return list(db.execute(query))


def lots_held(play: Spot) -> int:
    """Return what the account truly holds of ETH."""
    return int(play.venue.exchange.accounts[ACCOUNT].assets[1] * 10_000)


def require_books(play: Spot, told: Played, directory: Path) -> None:
    """Hold the ledger against the venue: every fill once, and the balance as the position."""
    traded = {t.trade_id for t in told.truth.trades() if t.market == "btc_spot"}
    rows = asked(directory, "SELECT trade_id FROM fills WHERE market = 'btc_spot'")
    assert len(rows) == len(traded) > 0
    assert {number for (number,) in rows} == traded
    position = asked(directory, "SELECT lots FROM positions WHERE market = 'btc_spot'")
    assert position == [(lots_held(play),)]


@pytest.mark.slow
def test_spot_and_a_perpetual_are_quoted_by_one_account(tmp_path: Path) -> None:
    play, told = played(tmp_path)
    assert told.exits == (0,)
    require_books(play, told, tmp_path)
    assert asked(tmp_path, "SELECT COUNT(*) FROM fills WHERE market = 'eth'")[0] != (0,)
    opening = "SELECT lots FROM adjustments WHERE market = 'btc_spot'"
    assert asked(tmp_path, opening) == [(20_000,)]


@pytest.mark.slow
def test_a_restart_goes_on_from_the_balances_and_loses_no_trade(tmp_path: Path) -> None:
    play, told = played(tmp_path, {"at_s": 10.0, "do": "kill", "down_s": 3.0}, duration_s=25.0)
    assert told.exits[-1] == 0
    require_books(play, told, tmp_path)
    opening = "SELECT lots FROM adjustments WHERE market = 'btc_spot'"
    assert asked(tmp_path, opening) == [(20_000,)]


@pytest.mark.slow
def test_quote_that_is_taken_away_is_no_loss_and_storms_nothing(tmp_path: Path) -> None:
    play, told = played(
        tmp_path,
        {"at_s": 6.0, "do": "move_asset", "amount": "-5990"},
        {"at_s": 12.0, "do": "kill", "down_s": 2.0},
        duration_s=25.0,
    )
    assert told.exits[-1] == 0
    require_books(play, told, tmp_path)
    refused = [
        r
        for r, _ in told.truth.replayed()
        if isinstance(r, Refused) and r.why == "canceled-invalid-balance"
    ]
    assert 0 < len(refused) <= 2
    ((opening, equity),) = asked(tmp_path, f"{DAY} WHERE market = 'btc_spot'")
    assert abs(int(str(opening)) - int(str(equity))) < 100 * HALF_TICK_LOTS_A_QUOTE


@pytest.mark.slow
def test_base_that_is_taken_away_is_no_trade_and_halts_its_market_alone(tmp_path: Path) -> None:
    step = {"at_s": 8.0, "do": "move_asset", "amount": "-0.5", "asset_id": 1}
    play, told = played(tmp_path, step, duration_s=25.0)
    require_books(play, told, tmp_path)
    moved = "SELECT lots FROM adjustments WHERE market = 'btc_spot' ORDER BY rowid"
    assert asked(tmp_path, moved) == [(20_000,), (-5_000,)]
    halted = {name for _, name, text in told.warnings if text.endswith("-5000 lots: halted")}
    assert halted == {"btc_spot"}
    assert all(order.market == "eth" for order in told.truth.open_orders(told.calm_ns))
