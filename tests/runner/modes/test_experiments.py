"""What is said to be ready to run runs, and the doctor says what it is made of."""

from pathlib import Path

import pytest

from runner.doctor.finding import Verdict
from runner.doctor.markets import check_markets
from runner.places import Places, RunDirectory
from runner.settings import Settings
from runner.settings.registry import VENUES
from tests.deploys import CHECKOUT, settings_for
from tests.sessions import run_session

READY = {
    "multi_market_lighter": ["btc", "eth", "sol"],
    "bybit_futures_ranging": ["btc", "eth"],
}


@pytest.fixture(scope="module", params=list(READY))
def experiment(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_it_quotes_every_market_and_stops_clean(experiment: str, tmp_path: Path) -> None:
    settings = settings_for(f"experiment={experiment}", "duration_s=3", "record.decisions=none")
    finished = run_session(settings, tmp_path)
    assert finished.code == 0
    placed = {w.market.name: w.market.desk.tally.places for w in finished.built.workers}
    assert list(placed) == READY[experiment]
    assert all(placed.values())


@pytest.mark.parametrize("venue", ["lighter_testnet", "bybit_testnet"])
def test_it_takes_a_real_venue_as_a_whole(experiment: str, venue: str) -> None:
    settings = settings_for(f"experiment={experiment}", f"venue={venue}", "profile=base")
    assert {market.venue.name for market in settings.markets.values()} == {venue}
    assert venue in VENUES


def findings(settings: Settings) -> dict[str, str]:
    places = Places(CHECKOUT, CHECKOUT, RunDirectory(CHECKOUT / "none"))
    found = list(check_markets(settings, places))
    assert {finding.verdict for finding in found} == {Verdict.GOOD}
    return {finding.about: finding.text for finding in found}


def test_the_doctor_says_what_it_is_made_of() -> None:
    told = findings(settings_for("experiment=bybit_futures_ranging"))
    assert told["markets.btc"] == (
        "BTCUSDT at sim (local), quoted by avellaneda_stoikov, gates regime, guard, ladder,"
        " economics, stop_loss, timeout, clips of 1000 USDT, up to 10000 USDT a side, cross margin"
        " of 10000 USDT at 5"
    )
    assert told["risk.account"] == "gross up to 20000, net up to 15000 USDT"


def test_the_doctor_knows_who_hedges() -> None:
    told = findings(settings_for("experiment=lighter_bybit_hedged"))
    assert ", hedges, clips of " in told["markets.btc_hedge"]
    assert "gates" not in told["markets.btc_hedge"]
