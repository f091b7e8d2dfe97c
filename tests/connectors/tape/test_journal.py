"""A journal gives back its header and its rows, whole or up to the tear."""

from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import DataError, TornTape
from connectors.tape.journal import FIELDS, JournalWriter, read_journal

LIMIT = 2**63


def journal_of(path: Path, rows: list[tuple[int, ...]]) -> Path:
    writer = JournalWriter(path, {"market": "btc", "params": [1, 2.5]})
    for row in rows:
        writer.row(*row)
    writer.close()
    return path


def test_rows_and_header_come_back(tmp_path: Path) -> None:
    rows = [tuple(range(k, k + 10)) for k in range(500)]
    rows.append((-LIMIT, LIMIT - 1, -1, 0, 1, 2, 3, 4, 5, 6))
    header, table = read_journal(journal_of(tmp_path / "a.journal", rows), False)
    assert header == {"market": "btc", "params": [1, 2.5]}
    assert table.dtype == np.int64
    assert table.shape == (len(rows), len(FIELDS))
    assert [tuple(row) for row in table.tolist()] == rows


def test_a_journal_without_rows_has_its_ten_columns(tmp_path: Path) -> None:
    _, table = read_journal(journal_of(tmp_path / "a.journal", []), False)
    assert table.shape == (0, 10)


def test_only_flushed_rows_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    writer = JournalWriter(path, {})
    writer.row(*range(10))
    assert len(read_journal(path, False)[1]) == 0
    writer.flush()
    writer.row(*range(10))
    assert len(read_journal(path, False)[1]) == 1
    writer.close()
    assert len(read_journal(path, False)[1]) == 2


def test_a_torn_journal_is_used_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    writer = JournalWriter(path, {})
    for k in range(20):
        writer.row(*(k,) * 10)
        writer.flush()
    writer.close()
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(TornTape, match="19 good rows precede"):
        read_journal(path, False)
    _, table = read_journal(path, True)
    assert table[:, 0].tolist() == list(range(19))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b"mmrtape1 and more than a prefix")
    with pytest.raises(DataError, match="expected a journal that mmrunner wrote, it starts with"):
        read_journal(path, True)
