from pathlib import Path

import pytest

from runner.report.files import replacement, write_text


def test_the_former_file_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_text(path, "old")

    def fail() -> None:
        with replacement(path) as fresh:
            fresh.write_text("half")
            raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["summary.json"]


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "report.html", "x")
    assert (tmp_path / "a" / "report.html").stat().st_mode & 0o777 == 0o600
