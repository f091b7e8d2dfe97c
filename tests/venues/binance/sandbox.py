"""Trade the stand-in with the real adapter: `python -m tests.venues.binance.sandbox [WORD ...]`.

Starts the venue as a process of its own, begins a ledger once, and runs an armed deploy against it
with a throwaway key. Nothing but this machine is contacted.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.venues.binance.keys import API_KEY, SECRET

EXPERIMENT = "experiment=binance_sandbox"
KEYS = {"BINANCE_SANDBOX_KEY": API_KEY, "BINANCE_SANDBOX_SECRET": SECRET}


@contextmanager
def venue(truth: Path) -> Iterator[int]:
    """Run the stand-in for as long as the block does; give its port."""
    command = [sys.executable, "-m", "tests.venues.binance", "--truth", str(truth)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            yield int(said.partition("127.0.0.1:")[2].split()[0])
        finally:
            process.terminate()


def main(words: Sequence[str]) -> int:
    """Run the deploy; return its exit code."""
    home = outputs(home_of(os.environ, CHECKOUT))
    ledger = home / "ledgers" / "binance_sandbox.sqlite"
    truth = home / "sandbox"
    truth.mkdir(parents=True, exist_ok=True)
    runner = [sys.executable, "-m", "runner"]
    with venue(truth / "binance.jsonl") as port:
        if not ledger.exists():
            begin = [*runner, "mode=init", "deploy=binance_sandbox"]
            subprocess.run(begin, cwd=CHECKOUT, check=True)
        urls = [f"venue.rest_url=http://127.0.0.1:{port}", f"venue.ws_url=ws://127.0.0.1:{port}"]
        environment = os.environ | KEYS
        deploy = [*runner, EXPERIMENT, *urls, *words]
        return subprocess.run(deploy, cwd=CHECKOUT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
