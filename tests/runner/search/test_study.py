"""A study loses no trial that has ended, whenever its process is killed."""

from pathlib import Path
from typing import Any

import pytest

from connectors.model.errors import ConfigError
from runner.search.space import Numbers
from runner.search.study import Study, opened
from tests.deploys import settings_for

SPACE = {"gamma": Numbers(0.01, 1.0, None, False, True)}
SEARCH = settings_for("mode=replay", "search.sampler=tpe").search


def ended(value: float | None) -> dict[str, Any]:
    """Return what is told of a trial."""
    return {"values": None if value is None else [value], "misses": 0}


def study(storage: Any, made_of: Any = None) -> Study:
    """Open the study of these tests."""
    return Study(storage, "one", SEARCH, SPACE, made_of or {"the tape": 1})


def test_a_trial_that_was_running_when_all_was_killed_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    with opened(path) as storage:
        first = study(storage)
        first.tell(first.ask(1).number, ended(1.0))
        lost = first.ask(1)
    with opened(path) as storage:
        again = study(storage)
        assert [asked.number for asked, _ in again.ended()] == [0]
        repeated = again.ask(1)
    assert (lost.number, repeated.number) == (1, 2)
    assert repeated.texts == lost.texts


def test_a_trial_that_had_ended_is_kept_though_it_was_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.sqlite"
    with opened(path) as storage:
        first = study(storage)
        monkeypatch.setattr(first, "_tell", lambda number, ended: None)
        first.tell(first.ask(1).number, ended(7.0))
    with opened(path) as storage:
        again = study(storage)
        assert [told["values"] for _, told in again.ended()] == [[7.0]]
        assert again._study.best_value == 7.0


def test_a_file_of_studies_has_one_search_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    with (
        opened(path),
        pytest.raises(ConfigError, match=r"search.storage: expected to be alone"),
        opened(path),
    ):
        pass


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, though it is long enough to be looked at" * 20)
    with (
        pytest.raises(ConfigError, match=r"search.storage: expected a file of studies"),
        opened(path),
    ):
        pass
