"""The drill itself: it says what to play, its judges can find, and in small it holds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.engine.ledger.kind import begin_live
from tests.deploys import settings_for
from tests.stage.judges import ALWAYS
from tests.stage.script import Step
from tests.stage.truth import Moment
from tests.venues.common.drill.run import drilled
from tests.venues.common.drill.verdict import LAWS, Files, Verdict, counted
from tests.venues.common.truth import TruthLog
from tests.venues.lighter.client import START_NS, Client
from tests.venues.lighter.drill.place import PLACE
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.venue import Setup, Venue


def test_every_fault_of_a_drill_is_one_of_the_venues() -> None:
    for words in (*PLACE.faults.shares(1.0), *PLACE.faults.deeds):
        assert step_of(words).name in PLACE.faults.names()


def test_one_in_fifty_is_taken_again_and_again() -> None:
    step = Step("drop", None, when="place", nth=3, every=50)
    taken = [k for k in range(1, 120) if step.takes(("place",), "", 0.0)]
    assert taken == [3, 53, 103]


def test_every_judge_has_its_law() -> None:
    assert {judge.__name__ for judge in ALWAYS} == LAWS.keys()


def test_a_line_that_is_being_written_is_left_out(tmp_path: Path) -> None:
    fault = {"fact": "Fault", "account": None, "ns": 1, "what": "drop", "market": ""}
    truth = tmp_path / "truth.jsonl"
    truth.write_text(json.dumps(fault) + "\n" + json.dumps(fault)[:20])
    files = Files(PLACE, settings_for(*PLACE.words), truth, tmp_path / "none.sqlite")
    lines = list(files.lines())
    assert [replace(line).fact.ns for line in lines] == [1]


def test_judges_read_a_truth_and_a_ledger_from_their_files(tmp_path: Path) -> None:
    ledger, truth = tmp_path / "one.sqlite", tmp_path / "truth.jsonl"
    begin_live(ledger)
    with truth.open("w") as file:
        venue = Venue(Setup(verify="none"), START_NS, TruthLog(file))
        venue.open_account(ACCOUNT, publics())
        client = Client(venue)
        client.place(2176)
        client.pass_time(1.0)
        client.cancel(2176)
        client.pass_time(1.0)
    files, verdict = Files(PLACE, settings_for(*PLACE.words), truth, ledger), Verdict()
    files.judge(verdict, files.played([Moment(START_NS, "start")]))
    assert counted(files.played([]))["orders"] == 1
    assert "I1 unwritten eth 2176" in verdict.findings
    assert set(verdict.looks) == LAWS.keys()


@pytest.mark.slow
def test_a_short_drill_finds_nothing(tmp_path: Path) -> None:
    verdict = drilled(PLACE, tmp_path / "home", 0.8, seed=2)
    assert verdict.findings == []
    assert verdict.looks["every_fill_once"] >= 2
