"""Convert a tape that mmrunner wrote to a plain .npy that hftbacktest loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.tape.hft_events import EXCH, LOCAL
from connectors.tape.mmrunner import read_events

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def export_npy(path: Path, npy: Path, *, allow_torn: bool = False) -> int:
    """Write a tape's events to an .npy file and return how many.

    hftbacktest wants both clocks in order: a row that another overtook on its way to us is written
    twice, once for the venue and once for our side. Raises what reading raises, and DataError when
    the file cannot be written.
    """
    import numpy as np

    _, events, _ = read_events(path, allow_torn)
    ordered = in_both_orders(events)
    try:
        with npy.open("xb") as file:
            np.save(file, ordered)
    except OSError as error:
        raise DataError(f"{npy}: expected a new file to export to: {error.strerror}") from error
    return len(ordered)


def in_both_orders(events: NDArray[Any]) -> NDArray[Any]:
    """Return the events so that those flagged EXCH and those flagged LOCAL are each in order."""
    import numpy as np

    exch_ts = events["exch_ts"]
    if bool((exch_ts[1:] >= exch_ts[:-1]).all()):
        return events
    happened = np.argsort(exch_ts, kind="stable")
    rows, flags = _merge(happened.tolist(), exch_ts.tolist())
    ordered: NDArray[Any] = events[np.array(rows)]
    ordered["ev"] &= ~np.uint64(EXCH | LOCAL)
    ordered["ev"] |= np.array(flags, np.uint64)
    return ordered


def _merge(happened: list[int], exch_ts: list[int]) -> tuple[list[int], list[int]]:
    """Walk both orders at once; the head with the earlier venue stamp goes first, ours on a tie."""
    rows: list[int] = []
    flags: list[int] = []
    received = 0
    for row in happened:
        while received < row and exch_ts[received] <= exch_ts[row]:
            rows.append(received)
            flags.append(LOCAL)
            received += 1
        rows.append(row)
        if received == row:
            flags.append(EXCH | LOCAL)
            received += 1
        else:
            flags.append(EXCH)
    rows += range(received, len(happened))
    flags += [LOCAL] * (len(happened) - received)
    return rows, flags
