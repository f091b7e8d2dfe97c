"""`mode=report` reads runs and writes one page beside nothing of theirs."""

from pathlib import Path

import pytest

from connectors.model.errors import ConfigError, DataError
from runner.modes import report
from runner.places import Places, RunDirectory
from tests.deploys import CHECKOUT, settings_for
from tests.runner.report.fake_run import market
from tests.runner.report.saved_run import save_run


def asked(places: Places, *overrides: str) -> int:
    """Run the mode with what a person types."""
    return report.run(settings_for("mode=report", "watch=lines", *overrides), places)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return places in a home with two runs."""
    made = Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "outputs" / "runs" / "2024-09"))
    save_run(made.runs / "2024-01", market(steps=900), gamma=0.1)
    save_run(made.runs / "2024-02", market(steps=900, seed=3), gamma=0.7)
    return made


def test_one_run_has_its_page_again(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(places, "report.last=1") == 0
    made = (places.run.path / "report.html").read_text(encoding="utf-8")
    assert "Where the net came from" in made
    assert "report: " in capsys.readouterr().out
    assert not (places.run.path / "summary.json").exists()


def test_two_runs_are_compared(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(places, "report.last=2") == 0
    told = capsys.readouterr().out
    assert "gamma    0.1  0.7" in told
    assert "2 \u2212 1" in told
    assert (places.run.path / "report.html").is_file()


def test_a_run_is_cut_in_two(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(places, "report.runs=[2024-01]", "report.split=0.6") == 0
    assert "out of sample" in capsys.readouterr().out


def test_what_cannot_be_read_leaves_nothing(places: Places) -> None:
    (places.runs / "2024-02" / "fills.csv").unlink()
    with pytest.raises(DataError):
        asked(places, "report.last=2")
    with pytest.raises(ConfigError):
        asked(places)
    assert not places.run.path.exists()
