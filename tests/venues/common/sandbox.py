"""Trade a stand-in with the real adapter: the venue is a process of its own, and so is the deploy.

Begins a ledger once, and runs an armed deploy with a throwaway key; or what `experiment=` names
instead, such as paper on the stand-in's prices. Nothing but this machine is contacted.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT

RUNNER = (sys.executable, "-m", "runner")


def addresses(port: int) -> list[str]:
    """Return what sends a deploy to a stand-in that has one address for all streams."""
    return [f"venue.rest_url=http://127.0.0.1:{port}", f"venue.ws_url=ws://127.0.0.1:{port}"]


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One venue's: `name` is its package's in `tests.venues`, `keys` are the deploy's environment,
    `words` those that the stand-in is started with."""

    name: str
    keys: Mapping[str, str]
    addresses: Callable[[int], list[str]] = addresses
    words: tuple[str, ...] = ()

    @property
    def deploy(self) -> str:
        """Return the name of the deploy, and of its experiment."""
        return f"{self.name}_sandbox"

    @property
    def experiment(self) -> str:
        """Return the word that chooses the deploy."""
        return f"experiment={self.deploy}"

    @contextmanager
    def venue(self, truth: Path, *words: str) -> Iterator[int]:
        """Run the stand-in for as long as the block does; give its port."""
        command = [sys.executable, "-m", f"tests.venues.{self.name}", "--truth", str(truth)]
        command += [*self.words, *words]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                said = process.stdout.readline()
                yield int(said.partition("127.0.0.1:")[2].split()[0])
            finally:
                process.terminate()

    def run(self, words: Sequence[str]) -> int:
        """Run the deploy; return its exit code."""
        home = outputs(home_of(os.environ, CHECKOUT))
        ledger = home / "ledgers" / f"{self.deploy}.sqlite"
        truth = home / "sandbox"
        truth.mkdir(parents=True, exist_ok=True)
        named = any(word.startswith("experiment=") for word in words)
        with self.venue(truth / f"{self.name}.jsonl") as port:
            if not named and not ledger.exists():
                begin = [*RUNNER, "mode=init", f"deploy={self.deploy}"]
                subprocess.run(begin, cwd=CHECKOUT, check=True)
            experiment = [] if named else [self.experiment]
            deploy = [*RUNNER, *experiment, *self.addresses(port), *words]
            environment = os.environ | self.keys
            return subprocess.run(deploy, cwd=CHECKOUT, env=environment, check=False).returncode
