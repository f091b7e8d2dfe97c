"""Run both stand-ins in one process: `python -m tests.venues.hedged --seed 1 --truth DIRECTORY`."""

import argparse
import asyncio
from contextlib import ExitStack, suppress
from pathlib import Path

from runner.engine.clock import SystemClock
from tests.venues.bybit import __main__ as bybit
from tests.venues.bybit.sessions import STREAMS
from tests.venues.common.loopback import Doors
from tests.venues.common.truth import TruthLog
from tests.venues.hedged.naming import SYMBOLS
from tests.venues.hedged.together import follow
from tests.venues.lighter import __main__ as lighter

LIGHTER = ("--markets", "ETH,BTC,SOL,DOGE", "--chain-id", "300", "--verify", "sample")
BYBIT = ("--markets", ",".join(SYMBOLS), "--naming", "tests.venues.hedged.naming:NAMING")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    say = argparse.ArgumentParser(prog="python -m tests.venues.hedged", description=__doc__)
    say.add_argument("--lighter-port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--bybit-port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--seed", default="1")
    say.add_argument("--funding-s", help="time between payments; each venue's own")
    say.add_argument("--truth", type=Path, help="where lighter.jsonl and bybit.jsonl are written")
    return say.parse_args()


async def serve(words: argparse.Namespace) -> None:
    """Serve until stopped."""
    clock = SystemClock()
    both: tuple[str, ...] = ("--seed", words.seed)
    if words.funding_s is not None:
        both += ("--funding-s", words.funding_s)
    with ExitStack() as stack:

        def log(name: str) -> TruthLog:
            file = stack.enter_context((words.truth / name).open("a")) if words.truth else None
            return TruthLog(file, is_kept=False)

        now_ns = clock.now_ns()
        led = lighter.built(lighter.arguments((*LIGHTER, *both)), now_ns, log("lighter.jsonl"))
        other = bybit.built(bybit.arguments((*BYBIT, *both)), now_ns, log("bybit.jsonl"))
        follow(led, other)
        async with (
            Doors(led, clock.now_ns).opened(words.lighter_port) as first,
            Doors(other, clock.now_ns, STREAMS).opened(words.bybit_port) as second,
        ):
            print(f"lighter on 127.0.0.1:{first}, bybit on 127.0.0.1:{second}", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))
