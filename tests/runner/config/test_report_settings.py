"""Keys of reports are refused in one line that says what was expected."""

import pytest

from connectors.model.errors import ConfigError
from tests.deploys import settings_for


def test_runs_and_split_are_taken_as_they_are_typed() -> None:
    report = settings_for("report.runs=[a,b]", "report.split=0.7", "report.last=3").report
    assert (report.runs, report.split, report.last) == (("a", "b"), 0.7, 3)
    assert settings_for("report.runs=a").report.runs == ("a",)
    assert settings_for("report.split=2024-07-18T12:00:05").report.split == "2024-07-18T12:00:05"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("report.split=1.5", "a share of time from 0.1 to 0.9, or a moment in UTC"),
        ("report.split=yesterday", "a share of time from 0.1 to 0.9, or a moment in UTC"),
        ("report.split=true", "a share of time from 0.1 to 0.9"),
        ("report.runs=[1]", "a list of run directories"),
        ("report.last=0", "a whole number from 1 to 1000"),
        ("report.adverse_s=2", "one of 1, 5, 10, 60"),
        ("report.adverse_s=1.0", "one of 1, 5, 10, 60"),
    ],
)
def test_what_cannot_be_meant_is_refused(word: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        settings_for("mode=report", word)


def test_what_a_report_shows_is_no_part_of_what_a_run_did() -> None:
    from runner.settings import config_hash

    assert config_hash(settings_for("report.adverse_s=10")) == config_hash(settings_for())
