"""Everything lies in one home, whatever the working directory, and is made only when used."""

from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.places import Places, RunDirectory, home_of, require_directory, run_stamp


def places(home: Path) -> Places:
    return Places(home, home, RunDirectory(home / "outputs" / "runs" / "x"))


def test_places_are_absolute_and_made_on_demand(tmp_path: Path) -> None:
    found = places(tmp_path)
    assert found.ledger("desk") == tmp_path / "outputs" / "ledgers" / "desk.sqlite"
    assert found.tapes == tmp_path / "outputs" / "tapes"
    assert found.cache == tmp_path / "outputs" / "cache"
    assert list(tmp_path.iterdir()) == []
    assert found.made(found.ledgers).is_dir()
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["ledgers"]


def test_a_run_directory_is_saved_once(tmp_path: Path) -> None:
    saved: list[Path] = []
    run = RunDirectory(tmp_path / "a" / "b", saved.append)
    assert not run.opened
    assert run.open() == run.open() == tmp_path / "a" / "b"
    assert saved == [tmp_path / "a" / "b"]


def test_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    checkout = tmp_path / "checkout"
    assert home_of({}, checkout) == checkout
    assert home_of({"MMRUNNER_HOME": ""}, checkout) == checkout
    assert home_of({"MMRUNNER_HOME": "desk/../desk"}, checkout) == tmp_path / "desk"
    assert home_of({"MMRUNNER_HOME": "~/desk"}, checkout) == tmp_path / "me" / "desk"


@pytest.mark.parametrize("file", ["home", "home/outputs", "home/outputs/runs"])
def test_a_file_in_the_way_is_refused(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    with pytest.raises(ConfigError, match=r"^MMRUNNER_HOME: expected a directory, was a file: "):
        home_of({"MMRUNNER_HOME": str(tmp_path / "home")}, tmp_path)


def test_a_directory_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / ("x" * 300))
    with pytest.raises(
        ConfigError, match=r"^hydra\.run\.dir: .* can be written, was .*: File name"
    ):
        run.open()
    assert not run.opened


def test_a_dangling_link_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigError):
        require_directory(tmp_path / "link" / "below", "key")


def test_the_stamp_is_utc_with_microseconds_and_process() -> None:
    assert run_stamp(1_700_000_000_123_456_789, 42) == "2023-11-14T22-13-20.123456Z-42"
    assert run_stamp(1_700_000_000_000_001_000, 42) == "2023-11-14T22-13-20.000001Z-42"
