"""Hedge between both stand-ins with the real adapters: `python -m tests.venues.hedged.sandbox`.

Starts both venues in one process, begins a ledger once, and runs an armed deploy against them with
throwaway keys. Nothing but this machine is contacted.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.venues.bybit.sandbox import KEYS
from tests.venues.lighter.keys import private
from tests.venues.lighter.sandbox import KEY

EXPERIMENT = "experiment=hedged_sandbox"
DEPLOY = "hedged_sandbox"
ENVIRONMENT = {**KEYS, KEY: private(4)}
ON_BYBIT = ("wif", "btc_hedge", "eth_hedge", "sol_hedge", "doge_leg2")
STREAMS = ("public_url", "private_url", "trade_url")


@contextmanager
def venues(truth: Path, *words: str) -> Iterator[tuple[int, int]]:
    """Run both stand-ins for as long as the block does; give the ports of Lighter and of Bybit."""
    command = [sys.executable, "-m", "tests.venues.hedged", "--truth", str(truth), *words]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first, second = re.findall(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
            yield int(first), int(second)
        finally:
            process.terminate()


def addresses(lighter: int, bybit: int) -> list[str]:
    """Return what sends a deploy to both."""
    words = [f"venue.rest_url=http://127.0.0.1:{lighter}"]
    words += [f"venue.ws_url=ws://127.0.0.1:{lighter}/stream"]
    for market in ON_BYBIT:
        there = f"markets.{market}.venue"
        words += [f"{there}.rest_url=http://127.0.0.1:{bybit}"]
        words += [f"{there}.{name}=ws://127.0.0.1:{bybit}" for name in STREAMS]
    return words


def main(words: Sequence[str]) -> int:
    """Run the deploy; return its exit code."""
    home = outputs(home_of(os.environ, CHECKOUT))
    truth = home / "sandbox"
    truth.mkdir(parents=True, exist_ok=True)
    runner = [sys.executable, "-m", "runner"]
    with venues(truth) as (lighter, bybit):
        if not (home / "ledgers" / f"{DEPLOY}.sqlite").exists():
            subprocess.run([*runner, "mode=init", f"deploy={DEPLOY}"], cwd=CHECKOUT, check=True)
        deploy = [*runner, EXPERIMENT, *addresses(lighter, bybit), *words]
        environment = os.environ | ENVIRONMENT
        return subprocess.run(deploy, cwd=CHECKOUT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
