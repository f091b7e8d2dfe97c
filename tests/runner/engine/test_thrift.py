"""New orders are spared as a venue's quota falls, in a line and in few steps, and replays agree."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.history import History
from runner.engine.session import Session
from runner.engine.thrift import SPENT, QuotaTerms, Thrift, scarcity
from runner.modes.recorded import open_recording, replay_recording
from strategies.quoting import SCARCE
from tests.deploys import settings_for
from tests.sessions import Finished, run_session

TERMS = QuotaTerms(500, 20)


@pytest.mark.parametrize(
    ("left", "expected"),
    [(None, 0), (5_000, 0), (500, 0), (499, 1), (260, 32), (20, 64), (19, SPENT), (0, SPENT)],
)
def test_it_grows_from_calm_to_the_floor(left: int | None, expected: int) -> None:
    assert scarcity(left, TERMS) == expected


@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_less_left_is_never_less_scarce(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert 0 <= scarcity(high, TERMS) <= scarcity(low, TERMS) <= SPENT


class Heard:
    """A worker that remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[int] = []

    def spare(self, scarcity: int, now_ns: int) -> None:
        """Remember."""
        self.steps.append(scarcity)


def test_each_step_is_told_once_and_a_person_now_and_then() -> None:
    worker, said = Heard(), []
    left = [1_000]
    thrift = Thrift("eth", lambda: left[0], TERMS, worker, lambda at, name, text: said.append(text))
    for quota in [*range(1_000, -1, -1), 600]:
        left[0] = quota
        thrift.look(0)
        thrift.look(0)
    assert worker.steps == [*range(1, SCARCE + 1), SPENT, 0]
    assert len(said) == 6
    assert said[-2] == (
        "19 new orders are left by the venue: none is placed until trading has filled it up;"
        " cancels go on"
    )
    assert said[-1] == "600 new orders are left by the venue: quotes move as ever"


def ran(path: Path, start: int, *words: str) -> tuple[Finished, list[int]]:
    """Run a session whose venue counts each order; return it, and what was left in the end."""
    left = [start]

    def prepare(session: Session) -> None:
        (station,) = session.stations["sim"]
        place = station.outbox.venue.place

        def counted(*order: int) -> None:
            left[0] -= 1
            place(*order)  # type: ignore[arg-type]

        station.outbox.venue.place = counted  # type: ignore[method-assign]
        station.thrift = Thrift("btc", lambda: left[0], TERMS, station.worker, session._warn)

    settings = settings_for("market=btc", "kappa=6", "duration_s=30", *words)
    return run_session(settings, path, prepare=prepare), left


def test_a_falling_quota_spares_orders_and_stops_at_the_floor(tmp_path: Path) -> None:
    plain, _ = ran(tmp_path / "plain", 1_000_000)
    spared, left = ran(tmp_path / "spared", 21)
    (much,), (little,) = plain.built.workers, spared.built.workers
    assert little.market.desk.tally.places < much.market.desk.tally.places
    assert TERMS.floor_orders - 4 <= left[0] < TERMS.floor_orders
    assert (plain.code, spared.code) == (0, 0)


def test_a_replay_decides_as_the_session_did(tmp_path: Path) -> None:
    ran(tmp_path, 100)
    tape = f"tape.path={tmp_path / 'tapes'}"
    words = ("mode=replay", "market=btc", "kappa=6", "tape=mmrunner", tape)
    settings = settings_for(*words, "replay.fills=recorded")
    replayed = replay_recording(open_recording(settings, "btc"), History(), None, compiled=False)
    assert replayed.agreement.differences == 0
    assert replayed.desk.scarcity > 0
