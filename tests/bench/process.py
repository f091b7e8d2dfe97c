"""Start the product as a user does, and look at it from outside while it runs (Linux)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import IO

from connectors.model.errors import MmrunnerError
from tests.bench.places import CHECKOUT, cache, kernels

MB = 1 << 20
NOT_PASSED_ON = ("MMRUNNER_OVERRIDES", "PYTHONPROFILEIMPORTTIME")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process took from its start to its end."""

    wall_s: float
    cpu_s: float
    peak_rss_mb: float


class Process:
    """A Python process in a home of its own, which shares only the compiled kernels."""

    def __init__(self, words: Sequence[str], errors: int | IO[bytes] | None = None) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
        environment["MMRUNNER_HOME"] = str(home())
        self._words = words
        self._started = perf_counter()
        self._popen = subprocess.Popen(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )

    @property
    def errors(self) -> IO[bytes]:
        """Return the error stream, for a process that was started with a pipe for it."""
        if self._popen.stderr is None:
            raise MmrunnerError("errors: expected a process started with a pipe")
        return self._popen.stderr

    def age_s(self) -> float:
        """Return the time since the start."""
        return perf_counter() - self._started

    def is_running(self) -> bool:
        """Tell whether it has not ended; its end is left to `wait`."""
        return os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def rss_mb(self) -> float:
        """Return the resident memory of this moment."""
        for line in self._file("status").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / MB
        raise MmrunnerError("VmRSS: expected it in the process's status, it is missing")

    def cpu_s(self) -> float:
        """Return the processor time used so far."""
        fields = self._file("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def libraries(self) -> frozenset[str]:
        """Return the paths of the files that are mapped into it."""
        lines = self._file("maps").splitlines()
        return frozenset(line.partition("/")[2] for line in lines if "/" in line)

    def end(self) -> None:
        """Ask it to end, as a service does."""
        self._popen.terminate()

    def wait(self) -> Ended:
        """Wait for the end; raise MmrunnerError when it failed."""
        _, status, usage = os.wait4(self._popen.pid, 0)
        wall_s = self.age_s()
        self._popen.returncode = os.waitstatus_to_exitcode(status)
        if self._popen.returncode != 0:
            raise MmrunnerError(
                f"python {' '.join(self._words)}: expected exit code 0,"
                f" was {self._popen.returncode}"
            )
        return Ended(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / MB)

    def _file(self, name: str) -> str:
        return Path(f"/proc/{self._popen.pid}/{name}").read_text(encoding="utf-8")


def home() -> Path:
    """Return the home in which measured processes run."""
    return cache() / "home"


def fresh_home() -> None:
    """Empty the home of what former processes left; what is cached stays."""
    outputs = home() / "outputs"
    for name in ("runs", "ledgers", "tapes"):
        shutil.rmtree(outputs / name, ignore_errors=True)
    shared = outputs / "cache" / "kernels"
    kernels().mkdir(parents=True, exist_ok=True)
    shared.parent.mkdir(parents=True, exist_ok=True)
    if not shared.is_symlink():
        shared.symlink_to(kernels(), target_is_directory=True)
