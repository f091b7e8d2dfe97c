"""Measure what an order costs at Lighter, beside the venue's own library, and what the loop feels.

The venue is the stand-in in a process of its own, on loopback. *Decision to bytes* is from the call
that places, changes or cancels to the moment when the request's bytes have come to the stand-in.
The loop is the one that deploys run on, and spared by the collector as theirs is. No venue is on
the machine of those who trade there: neither the stand-in nor anybody else interrupts what is
measured.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from connectors.model.errors import MmrunnerError
from runner.modes import loop
from tests.bench.figures import Figure, Peer
from tests.bench.orders_lag import lags
from tests.bench.orders_ours import SIGNED_AHEAD, Ours
from tests.bench.orders_sdk import BATCH, Decided
from tests.bench.orders_venue import AHEAD, HUSH, HUSHED, PATH
from tests.bench.places import CHECKOUT
from tests.bench.timing import quantile
from tests.bench.undisturbed import undisturbed

BLOCKS = 10
ORDERS = 10
BATCHES = 2
OF_SDK = 5
AIM = "a fifth of its p50"
VENUES, OURS = 1, 2
"""Ranks: the stand-in interrupts nobody who is measured, and nobody else the stand-in."""
DISTURBED = "orders: no real-time priority: the stand-in and others interrupt what is measured"
SDK = "lighter-sdk, in turns"
SDK_BATCH = "lighter-sdk: ten signed, one send_tx_batch"
NAMES = {"CREATE": "create", "MODIFY": "modify", "CANCEL": "cancel"}
Took = dict[str, list[float]]


def measure() -> list[Figure]:
    """Return the figures of orders."""
    with undisturbed(VENUES) as is_alone, process("tests.bench.orders_venue") as venue:
        if not is_alone:
            print(DISTURBED, file=sys.stderr)
        port = int(line(venue))
        with undisturbed(OURS), process("tests.bench.orders_sdk", str(port)) as sdk:
            return loop.run(_measure(port, sdk))


async def _measure(port: int, sdk: subprocess.Popen[str]) -> list[Figure]:
    ours, ahead, deaf = Ours(port), Ours(port, AHEAD, *SIGNED_AHEAD), Ours(port, HUSHED)
    for each in (ours, ahead, deaf):
        await each.until_ready()
    asked(port, f"{HUSH}?account={HUSHED}")
    await _sdk(sdk, 1, 2, 1)
    _stamps(port)
    try:
        with loop.spared():
            figures = await _orders(ours, ahead, sdk, port)
            await ahead.close()
            return [*figures, *await lags(ours, deaf)]
    finally:
        await ours.close()
        await deaf.close()


async def _orders(ours: Ours, ahead: Ours, sdk: subprocess.Popen[str], port: int) -> list[Figure]:
    """Send by all in turns; return figures of each kind of command."""
    mine: Took = {}
    theirs: Took = {}
    early: Took = {}
    a_turn = ORDERS + BATCHES * BATCH
    for block in range(BLOCKS):
        decided = await ours.one_by_one(ORDERS)
        batches = [await ours.batch() for _ in range(BATCHES)]
        _add(mine, decided, batches, await asyncio.to_thread(_stamps, port))
        cancels = [d for d in await ahead.one_by_one(ORDERS) if d[0] == "CANCEL"]
        _add(early, cancels, (), await asyncio.to_thread(_stamps, port))
        told = await _sdk(sdk, 1_000 + block * a_turn, ORDERS, BATCHES)
        single, rest = told[: 3 * ORDERS], told[3 * ORDERS :]
        batches = [rest[k : k + BATCH] for k in range(0, len(rest), BATCH)]
        _add(theirs, single, batches, await asyncio.to_thread(_stamps, port))
    mine["cancel_signed_ahead"], theirs["cancel_signed_ahead"] = early["cancel"], theirs["cancel"]
    return [
        figure
        for name in mine
        for figure in _compared(name, SDK_BATCH if name == "batch_of_ten" else SDK, mine, theirs)
    ]


def _add(took: Took, single: Decided, batches: Sequence[Decided], came: Decided) -> None:
    """Add how long commands took, in ms: each one, and of a batch its last."""
    came_ns = {(kind, index): at_ns for kind, index, at_ns in came}
    for kind, index, decided_ns in single:
        taken_ms = (came_ns[kind, index] - decided_ns) / 1e6
        took.setdefault(f"{NAMES[kind]}", []).append(taken_ms)
    for batch in batches:
        last_ns = max(came_ns[kind, index] for kind, index, _ in batch)
        took.setdefault("batch_of_ten", []).append((last_ns - batch[0][2]) / 1e6)


def _compared(name: str, peer: str, mine: Took, theirs: Took) -> Iterator[Figure]:
    sdk_ms = quantile(theirs[name], 0.5)
    yield Figure(
        f"{name}_decision_to_bytes_p50",
        quantile(mine[name], 0.5),
        "ms",
        Peer(peer, sdk_ms),
        sdk_ms / OF_SDK,
        note=f"aim: {AIM} in the same run" if name == "create" else "",
    )
    p99 = Peer(peer, quantile(theirs[name], 0.99))
    yield Figure(f"{name}_decision_to_bytes_p99", quantile(mine[name], 0.99), "ms", p99)


async def _sdk(sdk: subprocess.Popen[str], first: int, orders: int, batches: int) -> Decided:
    """Have the library take its turn; return when it decided what."""
    assert sdk.stdin is not None
    sdk.stdin.write(json.dumps((first, orders, batches)) + "\n")
    sdk.stdin.flush()
    return [tuple(each) for each in json.loads(await asyncio.to_thread(line, sdk))]


def _stamps(port: int) -> Decided:
    """Take the stamps of what has come."""
    return [tuple(each) for each in asked(port, PATH)]


def asked(port: int, path: str) -> list[list[Any]]:
    """Ask the stand-in."""
    with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        told: list[list[Any]] = json.load(answer)
        return told


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    told = process.stdout.readline()
    if not told:
        raise MmrunnerError("orders: a process of the bench ended: see its error above")
    return told


@contextmanager
def process(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module of ours for as long as the block lasts."""
    command = [sys.executable, "-m", module, *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
