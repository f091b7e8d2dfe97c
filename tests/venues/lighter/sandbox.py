"""Trade the stand-in with the real adapter: `python -m tests.venues.lighter.sandbox [WORD ...]`.

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
from tests.venues.lighter.keys import private

EXPERIMENT = "experiment=lighter_sandbox"
KEY = "LIGHTER_SANDBOX_PRIVATE"
CHAIN_ID = "300"
RUNNER = (sys.executable, "-m", "runner")


@contextmanager
def venue(truth: Path, *words: str) -> Iterator[int]:
    """Run the stand-in for as long as the block does; give its port."""
    command = [sys.executable, "-m", "tests.venues.lighter", "--chain-id", CHAIN_ID]
    command += ["--truth", str(truth), "--verify", "sample", *words]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            yield int(said.partition("127.0.0.1:")[2].split()[0])
        finally:
            process.terminate()


def begin() -> None:
    """Begin the deploy's ledger."""
    subprocess.run([*RUNNER, "mode=init", "deploy=lighter_sandbox"], cwd=CHECKOUT, check=True)


def deploy(
    port: int, words: Sequence[str], runner: Sequence[str] = RUNNER
) -> "subprocess.Popen[bytes]":
    """Start an armed deploy against the stand-in."""
    urls = [f"venue.rest_url=http://127.0.0.1:{port}"]
    urls += [f"venue.ws_url=ws://127.0.0.1:{port}/stream"]
    environment = os.environ | {KEY: private(4)}
    return subprocess.Popen([*runner, EXPERIMENT, *urls, *words], cwd=CHECKOUT, env=environment)


def main(words: Sequence[str]) -> int:
    """Run the deploy; return its exit code."""
    home = outputs(home_of(os.environ, CHECKOUT))
    ledger = home / "ledgers" / "lighter_sandbox.sqlite"
    truth = home / "sandbox"
    truth.mkdir(parents=True, exist_ok=True)
    with venue(truth / "lighter.jsonl") as port:
        if not ledger.exists():
            begin()
        with deploy(port, words) as process:
            return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
