"""Fitted rates move by a step within a factor, are written down, and replay from the journal."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.chores.refit import WHO, Refits
from runner.engine.history import History
from runner.engine.ledger.entries import Note
from runner.modes.built import Built
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.modes.recorded import open_recording, replay_recording
from runner.settings.schedule import Refit
from strategies.scheduled import MICRO
from tests.deploys import settings_for
from tests.sessions import run_session
from tests.virtual import VirtualClock

CONFIGURED = (1.5, 0.5)


class Books:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.notes: list[Note] = []

    def put(self, note: Note) -> None:
        self.notes.append(note)


def refits(step: float = 0.25, factor: float = 2.0) -> tuple[Refits, Books]:
    terms = Refit(lookback_s=3600, within_s=60, max_step_frac=step, max_factor=factor)
    books = Books()
    told: dict[str, tuple[int, int]] = {}

    def in_use(market: str) -> tuple[float, float]:
        kappa, per_s = told.get(market, (0, 0))
        return (kappa / MICRO, per_s / MICRO) if kappa else CONFIGURED

    limits = (0.5, 10.0)
    return Refits(terms, {"btc": CONFIGURED}, limits, told, books.put, in_use), books


def test_a_fit_within_a_step_is_taken_up_and_written_down() -> None:
    r, books = refits()
    text = r.take_up({"btc": {"kappa": 1.6, "intensity_per_s": 0.45}}, 7)
    assert r.told == {"btc": (1_600_000, 450_000)}
    (note,) = books.notes
    assert (note.who, note.market, note.now_ns) == (WHO, "btc", 7)
    assert text == f"btc from {note.before} to {note.after}"


def test_steps_and_the_factor_bound_a_fit_however_often_it_comes() -> None:
    r, _ = refits()
    wild = {"btc": {"kappa": 9.0, "intensity_per_s": 0.001}}
    r.take_up(wild, 1)
    assert r.told["btc"] == (round(1.5 * 1.25 * MICRO), round(0.5 / 1.25 * MICRO))
    for now_ns in range(20):
        r.take_up(wild, now_ns)
    assert r.told["btc"] == (3 * MICRO, MICRO // 4)


def test_what_a_person_has_set_is_what_a_fit_starts_from() -> None:
    r, _ = refits()
    r.take_up({"btc": {"kappa": 1.6}}, 1)
    r.in_use = lambda market: (8.0, 0.5)
    r.take_up({"btc": {"kappa": 9.0}}, 2)
    assert r.told["btc"][0] == 9 * MICRO


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_changes_nothing(bad: float) -> None:
    r, books = refits()
    r.take_up({"btc": {"kappa": bad}}, 1)
    assert (r.told, books.notes) == ({}, [])


def test_a_refused_fit_changes_nothing_and_says_why() -> None:
    r, books = refits()
    answer = {"btc": {"kappa_refused": "3 orders, expected 30"}, "gone": {"kappa": 2.0}}
    assert r.take_up(answer, 1) == "btc refused: 3 orders, expected 30"
    assert (r.told, books.notes) == ({}, [])


def test_rates_that_a_session_took_up_replay_to_the_same_decisions(tmp_path: Path) -> None:
    settings = settings_for("market=btc", "duration_s=20", "kappa=2")
    told: dict[str, tuple[int, int]] = {}

    async def make(clock: VirtualClock, tapes: Path, files: DecisionFiles) -> Built:
        markets = markets_of(settings, clock)
        built = await build(settings, clock, markets, None, tapes, files)
        return replace(built, fitted=told)

    def look(workers: Any, now_ns: int) -> None:
        if not told and workers[0].market.desk.tally.decisions > 50:
            told["btc"] = (5 * MICRO, MICRO)

    finished = run_session(settings, tmp_path, make=make, look=look)
    params = finished.built.workers[0].market.desk.params
    assert (params.kappa, params.intensity_per_s) == (5.0, 1.0)
    tape = f"tape.path={tmp_path / 'tapes'}"
    again = settings_for(
        "market=btc", "mode=replay", "tape=mmrunner", tape, "replay.fills=recorded"
    )
    replayed = replay_recording(open_recording(again, "btc"), History(), None, compiled=False)
    assert replayed.agreement.first is None
    assert replayed.agreement.decisions > 50
    assert replayed.desk.params.kappa == 5.0
