"""Run the stand-in as a process: `python -m tests.venues.binance --port 8473 --seed 1`."""

import argparse
import asyncio
from contextlib import ExitStack, suppress
from pathlib import Path

from runner.engine.clock import SystemClock
from tests.venues.binance.client import keys
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.keys import UID
from tests.venues.binance.markets import chosen
from tests.venues.binance.sessions import STREAMS
from tests.venues.binance.venue import Setup, Venue
from tests.venues.common.loopback import Doors
from tests.venues.common.scenario import read
from tests.venues.common.truth import TruthLog


def arguments() -> argparse.Namespace:
    """Read the command line."""
    say = argparse.ArgumentParser(prog="python -m tests.venues.binance", description=__doc__)
    say.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--seed", type=int, default=1)
    say.add_argument("--markets", default="BTCUSDT,ETHUSDT", help="symbols, separated by commas")
    say.add_argument("--wallet", type=int, default=100_000, help="USDT of the account")
    say.add_argument("--scenario", type=Path, help="steps as YAML")
    say.add_argument("--skew-ms", type=int, default=0, help="how far the venue's clock is ahead")
    say.add_argument("--truth", type=Path, help="where the truth is written, a fact a line")
    return say.parse_args()


async def serve(words: argparse.Namespace) -> None:
    """Serve until stopped."""
    clock = SystemClock()
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        wallet_usdt=words.wallet,
        skew_ms=words.skew_ms,
        script=read(FAULTS, words.scenario) if words.scenario else (),
    )
    with ExitStack() as stack:
        file = stack.enter_context(words.truth.open("a")) if words.truth else None
        venue = Venue(setup, clock.now_ns(), TruthLog(file, is_kept=False))
        venue.open_account(UID, keys())
        async with Doors(venue, clock.now_ns, STREAMS).opened(words.port) as port:
            print(f"listening on http://127.0.0.1:{port} and ws://127.0.0.1:{port}", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))
