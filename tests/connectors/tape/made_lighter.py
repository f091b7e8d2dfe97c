"""Make small Lighter recordings by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

from tests.connectors.tape.made import T0_MS

Levels = list[tuple[str, str]]


def frame(at_ms: int, message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as a client keeps it, received so many ms after T0."""
    return {"ts": (T0_MS + at_ms) / 1000, "msg": json.dumps(message)}


def lighter_stats(at_ms: int, symbol: str, market_id: int = 1) -> dict[str, Any]:
    """Return the statistics that name a market."""
    stats = {"symbol": symbol, "market_id": market_id, "mark_price": "100.0"}
    channel = f"market_stats:{market_id}"
    return frame(at_ms, {"channel": channel, "market_stats": stats, "type": "update/market_stats"})


def lighter_snapshot(at_ms: int, nonce: int, market_id: int = 1, offset: int = 0) -> dict[str, Any]:
    """Return a whole book with one level a side."""
    one = {"bids": [("100.0", "1.000")], "asks": [("100.1", "2.000")]}
    return _book("subscribed", at_ms, nonce, market_id, offset, 0, **one)


def lighter_book(
    at_ms: int,
    nonce: int,
    begin_nonce: int | None = -1,
    market_id: int = 1,
    offset: int = 0,
    bids: Levels | None = None,
    asks: Levels | None = None,
) -> dict[str, Any]:
    """Return an update; it continues the nonce before its own unless told otherwise."""
    begin = nonce - 1 if begin_nonce == -1 else begin_nonce
    return _book("update", at_ms, nonce, market_id, offset, begin, bids or [], asks or [])


def lighter_trade(at_ms: int, trade_id: int, **changes: Any) -> dict[str, Any]:
    """Return a trade of 0.5 in which the ask rested."""
    trade = {
        "trade_id": trade_id,
        "type": "trade",
        "price": "100.1",
        "size": "0.500",
        "is_maker_ask": True,
        "timestamp": T0_MS + at_ms - 5,
    }
    list_name = changes.pop("list_name", "trades")
    kind = changes.pop("kind", "update/trade")
    return frame(at_ms, {"channel": "trade:1", list_name: [trade | changes], "type": kind})


def write_frames(path: Path, frames: list[dict[str, Any]], cut: int = 0) -> Path:
    """Write a recording, gzipped by its name; `cut` bytes are missing at its end."""
    data = json.dumps(frames).encode()
    data = data[: len(data) - cut]
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _book(
    kind: str,
    at_ms: int,
    nonce: int,
    market_id: int,
    offset: int,
    begin: int | None,
    bids: Levels,
    asks: Levels,
) -> dict[str, Any]:
    book: dict[str, Any] = {
        side: [{"price": price, "size": size} for price, size in levels]
        for side, levels in (("bids", bids), ("asks", asks))
    }
    book |= {"nonce": nonce, "offset": offset}
    if begin is not None:
        book["begin_nonce"] = begin
    message = {
        "channel": f"order_book:{market_id}",
        "order_book": book,
        "timestamp": T0_MS + at_ms - 5,
        "type": f"{kind}/order_book",
    }
    return frame(at_ms, message)
