"""Drive an exchange through a script of market rows and commands, interpreted or compiled.

One source for both. The script is a table of `Op` columns in order of time;
reports come back as rows of integers, one for each field of `Report`.
"""

from collections.abc import Callable, MutableSequence, Sequence
from functools import cache
from typing import Any, NamedTuple

from connectors.model.events import AMEND, CANCEL, GAP, PLACE, IntColumn
from connectors.model.kernel import kernels
from connectors.model.record import record_of
from connectors.sim.exchange import (
    FAR_NS,
    Exchange,
    ExchangeTerms,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    report_row,
    start,
    submit,
)


class Op(NamedTuple):
    """One line of a script: a market row, or a command that we send."""

    kind: int
    ticks: int
    lots: int
    now_ns: int
    client_id: int = 0
    side: int = 0
    flags: int = 0


class Report(NamedTuple):
    """One account row."""

    kind: int
    client_id: int
    side: int
    ticks: int
    lots: int
    code: int
    trade_id: int
    venue_ns: int
    recv_ns: int


def drive(
    x: Exchange,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    now_ns: IntColumn,
    client_id: IntColumn,
    side: IntColumn,
    flags: IntColumn,
    out: Sequence[MutableSequence[int]],
) -> int:
    """Run the script, deliver what is left, write every report into `out` and return how many."""
    count = 0
    for i in range(len(kind) + 1):
        until_ns = now_ns[i] if i < len(kind) else FAR_NS
        while next_request_ns(x) < until_ns:
            deliver_request(x)
        if i < len(kind):
            if kind[i] <= GAP:
                on_row(x, kind[i], ticks[i], lots[i], now_ns[i])
            else:
                submit(x, kind[i], client_id[i], side[i], ticks[i], lots[i], flags[i], now_ns[i])
        while next_report_ns(x) < FAR_NS:
            k = report_row(x)
            out[count][0] = x.reports.kind[k]
            out[count][1] = x.reports.client_id[k]
            out[count][2] = x.reports.side[k]
            out[count][3] = x.reports.ticks[k]
            out[count][4] = x.reports.lots[k]
            out[count][5] = x.reports.code[k]
            out[count][6] = x.reports.trade_id[k]
            out[count][7] = x.reports.venue_ns[k]
            out[count][8] = x.reports.recv_ns[k]
            count += 1
    return count


Prepare = Callable[[Exchange], Exchange]


def as_it_is(x: Exchange) -> Exchange:
    """Return a started exchange unchanged."""
    return x


def opened(terms: ExchangeTerms) -> Exchange:
    """Return a started exchange."""
    x = Exchange()
    start(x, terms)
    return x


def interpreted(
    terms: ExchangeTerms, script: Sequence[Op], prepare: Prepare = as_it_is
) -> list[Report]:
    """Return the reports of a script, run by the interpreter."""
    out = [[0] * len(Report._fields) for _ in range(8 * len(script) + 64)]
    kind, ticks, lots, now_ns, client_id, side, flags = zip(*script, strict=True)
    count = drive(prepare(opened(terms)), kind, ticks, lots, now_ns, client_id, side, flags, out)
    return [Report(*row) for row in out[:count]]


def compiled(
    terms: ExchangeTerms, script: Sequence[Op], prepare: Prepare = as_it_is
) -> list[Report]:
    """Return the reports of a script, run compiled."""
    import numpy as np

    out = np.zeros((8 * len(script) + 64, len(Report._fields)), np.int64)
    columns = np.array(script, np.int64).T.copy()
    count = compiled_drive()(record_of(prepare(opened(terms))), *columns, out)
    return [Report(*row) for row in out[:count].tolist()]


@cache
def compiled_drive() -> Any:
    """Compile `drive` once a process."""
    import numba
    from numba.extending import register_jitable

    for function in kernels():
        register_jitable(function)
    return numba.njit(drive)


def place(client_id: int, side: int, ticks: int, lots: int, now_ns: int, flags: int = 0) -> Op:
    """Return the line that sends an order."""
    return Op(PLACE, ticks, lots, now_ns, client_id, side, flags)


def cancel(client_id: int, now_ns: int) -> Op:
    """Return the line that sends a cancel."""
    return Op(CANCEL, 0, 0, now_ns, client_id)


def amend(client_id: int, side: int, ticks: int, lots: int, now_ns: int) -> Op:
    """Return the line that sends an order's new price and size in all."""
    return Op(AMEND, ticks, lots, now_ns, client_id, side)
