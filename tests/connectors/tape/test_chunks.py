"""Whatever is cut off a chunked file, the whole chunks before the cut can be read."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from connectors.model.errors import DataError, TornTape
from connectors.tape.chunks import ChunkWriter, read_chunks, read_header

MAGIC = b"testing1"
ROW = 8


def rows(start: int, stop: int) -> bytes:
    return b"".join(k.to_bytes(ROW, "little") for k in range(start, stop))


def read(path: Path, allow_torn: bool = False) -> bytes:
    return bytes(read_chunks(path, MAGIC, ROW, "a test file", allow_torn).rows)


def written(path: Path, *parts: bytes) -> list[int]:
    """Write the parts as chunks; return the file's size after the header and after each."""
    writer = ChunkWriter(path, MAGIC, ROW, {"of": "test"})
    sizes = [path.stat().st_size]
    for part in parts:
        writer.write(part)
        sizes.append(path.stat().st_size)
    writer.close()
    return sizes


def test_rows_and_header_come_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    written(path, rows(0, 1000), rows(1000, 1001), bytearray(rows(1001, 1500)))
    chunked = read_chunks(path, MAGIC, ROW, "a test file", False)
    assert bytes(chunked.rows) == rows(0, 1500)
    assert chunked.header == read_header(path, MAGIC, "a test file") == {"of": "test"}
    assert chunked.torn is None


def test_a_file_without_rows_can_be_read(tmp_path: Path) -> None:
    written(tmp_path / "file")
    assert read(tmp_path / "file") == b""


def test_a_cut_at_any_byte_leaves_the_whole_chunks(tmp_path: Path) -> None:
    path = tmp_path / "file"
    parts = (rows(0, 5), rows(5, 7), rows(7, 20))
    ends = written(path, *parts)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        chunks = sum(end <= size for end in ends) - 1
        if size in ends:
            assert read(path) == b"".join(parts[:chunks])
        elif chunks < 0:
            with pytest.raises(DataError, match=r"the header is cut off|the file is empty"):
                read(path, allow_torn=True)
        else:
            good = b"".join(parts[:chunks])
            with pytest.raises(
                TornTape, match=f"{len(good) // ROW} good rows precede; set tape.allow"
            ):
                read(path)
            assert read(path, allow_torn=True) == good


def test_a_flipped_byte_anywhere_in_a_chunk_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file"
    ends = written(path, rows(0, 5), rows(5, 9))
    whole = path.read_bytes()
    for at in range(ends[1], ends[2]):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(TornTape, match="5 good rows precede"):
            read(path)


@pytest.mark.parametrize("zeros", [1, 12, 24, 4096])
def test_zeros_at_the_end_are_no_chunks(tmp_path: Path, zeros: int) -> None:
    path = tmp_path / "file"
    written(path, rows(0, 5))
    with path.open("ab") as file:
        file.write(bytes(zeros))
    with pytest.raises(TornTape, match="5 good rows precede"):
        read(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "expected a test file, the file is empty"),
        (b"garbage!garbage!garbage!", "expected a test file, it starts with b'garbage!'"),
        (b"te", "the header is cut off"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason):
        read(path)


def test_rows_of_another_size_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "file", rows(0, 5))
    with pytest.raises(DataError, match="expected rows of 16 bytes, was 8"):
        read_chunks(tmp_path / "file", MAGIC, 16, "a test file", False)


@pytest.mark.parametrize("name", ["gone", "."])
def test_what_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be read: "):
        read(tmp_path / name)


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "file"
    written(path, rows(0, 5))
    with pytest.raises(DataError, match="expected a new file to record into: File exists"):
        ChunkWriter(path, MAGIC, ROW, {})
    assert read(path) == rows(0, 5)


def test_closing_twice_does_nothing(tmp_path: Path) -> None:
    writer = ChunkWriter(tmp_path / "file", MAGIC, ROW, {})
    writer.close()
    writer.close()


def test_a_write_that_fails_is_undone(tmp_path: Path) -> None:
    """A full disk takes a part of a chunk, then nothing; the file limit plays the full disk."""
    script = """
        import resource, signal, sys
        from pathlib import Path
        from connectors.tape.chunks import ChunkWriter
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = ChunkWriter(Path(sys.argv[1]), b"testing1", 8, {})
        writer.write(bytes(range(80)))
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (writer._end + 20, hard))
        try:
            writer.write(bytes(range(160)))
        except OSError as error:
            print(error.errno)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        writer.write(bytes(range(160)))
        writer.close()
    """
    path = tmp_path / "file"
    code = textwrap.dedent(script)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) == errno.EFBIG
    assert read(path) == bytes(range(80)) + bytes(range(160))


def test_a_killed_writer_leaves_every_flushed_row(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from connectors.tape.chunks import ChunkWriter
        writer = ChunkWriter(Path(sys.argv[1]), b"testing1", 8, {})
        k = 0
        while True:
            writer.write(k.to_bytes(8, "little") * 100)
            k += 1
            print(k, flush=True)
    """
    path = tmp_path / "file"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        for _ in range(50):
            flushed = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    rows_read = read(path, allow_torn=True)
    count = len(rows_read) // (100 * ROW)
    assert count >= flushed
    assert rows_read == b"".join(k.to_bytes(ROW, "little") * 100 for k in range(count))
