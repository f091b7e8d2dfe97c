"""Trade the stand-in with the real adapter: `python -m tests.venues.bybit.sandbox [WORD ...]`.

Starts the venue as a process of its own, begins a ledger once, and runs an armed deploy against it
with a throwaway key; or what `experiment=` names instead, such as paper on the stand-in's prices.
Nothing but this machine is contacted.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.venues.bybit.keys import API_KEY, SECRET

EXPERIMENT = "experiment=bybit_sandbox"
KEYS = {"BYBIT_SANDBOX_KEY": API_KEY, "BYBIT_SANDBOX_SECRET": SECRET}


@contextmanager
def venue(truth: Path, *words: str) -> Iterator[int]:
    """Run the stand-in for as long as the block does; give its port."""
    command = [sys.executable, "-m", "tests.venues.bybit", "--truth", str(truth), *words]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            yield int(said.partition("127.0.0.1:")[2].split()[0])
        finally:
            process.terminate()


def addresses(port: int) -> list[str]:
    """Return what sends a deploy to the stand-in."""
    streams = ("public_url", "private_url", "trade_url")
    urls = [f"venue.{name}=ws://127.0.0.1:{port}" for name in streams]
    return [f"venue.rest_url=http://127.0.0.1:{port}", *urls]


def main(words: Sequence[str]) -> int:
    """Run the deploy; return its exit code."""
    home = outputs(home_of(os.environ, CHECKOUT))
    ledger = home / "ledgers" / "bybit_sandbox.sqlite"
    truth = home / "sandbox"
    truth.mkdir(parents=True, exist_ok=True)
    runner = [sys.executable, "-m", "runner"]
    named = [word for word in words if word.startswith("experiment=")]
    with venue(truth / "bybit.jsonl") as port:
        if not named and not ledger.exists():
            begin = [*runner, "mode=init", "deploy=bybit_sandbox"]
            subprocess.run(begin, cwd=CHECKOUT, check=True)
        experiment = [] if named else [EXPERIMENT]
        deploy = [*runner, *experiment, *addresses(port), *words]
        environment = os.environ | KEYS
        return subprocess.run(deploy, cwd=CHECKOUT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
