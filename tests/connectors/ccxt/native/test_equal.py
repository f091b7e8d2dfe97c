"""Read natively and through real ccxt, one venue has one book at every update, and one tape."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.ccxt.native import scripted
from tests.connectors.ccxt.native.scripted import Ledger, Scripted, native_of, through_ccxt
from tests.connectors.ccxt.test_public_only import NOW_MS
from tests.recordings import recorded

SAID = {
    "binance": scripted.spot_frames,
    "binanceusdm": scripted.binance_frames,
    "okx": scripted.okx_frames,
}
DEPTHS = {"binance": "/api/v3/depth", "binanceusdm": "/fapi/v1/depth"}


def answers_of(exchange: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {DEPTHS[exchange]: answer} if answer else {}


def compared(ours: Ledger, theirs: Ledger) -> int:
    """Hold the books of two readers against each other at every moment; return how many."""
    moments = sorted(ours.tops.keys() | theirs.tops.keys())
    books: list[Any] = [None, None]
    count = 0
    for now_ns in moments:
        books = [
            each.tops.get(now_ns, known) for each, known in zip((ours, theirs), books, strict=True)
        ]
        if None in books:
            continue
        count += 1
        assert books[0] == books[1], f"at {now_ns}, after {count} updates"
    return count


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("exchange", SAID)
def test_the_book_is_the_same_at_every_update_and_so_are_trades(exchange: str, seed: int) -> None:
    frames, answer = SAID[exchange](seed, 150)
    venue = Scripted(exchange, frames, answers_of(exchange, answer))
    ours, theirs = venue.read(native_of), venue.read(through_ccxt)
    assert compared(ours, theirs) > 120, venue.told
    assert ours.trades == theirs.trades
    assert len(ours.trades) > 20


def recording(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the messages of a raw recording, unwrapped."""
    with gzip.open(path) as lines:
        for line in lines:
            message = json.loads(line.partition(b" ")[2])
            yield message.get("data", message)


def replayed(name: str, count: int) -> Scripted:
    """Return a venue that says a recording again: what came before its snapshot and after it."""
    path = recorded("l2/binance_raw_20240718") / name
    messages = list(islice(recording(path), count))
    snapshot = next(message for message in messages if "lastUpdateId" in message)
    said = [m for m in messages if m.get("e") in ("depthUpdate", "trade")]
    said = [m for m in said if m["e"] == "depthUpdate" or m["E"] >= snapshot.get("E", 0)]
    # The venue's time has to be that of the clock: ccxt's reader takes older trades for history.
    later_ms = NOW_MS - said[0]["E"]
    said = [m | {"E": m["E"] + later_ms, "T": m["T"] + later_ms} for m in said]
    frames = [json.dumps(m, separators=(",", ":")).encode() for m in said]
    return Scripted("binanceusdm", frames, {DEPTHS["binanceusdm"]: snapshot})


def test_a_recorded_market_is_the_same_at_every_update() -> None:
    venue = replayed("usdm_btcusdt_20240718.gz", 1_500)
    ours, theirs = venue.read(native_of), venue.read(through_ccxt)
    assert compared(ours, theirs) > 200, venue.told
    assert ours.trades == theirs.trades
    assert len(ours.trades) > 20


@pytest.mark.slow
def test_a_whole_recorded_file_is_the_same_at_every_update() -> None:
    venue = replayed("usdm_btcusdt_20240718.gz", 10**9)
    ours, theirs = venue.read(native_of), venue.read(through_ccxt)
    assert compared(ours, theirs) > 1_000, venue.told
    assert ours.trades == theirs.trades
