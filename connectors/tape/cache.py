"""Keep decoded tapes as columns on disk, mapped into memory and shared by every process."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.tape.source import Reader, TapeSource, find_files
from connectors.tape.tape import Columns, DepthEnds, Group, Tape, TopOfBook, read_only

if TYPE_CHECKING:
    from connectors.model.instrument import Instrument

LAYOUT = 2
"""Goes up whenever the files below change their meaning."""


def open_tape(
    source: TapeSource, instrument: Instrument, reader: Reader, cache_dir: Path | None
) -> Tape:
    """Return the tape of an instrument: from the cache, or read and then cached.

    A cached tape is used only for the same reader, files (by size and time of change), steps and
    options; a damaged one is made anew. Raises what the reader raises.
    """
    paths = find_files(source, instrument.symbol, reader.pattern)
    if cache_dir is None:
        return reader.read(paths, instrument, source)
    folder = cache_dir / key_of(paths, source, instrument, reader)
    cached = _load(folder, instrument)
    if cached is not None:
        return cached
    tape = reader.read(paths, instrument, source)
    _store(folder, tape)
    return _load(folder, instrument) or tape


def key_of(
    paths: tuple[Path, ...], source: TapeSource, instrument: Instrument, reader: Reader
) -> str:
    """Return a name that differs whenever the tape could."""
    stats = [path.stat() for path in paths]
    what = [
        LAYOUT,
        reader.name,
        reader.version,
        [
            [str(path), stat.st_size, stat.st_mtime_ns]
            for path, stat in zip(paths, stats, strict=True)
        ],
        [instrument.symbol, str(instrument.tick_size), str(instrument.lot_size_base)],
        [source.allow_torn, source.repair, source.min_feed_latency_ns],
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


def _store(folder: Path, tape: Tape) -> None:
    """Write a tape beside the cache and rename it into place; the first of two writers wins."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    except OSError as error:
        raise DataError(
            f"tape.cache_dir: cannot write {folder.parent}: {error.strerror}; "
            "choose another folder or set it to null"
        ) from error
    try:
        _write(fresh, tape)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError as error:
        if not folder.is_dir():
            raise DataError(f"tape.cache_dir: cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(folder: Path, tape: Tape) -> None:
    groups: dict[str, Columns | TopOfBook | DepthEnds] = {
        "local": tape.local,
        "bbo": tape.bbo,
        "depth_end": tape.depth_end,
    }
    if tape.venue is not tape.local:
        groups["venue"] = tape.venue
    for name, group in groups.items():
        _write_group(folder, name, group)
    meta = {
        "lengths": {name: len(group) for name, group in groups.items()},
        "clock_shift_ns": tape.clock_shift_ns,
        "torn": tape.torn,
        "notes": tape.notes,
    }
    (folder / "meta.json").write_text(json.dumps(meta))


def _write_group(folder: Path, name: str, group: Columns | TopOfBook | DepthEnds) -> None:
    import numpy as np

    for field in fields(group):
        np.save(folder / f"{name}.{field.name}.npy", getattr(group, field.name))


def _load(folder: Path, instrument: Instrument) -> Tape | None:
    """Map a cached tape; None where it is missing or damaged."""
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        lengths = meta["lengths"]
        local = _map_group(folder, "local", Columns, lengths["local"])
        return Tape(
            symbol=instrument.symbol,
            tick_size=instrument.tick_size,
            lot_size_base=instrument.lot_size_base,
            local=local,
            venue=(
                _map_group(folder, "venue", Columns, lengths["venue"])
                if "venue" in lengths
                else local
            ),
            bbo=_map_group(folder, "bbo", TopOfBook, lengths["bbo"]),
            depth_end=_map_group(folder, "depth_end", DepthEnds, lengths["depth_end"]),
            clock_shift_ns=int(meta["clock_shift_ns"]),
            torn=meta["torn"],
            notes=tuple((str(text), int(count)) for text, count in meta["notes"]),
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def _map_group(folder: Path, name: str, kind: type[Group], length: int) -> Group:
    columns = (_map(folder / f"{name}.{field.name}.npy", length) for field in fields(kind))
    return read_only(kind(*columns))


def _map(path: Path, length: int) -> Any:
    """Map one column; an array that is not a memmap compiles like any other."""
    import numpy as np

    column = np.load(path, mmap_mode="r" if length else None).view(np.ndarray)
    if column.shape != (length,):
        raise ValueError(f"{path}: expected {length} values")
    return column
