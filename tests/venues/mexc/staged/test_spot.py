"""A deploy trades MEXC over the venue's wire, with the real ccxt, and keeps its books."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests import virtual
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.venues.common.scenario import step_of
from tests.venues.common.staged.process import PROCESS
from tests.venues.common.staged.rows import QUICK
from tests.venues.mexc.faults import FAULTS
from tests.venues.mexc.keys import UID
from tests.venues.mexc.staged.play import MexcPlay
from tests.virtual import VirtualClock

WORDS = (
    "experiment=mexc_sandbox",
    *QUICK,
    "venue.taker_fee_bps=0.1",
    "risk.max_daily_loss_quote=500",
)
LOTS_AN_ETH = 10_000


class InMx(MexcPlay):
    """A play whose account pays its fees out of MX."""

    in_mx = True


def played(
    directory: Path,
    *steps: dict[str, object],
    duration_s: float = 20.0,
    kind: type[MexcPlay] = MexcPlay,
) -> tuple[MexcPlay, Played]:
    made: list[MexcPlay] = []

    async def main(clock: VirtualClock) -> Played:
        script = [step_of({**FAULTS, **PROCESS}, step) for step in steps]
        made.append(kind(settings_for(*WORDS), directory, clock, script, 1))
        return await made[0].run(duration_s)

    told = virtual.run(main)
    return made[0], told


def asked(directory: Path, query: str) -> list[tuple[object, ...]]:
    (path,) = directory.rglob("*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        return list(db.execute(query))


def require_books(play: MexcPlay, told: Played, directory: Path) -> None:
    """Hold the ledger against the venue: every fill once with its terms, the balance, no order."""
    true = {(t.trade_id, t.side, t.ticks, t.lots) for t in told.truth.trades()}
    rows = asked(directory, "SELECT trade_id, side, ticks, lots FROM fills")
    assert len(rows) == len(true) > 0
    assert set(rows) == true
    held = play.venue.wallets.held(UID)
    assert asked(directory, "SELECT lots FROM positions") == [(held["ETH"] * LOTS_AN_ETH,)]
    assert asked(directory, "SELECT lots FROM adjustments") == [(20_000,)]
    paid = [Decimal(str(fee)) for (fee,) in asked(directory, "SELECT fee FROM fills")]
    assert sum(paid) == 0
    assert held["MX"] == 1
    assert not play.venue.exchange.accounts[UID].live_orders()


@pytest.mark.slow
@pytest.mark.parametrize(
    "steps",
    [
        (),
        (
            {"when": "place", "nth": 5, "times": 8, "do": "drop_response"},
            {"when": "accepted", "nth": 5, "times": 8, "do": "drop"},
        ),
        (
            {"at_s": 8.0, "do": "close", "stream": "account"},
            {"at_s": 8.05, "do": "fill_ours", "market": "ETHUSDT", "most": 1},
        ),
        (
            {"at_s": 8.0, "do": "expire_keys"},
            {"at_s": 8.05, "do": "fill_ours", "market": "ETHUSDT", "most": 1},
        ),
        ({"when": "orderbook", "nth": 40, "times": 1, "do": "drop"},),
        ({"at_s": 8.0, "do": "leap", "market": "ETHUSDT", "bps": 30},),
        ({"when": "cancel", "nth": 3, "times": 3, "do": "refuse", "code": -2011},),
        ({"when": "place", "nth": 5, "times": 3, "do": "refuse", "code": -2010},),
        ({"at_s": 10.0, "do": "kill", "down_s": 3.0},),
    ],
    ids=[
        "plain",
        "unknown",
        "lost_stream",
        "expired_key",
        "book_gap",
        "leap",
        "not_found",
        "post_only",
        "killed",
    ],
)
def test_the_ledger_is_the_venues_truth(
    steps: tuple[dict[str, object], ...], tmp_path: Path
) -> None:
    play, told = played(tmp_path, *steps, duration_s=25.0)
    assert told.exits[-1] == 0
    assert all(told.truth.times(str(step["do"])) for step in steps)
    require_books(play, told, tmp_path)


@pytest.mark.slow
def test_an_account_that_pays_out_of_mx_places_nothing(tmp_path: Path) -> None:
    play, _ = played(tmp_path, duration_s=5.0, kind=InMx)
    assert not play.venue.exchange.accounts[UID].orders
