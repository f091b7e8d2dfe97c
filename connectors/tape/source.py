"""Say where a recorded market lies, and find its files."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.model.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

AS_RECORDED = -(1 << 62)
"""`min_feed_latency_ns` of a tape whose stamps stay exactly as they were written."""

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TapeSource:
    """Name a recording: the reader, a file or a folder, and how it is to be read.

    `pattern` picks the files of a folder; `{symbol}` in it stands for the instrument's symbol,
    upper and lower case count as equal, and an empty pattern means the reader's own. `allow_torn`
    accepts a tape that ends inside a record and uses what precedes. `repair` does so too, puts a
    GAP where a row cannot be one, and trusts the order of the rows where our clock went back.
    Whenever the quickest row would have reached us sooner than `min_feed_latency_ns` after the
    venue's stamp, a constant is added to our clock so that it took exactly that long
    (`AS_RECORDED`: never).
    """

    name: str
    path: Path
    pattern: str = ""
    allow_torn: bool = False
    repair: bool = False
    min_feed_latency_ns: int = 1_000_000
    cache_dir: Path | None = None

    @property
    def takes_torn(self) -> bool:
        """Whether what precedes a torn end is used."""
        return self.allow_torn or self.repair


@dataclass(frozen=True, slots=True)
class Reader:
    """Read one format. `version` goes up whenever the same files would give another tape."""

    name: str
    version: int
    pattern: str
    read: Callable[[tuple[Path, ...], Instrument, TapeSource], Tape]


def find_files(source: TapeSource, symbol: str, default_pattern: str) -> tuple[Path, ...]:
    """Return the absolute paths of a recording's files, in the order of their names.

    Raises DataError when the path is not there or no file of the folder fits the pattern.
    """
    path = source.path.expanduser().absolute()
    if not path.exists():
        raise DataError(f"tape.path: expected a file or a folder, nothing is there: {path}")
    if not path.is_dir():
        return (path,)
    return _fitting(path, source.pattern or default_pattern, symbol)


def _fitting(folder: Path, pattern: str, symbol: str) -> tuple[Path, ...]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise DataError(f"tape.path: cannot list {folder}: {error.strerror}") from error
    pattern = pattern.lower().replace("{symbol}", escape(symbol.lower()))
    found = tuple(folder / name for name in names if fnmatchcase(name.lower(), pattern))
    if not found:
        raise DataError(
            f"tape.path: expected files named {pattern} in {folder}, found {_listing(names)}; "
            "set tape.pattern or choose another market"
        )
    for path in found:
        if not path.is_file():
            raise DataError(f"{path}: expected a file, it is a folder or a broken link")
    return found


def _listing(names: list[str]) -> str:
    if not names:
        return "an empty folder"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
