"""Run a stand-in of perpetuals as a process: its words, its truth, its doors."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from runner.engine.clock import SystemClock
from tests.venues.bybit.chronicle import Naming
from tests.venues.common.loopback import Behind, Doors
from tests.venues.common.truth import TruthLog

Build = Callable[[argparse.Namespace, int, TruthLog], Behind[Any]]
"""Make the venue that the words describe, at a moment, with its log."""


def words_of(package: str, description: str | None, markets: str) -> argparse.ArgumentParser:
    """Return what every stand-in is told; a venue may add words of its own."""
    say = argparse.ArgumentParser(prog=f"python -m {package}", description=description)
    say.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--seed", type=int, default=1)
    say.add_argument("--markets", default=markets, help="symbols, separated by commas")
    say.add_argument("--wallet", type=int, default=100_000, help="USDT of each account")
    say.add_argument("--scenario", type=Path, help="steps as YAML")
    say.add_argument("--skew-ms", type=int, default=0, help="how far the venue's clock is ahead")
    say.add_argument("--naming", help="module:name of a `Naming`; numbers stay themselves")
    say.add_argument("--truth", type=Path, help="where the truth is written, a fact a line")
    return say


def naming_of(word: str | None) -> Naming:
    """Return what turns a client's words into the numbers of its ledger."""
    if word is None:
        return Naming()
    module, _, name = word.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, Naming):
        raise TypeError(f"--naming: expected a Naming, was {found!r}")
    return found


def serve(words: argparse.Namespace, build: Build, streams: Sequence[str]) -> None:
    """Serve until stopped."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_served(words, build, streams))


async def _served(words: argparse.Namespace, build: Build, streams: Sequence[str]) -> None:
    clock = SystemClock()
    with ExitStack() as stack:
        file = stack.enter_context(words.truth.open("a")) if words.truth else None
        venue = build(words, clock.now_ns(), TruthLog(file, is_kept=False))
        async with Doors(venue, clock.now_ns, streams).opened(words.port) as port:
            print(f"listening on http://127.0.0.1:{port} and ws://127.0.0.1:{port}", flush=True)
            await asyncio.Event().wait()
