"""Run the deploy under drill as a process: started, killed, stopped, and its moments kept."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from runner.engine.clock import SystemClock
from tests.bench.places import CHECKOUT
from tests.stage.truth import Moment

PATIENCE_S = 40.0


class Deploy:
    """One deploy in a home of its own. Its words send it to its venues."""

    def __init__(
        self, name: str, home: Path, words: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        self.home = home
        self.moments: list[Moment] = []
        self.exits: list[int] = []
        self._name = name
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | {
            **environment,
            "MMRUNNER_HOME": str(home),
            "PYTHONPATH": str(CHECKOUT),
        }
        self._run("mode=init", f"deploy={self._name}").wait()

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.home / "outputs" / "ledgers" / f"{self._name}.sqlite"

    @property
    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        self._tell("start")
        self._process = self._run(*self._words)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._tell("kill -9")
            self._tell("exit 137")

    def stop(self) -> int:
        """Ask it to end; return its exit code, 137 where it had to be killed."""
        if self._process is None:
            return 0
        self._tell("stop")
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = 137
        self.exits.append(code)
        self._tell(f"exit {code}")
        return code

    def ended(self) -> int | None:
        """Return the exit code of a process that has ended by itself; None: it has not."""
        code = None if self._process is None else self._process.poll()
        if code is not None:
            self.exits.append(code)
            self._tell(f"exit {code}")
        return code

    def _run(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self.home / "output").open("ab") as output:
            command = [sys.executable, "-m", "runner", *words]
            return subprocess.Popen(
                command, cwd=self.home, env=self._environment, stdout=output, stderr=output
            )

    def _tell(self, what: str) -> None:
        self.moments.append(Moment(SystemClock().now_ns(), what))


class Remote:
    """The stand-in's way in for drills."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/control"

    def do(self, *steps: dict[str, Any]) -> None:
        """Have steps played, or wait for what they wait for."""
        for step in steps:
            request = Request(self._url, json.dumps(step).encode(), method="POST")
            with urlopen(request, timeout=10) as answer:
                answer.read()

    def effects(self) -> dict[str, int]:
        """Return how often each fault took effect."""
        with urlopen(self._url, timeout=10) as answer:
            return dict(json.loads(answer.read())["effects"])


def spelled(rows: Sequence[Sequence[object]], widths: Sequence[int]) -> str:
    """Return rows of a table."""
    lines = []
    for row in rows:
        cells = (f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True))
        lines.append("  " + " ".join(cells).rstrip())
    return "\n".join(lines)
