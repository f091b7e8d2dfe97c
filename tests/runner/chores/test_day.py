"""The report of a day says what its ledger says; rates are fitted to the deploy's own tape."""

import asyncio
import csv
import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from runner.chores.__main__ import answer
from runner.chores.child import ChoreFailed, Task, done_elsewhere
from runner.chores.day import DAY_NS
from tests.deploys import settings_for
from tests.sessions import run_session
from tests.virtual import START_NS


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """Run a minute of a deploy; return the task of its day's report."""
    settings = settings_for("duration_s=60", "kappa=6", "market=btc", "record.decisions=none")
    folder = tmp_path_factory.mktemp("day")
    ledger = folder / "day.sqlite"
    run_session(settings, folder, ledger=ledger)
    tomorrow_ns = (START_NS // DAY_NS + 1) * DAY_NS + 300 * 10**9
    return Task("report", settings, tomorrow_ns, ledger, folder / "tapes", folder / "reports")


def table(task: Task) -> tuple[list[dict[str, str]], Path]:
    text = str(answer(task)["text"])
    page = Path(text.rpartition("; ")[2])
    with (page.parent / "day.csv").open(newline="") as file:
        return list(csv.DictReader(file)), page


def test_a_day_is_what_the_ledger_says(task: Task) -> None:
    (row,), page = table(task)
    with closing(sqlite3.connect(task.ledger)) as db:
        fills, volume = db.execute(
            "SELECT COUNT(*), SUM(ticks * lots) FROM fills WHERE market = 'btc'"
        ).fetchone()
    assert int(row["fills"]) == fills > 3
    assert Decimal(row["volume"]) == volume * Decimal("0.0001")
    assert row["currency"] == "USDT"
    assert Decimal(row["net"]) != 0
    assert "default" in page.read_text(encoding="utf-8")


def test_another_day_has_nothing(task: Task) -> None:
    (row,), _ = table(replace(task, moment_ns=task.moment_ns + DAY_NS))
    assert (row["orders"], row["fills"], row["net"]) == ("0", "0", "")


def test_a_ledger_that_is_not_there_is_an_error(task: Task, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected one that can be read"):
        answer(replace(task, ledger=tmp_path / "none.sqlite"))


def test_rates_are_fitted_to_the_time_before_the_moment(task: Task) -> None:
    asked = replace(task, name="recalibrate", moment_ns=START_NS + 60 * 10**9)
    found = answer(asked)["btc"]
    assert isinstance(found, dict)
    assert set(found) & {"kappa", "kappa_refused"}
    late = answer(replace(asked, moment_ns=asked.moment_ns + DAY_NS))["btc"]
    assert isinstance(late, dict)
    assert "expected a part of the tape" in late["refused"]


@pytest.mark.slow
def test_a_process_of_its_own_answers_or_says_why(task: Task, tmp_path: Path) -> None:
    told = asyncio.run(done_elsewhere(task))
    assert told == answer(task)
    with pytest.raises(ChoreFailed, match="expected one that can be read"):
        asyncio.run(done_elsewhere(replace(task, ledger=tmp_path / "none.sqlite")))
