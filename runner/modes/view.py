"""Make what a screen walks over from a tape, once for all parameter sets; keep it on disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from connectors.model.book import Book, clear
from connectors.model.errors import DataError
from connectors.model.record import record_of
from connectors.tape.tape import Tape
from runner.modes.view_loop import find_decisions, find_reaches

LAYOUT = 2
"""Goes up whenever the columns would differ for the same tape."""
Compiler = Callable[[Callable[..., Any]], Callable[..., Any]]
NARROW = ("bid_ticks", "ask_ticks", "entry_bid_ticks", "entry_ask_ticks")
"""Columns that 32 bits hold, as they hold a tape's ticks."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When decisions fall, when their orders arrive, and how long a replacement waits [ns]."""

    refresh_ns: int
    wake_every_ns: int
    entry_ns: int
    gap_ns: int

    @property
    def name(self) -> str:
        """A name for a folder."""
        return "-".join(str(number) for number in (LAYOUT, *astuple(self)))


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One row a decision, in arrays of equal length: see `runner.modes.view_loop`."""

    now_ns: Any
    bid_ticks: Any
    ask_ticks: Any
    entry_bid_ticks: Any
    entry_ask_ticks: Any
    early_bid_reach: Any
    early_ask_reach: Any
    late_bid_reach: Any
    late_ask_reach: Any
    sold_lots: Any
    bought_lots: Any

    def __len__(self) -> int:
        return len(self.now_ns)

    @property
    def columns(self) -> tuple[Any, ...]:
        """The arrays in the order in which the loop takes them."""
        return tuple(getattr(self, field.name) for field in fields(self))


def open_view(tape: Tape, timing: Timing, folder: Path | None, compiled: Compiler) -> View:
    """Return a tape's view: from its folder, or made and then kept there.

    `compiled` compiles a loop. Raises DataError where the folder cannot be written.
    """
    place = None if folder is None else folder / timing.name
    kept = None if place is None else _load(place)
    if kept is not None:
        return kept
    view = _made(tape, timing, compiled)
    if place is not None:
        _store(place, view)
    return view


def _made(tape: Tape, timing: Timing, compiled: Compiler) -> View:
    import numpy as np

    local, venue = tape.local, tape.venue
    steps = int(local.recv_ns[-1] - local.recv_ns[0]) // timing.refresh_ns + 2
    now_ns, bid_ticks, ask_ticks = (np.zeros(steps, np.int64) for _ in range(3))
    decisions, reaches = compiled(_decisions), compiled(_reaches)
    rows = local.kind, local.ticks, local.lots, local.recv_ns
    count = decisions(
        _empty_book(), *rows, timing.refresh_ns, timing.wake_every_ns, now_ns, bid_ticks, ask_ticks
    )
    found = [np.zeros(count, np.int64) for _ in range(8)]
    rows = venue.kind, venue.ticks, venue.lots, venue.venue_ns
    reaches(_empty_book(), *rows, now_ns[:count], timing.entry_ns, timing.gap_ns, *found)
    columns = [now_ns[:count], bid_ticks[:count], ask_ticks[:count], *found]
    return View(*(_packed(f.name, c) for f, c in zip(fields(View), columns, strict=True)))


def _packed(name: str, column: Any) -> Any:
    """Return a column in its own width, read-only: so it compiles as a mapped one does."""
    import numpy as np

    packed = np.ascontiguousarray(column, np.int32 if name in NARROW else np.int64).view()
    packed.flags.writeable = False
    return packed


def _decisions(
    book: Any,
    kind: Any,
    ticks: Any,
    lots: Any,
    recv_ns: Any,
    refresh_ns: int,
    wake_every_ns: int,
    now_ns: Any,
    bid_ticks: Any,
    ask_ticks: Any,
) -> int:
    """Be what is compiled: a dispatcher of its own over the kernel."""
    return find_decisions(
        book, kind, ticks, lots, recv_ns, refresh_ns, wake_every_ns, now_ns, bid_ticks, ask_ticks
    )


def _reaches(
    book: Any,
    kind: Any,
    ticks: Any,
    lots: Any,
    venue_ns: Any,
    now_ns: Any,
    entry_ns: int,
    gap_ns: int,
    entry_bid_ticks: Any,
    entry_ask_ticks: Any,
    early_bid_reach: Any,
    early_ask_reach: Any,
    late_bid_reach: Any,
    late_ask_reach: Any,
    sold_lots: Any,
    bought_lots: Any,
) -> None:
    """Be what is compiled: a dispatcher of its own over the kernel."""
    find_reaches(
        book, kind, ticks, lots, venue_ns, now_ns, entry_ns, gap_ns,
        entry_bid_ticks, entry_ask_ticks, early_bid_reach, early_ask_reach,
        late_bid_reach, late_ask_reach, sold_lots, bought_lots,
    )  # fmt: skip


def _empty_book() -> Any:
    book = Book()
    clear(book)
    return record_of(book)


def _load(place: Path) -> View | None:
    """Map a view that is kept; None where it is missing or damaged."""
    import numpy as np

    try:
        columns = [np.load(place / f"{f.name}.npy", mmap_mode="r") for f in fields(View)]
        view = View(*(column.view(np.ndarray) for column in columns))
    except (OSError, ValueError, EOFError):
        return None
    return view if len({len(column) for column in view.columns}) == 1 else None


def _store(place: Path, view: View) -> None:
    """Write a view beside its place and rename it; the first of two writers wins."""
    import numpy as np

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".writing-", dir=place.parent))
    except OSError as error:
        raise DataError(f"cannot write {place.parent}: {error.strerror}") from error
    try:
        for field in fields(View):
            np.save(fresh / f"{field.name}.npy", getattr(view, field.name))
        shutil.rmtree(place, ignore_errors=True)
        fresh.rename(place)
    except OSError as error:
        if not place.is_dir():
            raise DataError(f"cannot write {place}: {error.strerror}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
