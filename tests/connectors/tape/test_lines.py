"""Lines are read from plain and gzipped files; a cut is told from garbage."""

import gzip
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.tape.lines import Torn, read_lines


@pytest.mark.parametrize("name", ["tape.txt", "tape.gz"])
def test_lines_carry_their_numbers_and_blank_ones_are_passed_over(
    tmp_path: Path, name: str
) -> None:
    text = b"a\n\nb\r\nc"
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    assert list(read_lines(path)) == [(1, b"a\n"), (3, b"b\r\n"), (4, b"c")]


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
def test_an_empty_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tape"
    path.write_bytes(content)
    with pytest.raises(DataError, match="tape: expected recorded rows, the file is empty"):
        list(read_lines(path))


def test_a_cut_gzip_gives_its_good_lines_and_then_says_so(tmp_path: Path) -> None:
    lines = [f"line {k} {k**5 % 9_973}\n".encode() for k in range(20_000)]
    path = tmp_path / "tape.gz"
    whole = gzip.compress(b"".join(lines))
    path.write_bytes(whole[: len(whole) // 2])
    read: list[bytes] = []
    with pytest.raises(Torn, match="gzip data ends or breaks after line"):
        read.extend(line for _, line in read_lines(path))
    assert 0 < len(read) < len(lines)
    assert read == lines[: len(read)]


def test_garbage_behind_a_gzip_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tape.gz"
    path.write_bytes(b"\x1f\x8b" + b"garbage" * 100)
    with pytest.raises(DataError, match="expected gzipped rows, none can be read"):
        list(read_lines(path))


@pytest.mark.parametrize("name", ["gone", "."])
def test_what_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be read: "):
        list(read_lines(tmp_path / name))
