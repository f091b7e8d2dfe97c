"""Make small recordings by hand."""

import gzip
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.instrument import Instrument
from connectors.tape.source import AS_RECORDED, TapeSource
from connectors.tape.tape import Columns

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"))
ETH = Instrument("ETHUSDT", "ETH", "USDT", Decimal("0.01"), Decimal("0.001"))

T0_MS = 1_721_347_200_000
MS = 1_000_000
"""Nanoseconds in a millisecond."""


def recordings() -> Path:
    """Return where recorded markets lie on this machine, if anywhere."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    return Path(os.environ.get("MMRUNNER_DATA", beside))


def source(path: Path, name: str = "binance_raw", **options: Any) -> TapeSource:
    """Return a source whose stamps stay as they are unless told otherwise."""
    return TapeSource(name, path, **{"min_feed_latency_ns": AS_RECORDED, **options})


def rows_of(columns: Columns) -> list[tuple[int, int, int]]:
    """Return (kind, ticks, lots) of each row."""
    return list(
        zip(columns.kind.tolist(), columns.ticks.tolist(), columns.lots.tolist(), strict=True)
    )


def line(at_ms: int, message: dict[str, Any]) -> str:
    """Return a raw line that was received so many ms after T0."""
    return f"{(T0_MS + at_ms) * MS} {json.dumps(message)}"


def stream(kind: str, data: dict[str, Any], symbol: str = "btcusdt") -> dict[str, Any]:
    """Return a message of a combined stream."""
    return {"stream": f"{symbol}@{kind}", "data": data}


def depth(
    at_ms: int,
    ids: tuple[int, int, int | None],
    bids: list[list[str]],
    asks: list[list[str]],
    late_ms: int = 5,
) -> str:
    """Return a depth update with (U, u, pu), spot's without pu; it takes `late_ms` to us."""
    first, last, previous = ids
    data: dict[str, Any] = {"U": first, "u": last, "E": T0_MS + at_ms, "b": bids, "a": asks}
    if previous is not None:
        data |= {"pu": previous, "T": T0_MS + at_ms}
    return line(at_ms + late_ms, stream("depth@0ms", data))


def snapshot(at_ms: int, last_id: int, bid: str = "100.0", ask: str = "100.1") -> str:
    """Return a snapshot with one level a side."""
    levels = {"bids": [[bid, "1.000"]], "asks": [[ask, "2.000"]]}
    return line(at_ms, {"lastUpdateId": last_id, "T": T0_MS + at_ms - 5, **levels})


def trade(at_ms: int, trade_id: int, price: str = "100.0", **changes: Any) -> str:
    """Return a trade of 0.5 that a seller took."""
    data = {"t": trade_id, "p": price, "q": "0.500", "T": T0_MS + at_ms, "X": "MARKET", "m": True}
    return line(at_ms + 5, stream("trade", data | changes))


def ticker(at_ms: int, update_id: int, bid: str, ask: str) -> str:
    """Return a top of book."""
    data = {"u": update_id, "b": bid, "B": "1.000", "a": ask, "A": "1.000"}
    return line(at_ms, stream("bookTicker", data))


def write_lines(path: Path, lines: list[str], end: str = "\n") -> Path:
    """Write lines, gzipped where the name says so; return the path."""
    data = ("\n".join(lines) + end).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
