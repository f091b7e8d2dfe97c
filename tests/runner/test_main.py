"""The command's own process: what it writes is its owner's alone."""

import os
from pathlib import Path

import pytest

from runner import command
from runner.__main__ import main
from runner.interrupts import Interrupts


def test_what_is_written_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> int:
        (tmp_path / "ledgers").mkdir()
        (tmp_path / "ledgers" / "a.sqlite").touch()
        return 0

    monkeypatch.setattr(command, "run", write)
    monkeypatch.setattr(Interrupts, "listen", lambda _: None)
    before = os.umask(0o022)
    try:
        assert main() == 0
    finally:
        os.umask(before)
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "ledgers").rglob("*")]
    assert modes == [0o600]
    assert (tmp_path / "ledgers").stat().st_mode & 0o777 == 0o700
