"""Measure what a web view costs the deploy that it shows, and what the view itself weighs.

A paper deploy runs by itself, and beside it a view with 200 pages open that stream. Both are
measured in turns, as the product runs. The pages are read by a process of their own, which has to
share the processors with the deploy: on a machine with few of them its cost is in the figure.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from connectors.model.errors import MmrunnerError
from runner.web.keys import keys_at
from runner.web.roles import Role
from tests.bench.figures import Figure, Peer
from tests.bench.process import Process, fresh_home, home

DEPLOY = "bench"
SECONDS = 12
ROUNDS = 3
CLIENTS = 200
PORT = 8429
PATIENCE_S = 60.0
PAPER = ("-m", "runner", f"deploy={DEPLOY}", f"duration_s={SECONDS}", "watch=none")
VIEW = ("-m", "runner", "mode=web", f"web.port={PORT}")
READ = ("-m", "tests.bench.web")


def measure() -> list[Figure]:
    """Return the figures of a web view."""
    alone, watched, started_s, weight_mb, events = [], [], [], [], []
    for _ in range(ROUNDS):
        fresh_home()
        alone.append(_p99_us(Process(PAPER)))
        fresh_home()
        began = perf_counter()
        view = Process(VIEW)
        _wait_for_keys()
        asyncio.run(_until_served())
        started_s.append(perf_counter() - began)
        deploy, pages = Process(PAPER), Process(READ)
        watched.append(_p99_us(deploy))
        weight_mb.append(view.rss_mb())
        pages.wait()
        events.append(float((home() / "events").read_text()))
        view.end()
        view.wait()
    return [
        Figure("web_start", min(started_s), "s"),
        Figure(f"web_rss_with_{CLIENTS}_pages", median(weight_mb), "MB"),
        Figure(f"web_events_to_{CLIENTS}_pages", median(events), "events/s"),
        Figure(
            f"turn_p99_with_{CLIENTS}_pages",
            median(watched),
            "us",
            Peer("the same deploy with nobody looking", median(alone)),
        ),
    ]


def _p99_us(process: Process) -> float:
    """Return the worst market's time from a batch to its last command, of a deploy's whole run."""
    process.wait()
    (path,) = (home() / "outputs" / "runs").glob("*/summary.json")
    markets = json.loads(path.read_text())["markets"].values()
    return max(float(market["latency_us"]["turn"]["p99"]) for market in markets)


def _home() -> Path:
    """Return the home: the reader of pages is told it, as everything that is measured."""
    return Path(os.environ.get("MMRUNNER_HOME") or home())


def _keys() -> Path:
    return _home() / "outputs" / "web" / "keys.json"


def _wait_for_keys() -> None:
    until = perf_counter() + PATIENCE_S
    while not _keys().exists():
        if perf_counter() > until:
            raise MmrunnerError(f"web: expected a view within {PATIENCE_S:g} s, there is none")
        sleep(0.005)


async def _until_served() -> None:
    until = perf_counter() + PATIENCE_S
    while perf_counter() < until:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
            writer.close()
            return
        await asyncio.sleep(0.005)


async def read() -> None:
    """Open the pages, read until the deploy has gone, and write how many pictures came a second."""
    token = keys_at(_keys()).tokens[Role.READ]
    for _ in range(int(PATIENCE_S / 0.1)):
        if await _is_known(token):
            break
        await asyncio.sleep(0.1)
    began = perf_counter()
    counts = await asyncio.gather(*(_page(token) for _ in range(CLIENTS)))
    (_home() / "events").write_text(str(sum(counts) / (perf_counter() - began)))


async def _is_known(token: str) -> bool:
    """Tell whether the view has found the deploy."""
    reader, writer = await _asked(f"/api/deploys/{DEPLOY}", token)
    status = await reader.readline()
    writer.close()
    return b" 200 " in status


async def _asked(path: str, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nAuthorization: Bearer {token}"
    writer.write(f"{head}\r\n\r\n".encode())
    return reader, writer


async def _page(token: str) -> int:
    """Count the pictures that one page is told in some seconds."""
    reader, writer = await _asked(f"/api/deploys/{DEPLOY}/stream", token)
    count = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS - 6):
            while line := await reader.readline():
                count += line.startswith(b'data: {"deploy"')
    writer.close()
    return count


if __name__ == "__main__":
    sys.exit(asyncio.run(read()))
