"""Be a public stream of Bybit with many markets, each told of so often: a process of the bench.

A change's `ts` and `cts` are the monotonic clock in microseconds, in place of a time in
milliseconds: the one who reads it on this machine knows how late it is. Frames have ten levels.
"""

import asyncio
import json
import sys
from contextlib import suppress
from time import monotonic, monotonic_ns
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

SYMBOLS = tuple(f"M{k:02d}USDT" for k in range(50))
A_SECOND = 20
LEVELS = 5
BOOK = "orderbook.50."


def frame(symbol: str, number: int, *, is_snapshot: bool = False) -> str:
    """Return a snapshot or a change of a book around 60,000."""
    spread = (number % 5) / 10
    bids = [[f"{60_000 - k - spread:.1f}", f"{1 + (number + k) % 9}.000"] for k in range(LEVELS)]
    asks = [[f"{60_001 + k + spread:.1f}", f"{1 + (number + k) % 7}.000"] for k in range(LEVELS)]
    stamp = monotonic_ns() // 1000
    words = {
        "topic": f"{BOOK}{symbol}",
        "type": "snapshot" if is_snapshot else "delta",
        "ts": stamp,
        "data": {"s": symbol, "b": bids, "a": asks, "u": number + 1, "seq": number},
        "cts": stamp,
    }
    return json.dumps(words, separators=(",", ":"))


async def talk(line: ServerConnection) -> None:
    """Answer subscriptions, and tell of every market."""
    numbers = dict.fromkeys(SYMBOLS, 1)
    telling = asyncio.create_task(_tell(line, numbers))
    try:
        with suppress(ConnectionClosed):
            async for message in line:
                for said in _answers(json.loads(message), numbers):
                    await line.send(said)
    finally:
        telling.cancel()


def _answers(asked: dict[str, Any], numbers: dict[str, int]) -> list[str]:
    if asked.get("op") == "ping":
        return ['{"success":true,"ret_msg":"pong","op":"ping"}']
    answer = {"success": True, "ret_msg": "", "op": asked["op"], "req_id": asked.get("req_id", "")}
    books = [arg for arg in asked.get("args", ()) if arg.startswith(BOOK)]
    books = books if asked["op"] == "subscribe" else []
    symbols = [topic.removeprefix(BOOK) for topic in books]
    snapshots = [frame(symbol, numbers[symbol], is_snapshot=True) for symbol in symbols]
    return [json.dumps(answer, separators=(",", ":")), *snapshots]


async def _tell(line: ServerConnection, numbers: dict[str, int]) -> None:
    """Tell of each market in turn, evenly, once all have had the time to be asked for."""
    await asyncio.sleep(3.0)
    started, told = monotonic(), 0
    while True:
        due = int((monotonic() - started) * A_SECOND * len(SYMBOLS))
        for k in range(told, due):
            symbol = SYMBOLS[k % len(SYMBOLS)]
            numbers[symbol] += 1
            await line.send(frame(symbol, numbers[symbol]))
        told = due
        await asyncio.sleep(0.001)


async def main() -> None:
    """Serve until stopped."""
    async with serve(talk, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
