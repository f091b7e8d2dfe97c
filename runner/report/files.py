"""Write a file whole or not at all, for its owner's eyes only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacement(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield a fresh path beside `path`, which takes its place when the block ends without error.

    Without `durable` it is whole all the same, but may be lost with the machine's power.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    _make(fresh)
    try:
        yield fresh
        if durable:
            _sync(fresh)
        os.replace(fresh, path)
    except BaseException:
        # Also an interrupt: what is half written is no file of anybody's.
        fresh.unlink(missing_ok=True)
        raise


def _make(path: Path) -> None:
    """Make an empty file, and its directory where that is missing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        os.close(os.open(path, flags, 0o600))
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, flags, 0o600))


def write_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Replace `path` with `text`, UTF-8."""
    with replacement(path, durable=durable) as fresh, open(fresh, "wb", buffering=0) as file:
        left = memoryview(text.encode())
        while left:
            left = left[file.write(left) :]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
