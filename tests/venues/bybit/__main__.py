"""Run the stand-in as a process: `python -m tests.venues.bybit --port 8472 --seed 1`."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path

from runner.engine.clock import SystemClock
from tests.venues.bybit.accounts import VIPS, Key
from tests.venues.bybit.chronicle import Naming
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.bybit.markets import chosen
from tests.venues.bybit.scenario import read
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.loopback import Doors
from tests.venues.common.truth import TruthLog


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line, or other words."""
    say = argparse.ArgumentParser(prog="python -m tests.venues.bybit", description=__doc__)
    say.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    say.add_argument("--seed", type=int, default=1)
    say.add_argument("--markets", default="BTCUSDT,ETHUSDT", help="symbols, separated by commas")
    say.add_argument("--vip", default="No VIP", choices=list(VIPS))
    say.add_argument("--wallet", type=int, default=100_000, help="USDT of each account")
    say.add_argument("--funding-s", type=float, help="time between payments; each market's own")
    say.add_argument("--account", action="append", default=[], help="uid:key:secret")
    say.add_argument("--scenario", type=Path, help="steps as YAML")
    say.add_argument("--skew-ms", type=int, default=0, help="how far the venue's clock is ahead")
    say.add_argument("--naming", help="module:name of a `Naming`; numbers stay themselves")
    say.add_argument("--truth", type=Path, help="where the truth is written, a fact a line")
    return say.parse_args(words)


def accounts_of(words: list[str]) -> dict[int, dict[str, Key]]:
    """Read `uid:key:secret` words into keys by account."""
    accounts: dict[int, dict[str, Key]] = {}
    for word in words:
        uid, key, secret = word.split(":")
        accounts.setdefault(int(uid), {})[key] = Key(secret)
    return accounts


def naming_of(word: str | None) -> Naming:
    """Return what turns a client's words into the numbers of its ledger."""
    if word is None:
        return Naming()
    module, _, name = word.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, Naming):
        raise TypeError(f"--naming: expected a Naming, was {found!r}")
    return found


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        vip=words.vip,
        wallet_usdt=words.wallet,
        funding_s=words.funding_s,
        skew_ms=words.skew_ms,
        naming=naming_of(words.naming),
        script=read(words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    for uid, own in (accounts_of(words.account) or {UID: keys()}).items():
        venue.open_account(uid, own)
    return venue


async def serve(words: argparse.Namespace) -> None:
    """Serve until stopped."""
    clock = SystemClock()
    with ExitStack() as stack:
        file = stack.enter_context(words.truth.open("a")) if words.truth else None
        venue = built(words, clock.now_ns(), TruthLog(file, is_kept=False))
        async with Doors(venue, clock.now_ns, STREAMS).opened(words.port) as port:
            print(f"listening on http://127.0.0.1:{port} and ws://127.0.0.1:{port}/v5", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments()))
