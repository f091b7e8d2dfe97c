"""Run the stand-in as a process: `python -m tests.venues.lighter --port 8471 --seed 1`."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from runner.engine.clock import SystemClock
from tests.venues.common.loopback import Doors
from tests.venues.common.truth import TruthLog
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.markets import chosen
from tests.venues.lighter.scenario import read
from tests.venues.lighter.venue import Setup, Venue, accounts_of


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line, or other words."""
    say = argparse.ArgumentParser(prog="python -m tests.venues.lighter", description=__doc__)
    say.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--seed", type=int, default=1)
    say.add_argument("--markets", default="ETH,BTC", help="symbols, separated by commas")
    say.add_argument("--tier", default="premium", choices=["standard", "premium", "plus"])
    say.add_argument("--verify", default="all", choices=["all", "sample", "none"])
    say.add_argument("--chain-id", type=int, default=304)
    say.add_argument("--collateral", type=int, default=100_000, help="USDC of each account")
    say.add_argument("--funding-s", type=float, default=3_600.0, help="time between payments")
    say.add_argument("--account", action="append", default=[], help="account:key:public, hex")
    say.add_argument("--scenario", type=Path, help="steps as YAML")
    say.add_argument("--skew-ms", type=int, default=0, help="how far the venue's clock is ahead")
    say.add_argument("--truth", type=Path, help="where the truth is written, a fact a line")
    return say.parse_args(words)


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        chain_id=words.chain_id,
        verify=words.verify,
        tier=words.tier,
        collateral_usdc=words.collateral,
        funding_s=words.funding_s,
        skew_ms=words.skew_ms,
        script=read(words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    for account, keys in (accounts_of(words.account) or {ACCOUNT: publics()}).items():
        venue.open_account(account, keys)
    return venue


async def serve(words: argparse.Namespace) -> None:
    """Serve until stopped."""
    clock = SystemClock()
    with ExitStack() as stack:
        file = stack.enter_context(words.truth.open("a")) if words.truth else None
        venue = built(words, clock.now_ns(), TruthLog(file, is_kept=False))
        async with Doors(venue, clock.now_ns).opened(words.port) as port:
            print(
                f"listening on http://127.0.0.1:{port} and ws://127.0.0.1:{port}/stream", flush=True
            )
            await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))
