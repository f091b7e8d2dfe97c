"""A picture says of a session what its workers hold, and changes nothing."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from runner.control import words
from runner.engine.session import Session
from runner.engine.steer import PAUSED
from runner.modes.controls import Parameters
from runner.watch.log import RunLog
from runner.watch.market_picture import MarketArtist
from runner.watch.observer import Observer
from runner.watch.picture import Artist
from runner.watch.upcoming import Upcoming
from runner.watch.view import Quiet
from runner.wiring.rates import rates_of
from runner.wiring.steering import limits_of
from tests.deploys import settings_for
from tests.runner.steer.sessions import Played, played
from tests.sessions import run_session
from tests.virtual import SetClock

FEES = {"btc": (Decimal(0), Decimal(5)), "eth": (Decimal(0), Decimal(5))}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(tmp_path_factory.mktemp("played"), {}, duration_s=60)


def artist(given: Played, directory: Path, paused: str = "") -> tuple[Artist, Observer]:
    """Return who draws a session that has ended."""
    built = given.finished.built
    clock = SetClock(given.finished.ended_ns)
    observer = Observer(FEES, Quiet(), RunLog(directory / "run.log"))
    session: Any = SimpleNamespace(
        clock=clock,
        vitals=SimpleNamespace(
            verdict=lambda now_ns: words.Health(True, ()), kill="", fault="", late_ns=0
        ),
        guards=(),
        portfolio=built.portfolio,
        upcoming=lambda: {"metrics": 5},
    )
    drawn = Artist(
        session,
        built.stations,
        observer,
        rates_of(given.settings),
        limits_of(given.settings),
        Parameters(given.tuner),
        lambda market: paused,
        Upcoming({}),
    )
    return drawn, observer


def draw(one: Artist) -> words.Picture:
    """Return a picture as it arrives at the other end."""
    picture = asyncio.run(one.draw())
    return msgspec.json.decode(msgspec.json.encode(picture), type=words.Picture)


def test_a_picture_has_what_the_markets_hold(session: Played, tmp_path: Path) -> None:
    drawn, _ = artist(session, tmp_path)
    picture = draw(drawn)
    for market in picture.markets:
        worker = session.worker(market.name)
        desk, instrument = worker.market.desk, worker.market.instrument
        assert market.position_base == instrument.size_base(desk.orders.position_lots)
        assert market.fills == len(worker.history.fills["ticks"]) > 0
        assert market.parameters["strategy.kappa"] == "6.0"
        parts = market.parts
        whole = parts.spread + parts.adverse + (parts.inventory or 0) + parts.fees + parts.funding
        assert whole == market.net_quote
    assert picture.portfolio.net_quote == sum(m.net_quote or 0 for m in picture.markets)
    assert picture.jobs == (words.Job("metrics", 5),)


def test_fills_are_told_once_and_their_numbers_have_no_gap(session: Played, tmp_path: Path) -> None:
    drawn, observer = artist(session, tmp_path)
    first, second = draw(drawn), draw(drawn)
    told = [fill.number for fill in first.fills]
    assert told == list(range(1, len(told) + 1))
    assert len(told) == sum(market.fills for market in first.markets)
    assert second.fills == ()
    assert [fill.number for fill in observer.fills.all()] == told


def test_drawing_changes_no_worker(session: Played, tmp_path: Path) -> None:
    before = [w.market.desk.tally.decisions for w in session.finished.built.workers]
    draw(artist(session, tmp_path)[0])
    assert [w.market.desk.tally.decisions for w in session.finished.built.workers] == before


def test_a_paused_market_says_who_did_it(session: Played, tmp_path: Path) -> None:
    picture = draw(artist(session, tmp_path, paused="ada")[0])
    assert {market.state for market in picture.markets} == {"paused"}
    assert picture.markets[0].why == ("paused by ada",)


def test_a_market_that_wants_nothing_says_why_in_a_sentence(tmp_path: Path) -> None:
    told: list[tuple[words.State, tuple[str, ...]]] = []

    def look(workers: Sequence[Any], now_ns: int) -> None:
        (worker,) = workers
        if worker.market.desk.is_paused and worker.open_orders() == 0:
            station: Any = SimpleNamespace(worker=worker, is_halted=False, is_suspended=False)
            told.append(_state(station))

    def prepare(session: Session) -> None:
        ((station,),) = session.stations.values()
        station.worker.steer(PAUSED, 1, 0.0, session.clock.now_ns())

    run_session(
        settings_for("market=btc", "duration_s=2", "schedule=none"),
        tmp_path,
        look=look,
        prepare=prepare,
    )
    assert told[-1] == ("held", ("held: a person has paused this market",))


def _state(station: Any) -> tuple[words.State, tuple[str, ...]]:
    return MarketArtist(station, None)._state("")  # type: ignore[arg-type]
