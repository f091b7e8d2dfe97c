"""Generate long tapes of the synthetic market, compiled, once; afterwards they are mapped.

They have what a tape that a paper run wrote has: rows of one message share a stamp, and we receive
each message one feed latency after it.
"""

import hashlib
import inspect
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from connectors.model.instrument import Instrument
from connectors.model.kernel import kernels
from connectors.model.record import record_of
from connectors.sim.flow import next_message, snapshot, start
from connectors.sim.flow_market import BTC, ETH, FlowMarket, fill
from connectors.sim.flow_state import MESSAGE_ROWS, Flow, RowColumn
from connectors.tape.tape import Columns, DepthEnds, Tape, TopOfBook
from runner.modes.compiled import compile_loop
from tests.bench.places import cache
from tests.bench.places import kernels as kernel_cache

ROWS = 5_200_000
START_NS = 1_700_000_000_000_000_000
FEED_LATENCY_NS = 1_000_000
SEED = 20_261_121
MARKETS = {"btc": BTC, "eth": ETH}
SOURCES = ("connectors.sim.flow", "connectors.sim.ladder", "connectors.sim.random")
"""What the rows depend on."""


def flow_tape(name: str, instrument: Instrument) -> Tape:
    """Return the tape of `btc` or `eth`, made now if it is not there yet."""
    folder = cache() / f"flow-{name}-{_key(MARKETS[name])}"
    if not folder.is_dir():
        _store(folder, _generated(MARKETS[name]))
    columns = Columns(*(_mapped(folder / f"{field.name}.npy") for field in fields(Columns)))
    return _tape(instrument, columns)


def beginning(tape: Tape, rows: int) -> Tape:
    """Return the first rows of a tape, without a copy."""
    columns = Columns(*(getattr(tape.local, field.name)[:rows] for field in fields(Columns)))
    return replace(tape, local=columns, venue=columns)


def tape_bytes(tape: Tape) -> int:
    """Return the size of a tape in memory once every page of it has been touched."""
    return sum(int(getattr(tape.local, field.name).nbytes) for field in fields(Columns))


def _key(market: FlowMarket) -> str:
    """Return a name that differs whenever the tape could."""
    digest = hashlib.sha256(f"{market} {ROWS} {SEED} {FEED_LATENCY_NS}".encode())
    modules = {f.__module__ for f in kernels() if f.__module__.startswith(SOURCES)}
    for module in sorted(modules):
        digest.update(inspect.getsource(sys.modules[module]).encode())
    return digest.hexdigest()[:16]


def _flow_rows(
    flow: Flow,
    kind: RowColumn,
    ticks: RowColumn,
    lots: RowColumn,
    venue_ns: RowColumn,
    rows: int,
) -> int:
    """Write whole messages until there are `rows`; return how many there are."""
    at = snapshot(flow, kind, ticks, lots, venue_ns, 0)
    while at < rows:
        at = next_message(flow, kind, ticks, lots, venue_ns, at)
    return at


def _generated(market: FlowMarket) -> Columns:
    import numpy as np

    flow = Flow()
    fill(flow.params, market)
    start(flow, SEED, market.start_mid_ticks, START_NS)
    room = ROWS + MESSAGE_ROWS
    kind = np.zeros(room, np.uint8)
    ticks = np.zeros(room, np.int32)
    lots = np.zeros(room, np.int64)
    venue_ns = np.zeros(room, np.int64)
    loop: Callable[..., Any] = compile_loop(_flow_rows, kernel_cache())
    end = int(loop(record_of(flow), kind, ticks, lots, venue_ns, ROWS))
    recv_ns = venue_ns[:end] + FEED_LATENCY_NS
    return Columns(kind[:end], ticks[:end], lots[:end], venue_ns[:end], recv_ns)


def _store(folder: Path, columns: Columns) -> None:
    """Write the columns beside their place, drop those of older sources, and rename."""
    import numpy as np

    cache().mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".writing-", dir=cache()))
    for field in fields(Columns):
        np.save(fresh / f"{field.name}.npy", getattr(columns, field.name))
    for old in cache().glob(folder.name.rsplit("-", 1)[0] + "-*"):
        shutil.rmtree(old)
    fresh.rename(folder)


def _mapped(path: Path) -> Any:
    import numpy as np

    return np.load(path, mmap_mode="r").view(np.ndarray)


def _tape(instrument: Instrument, columns: Columns) -> Tape:
    import numpy as np

    none = np.zeros(0, np.int64)
    no_ticks = np.zeros(0, np.int32)
    return Tape(
        symbol=instrument.symbol,
        tick_size=instrument.tick_size,
        lot_size_base=instrument.lot_size_base,
        local=columns,
        venue=columns,
        bbo=TopOfBook(none, no_ticks, no_ticks),
        depth_end=DepthEnds(none, none),
    )
