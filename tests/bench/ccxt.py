"""Measure our ways to Bybit beside plain ccxt.pro: market data, decisions and orders, in turns.

Four processes read fifty markets, twenty changes a second each, one at a time: natively, through
ccxt's words over our own sockets, natively without desks, and with `watch_order_book` alone, which
decides nothing. Orders go to Bybit's stand-in: ours over HTTP and over its stream beside
`create_order` and `create_order_ws`. *To the wire* is from the call to the bytes at the stand-in.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence

from runner.modes import loop
from tests.bench.ccxt_ours import Ours
from tests.bench.ccxt_venue import PATH, Stamp
from tests.bench.feeds import _child, _least, _venue
from tests.bench.figures import Figure, Peer
from tests.bench.orders import DISTURBED, asked, line, process
from tests.bench.timing import quantile
from tests.bench.undisturbed import undisturbed

TURNS = 2
WAYS = ("native", "ccxt", "rows", "plain")
PLAIN = "plain ccxt.pro, in turns"
HALF, SHARE_OF_ORDER = 0.5, 0.7
BLOCKS, ORDERS = 6, 20
CALLS = {"http": "create_order", "stream": "create_order_ws"}
VENUES, MEASURED = 1, 2
"""Ranks: the stand-ins interrupt nobody who is measured, and nobody else the stand-ins."""
Told = dict[str, float]


def measure() -> list[Figure]:
    """Return the figures of both."""
    with undisturbed(VENUES) as is_alone, _venue() as port, undisturbed(MEASURED):
        if not is_alone:
            print(DISTURBED, file=sys.stderr)
        told = [{way: _child(way, port) for way in WAYS} for _ in range(TURNS)]
    data = {way: _least([turn[way] for turn in told]) for way in WAYS}
    with undisturbed(VENUES), process("tests.bench.ccxt_venue") as venue:
        port = int(line(venue))
        with undisturbed(MEASURED), process("tests.bench.ccxt_plain", str(port)) as plain:
            orders = loop.run(_orders(port, plain))
    return [*_of_data(data), *orders]


def _of_data(data: dict[str, Told]) -> Iterator[Figure]:
    """Yield what reading took: ours with a decision on each message, the peer without any."""
    plain = data["plain"]
    for way in ("native", "ccxt"):
        for name, key, unit in (
            ("message_to_decision_p50", "decided_p50_us", "µs"),
            ("message_to_decision_p99", "decided_p99_us", "µs"),
            ("cpu_a_message", "cpu_us", "µs"),
            ("cpu_share_of_1000_messages_a_second", "cpu_share", "cores"),
            ("start_cpu_to_50_books", "start_cpu_s", "s"),
            ("rss", "rss_mb", "MB"),
        ):
            aim = plain[key] * HALF if (way, key) == ("native", "cpu_us") else None
            yield Figure(f"{way}_{name}", data[way][key], unit, Peer(PLAIN, plain[key]), aim)
    rows = data["rows"]["cpu_us"]
    beside = Peer(PLAIN, plain["cpu_us"])
    yield Figure("native_cpu_a_message_to_rows", rows, "µs", beside, plain["cpu_us"] * HALF)
    desk = data["native"]["cpu_us"] - rows
    yield Figure("desk_cpu_a_message", desk, "µs", note="what any path pays for deciding")


async def _orders(port: int, plain: subprocess.Popen[str]) -> list[Figure]:
    """Send by all in turns; return what an order took."""
    ours = [Ours(port, way) for way in CALLS]
    for each in ours:
        await each.until_ready()
    await _ask(plain, 1, 2)
    asked(port, PATH)
    took: dict[tuple[str, bool], list[float]] = {}
    cpu: dict[tuple[str, bool], list[float]] = {}
    try:
        with loop.spared():
            for block in range(BLOCKS):
                for each in ours:
                    decided, cpu_us = await each.one_by_one(ORDERS)
                    cpu.setdefault((each.way, True), []).append(cpu_us)
                    came = await asyncio.to_thread(asked, port, PATH)
                    took.setdefault((each.way, True), []).extend(_taken_us(decided, came))
                told = await _ask(plain, 100 + block * ORDERS, ORDERS)
                came = await asyncio.to_thread(asked, port, PATH)
                for way, (decided, cpu_us) in zip(CALLS, told, strict=True):
                    cpu.setdefault((way, False), []).append(cpu_us)
                    took.setdefault((way, False), []).extend(_taken_us(decided, came))
    finally:
        for each in ours:
            await each.close()
    return [figure for way in CALLS for figure in _of_way(way, took, cpu)]


def _of_way(
    way: str, took: dict[tuple[str, bool], list[float]], cpu: dict[tuple[str, bool], list[float]]
) -> Iterator[Figure]:
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        theirs = quantile(took[way, False], share)
        peer, aim = Peer(f"{CALLS[way]}, in turns", theirs), theirs * SHARE_OF_ORDER
        goal = aim if name == "p50" else None
        ours = quantile(took[way, True], share)
        yield Figure(f"order_over_{way}_to_the_wire_{name}", ours, "µs", peer, goal)
    theirs = quantile(cpu[way, False], 0.5)
    peer = Peer(f"{CALLS[way]}, in turns", theirs)
    yield Figure(f"order_over_{way}_cpu", quantile(cpu[way, True], 0.5), "µs", peer)


def _taken_us(decided: Sequence[Stamp], came: Sequence[Sequence[object]]) -> Iterator[float]:
    """Yield how long each order was on its way to the wire."""
    at_ns = {(kind, text): ns for kind, text, ns in came}
    for kind, text, decided_ns in decided:
        ns = at_ns[kind, text]
        assert isinstance(ns, int)
        yield (ns - decided_ns) / 1e3


async def _ask(
    plain: subprocess.Popen[str], first: int, orders: int
) -> list[tuple[list[Stamp], float]]:
    """Have ccxt take its turn; return when it decided what, and its processor time."""
    assert plain.stdin is not None
    plain.stdin.write(json.dumps((first, orders)) + "\n")
    plain.stdin.flush()
    told = json.loads(await asyncio.to_thread(line, plain))
    return [([(k, t, ns) for k, t, ns in decided], cpu) for decided, cpu in told]
