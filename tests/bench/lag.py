"""Measure how late an event loop is: the time from bytes at a socket to the loop's reading them."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic_ns

from tests.bench.pinger import STAMP
from tests.bench.places import CHECKOUT


class Lag:
    """The lags of a loop since they were last taken, in ns."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._lags_ns: list[int] = []

    def read(self) -> None:
        """Read what has come."""
        now_ns = monotonic_ns()
        self._lags_ns += [now_ns - sent_ns for (sent_ns,) in STAMP.iter_unpack(self._whole())]

    def take(self) -> list[float]:
        """Return the lags, and forget them."""
        lags, self._lags_ns = self._lags_ns, []
        return [float(lag_ns) for lag_ns in lags]

    def _whole(self) -> bytes:
        came = self._line.recv(1 << 16)
        return came[: len(came) // STAMP.size * STAMP.size]


@contextmanager
def lag_of_loop() -> Iterator[Lag]:
    """Have the running loop's lag measured from another process for as long as the block lasts."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop, lag = asyncio.get_running_loop(), Lag(ours)
    command = [sys.executable, "-m", "tests.bench.pinger", str(theirs.fileno())]
    process = subprocess.Popen(command, cwd=CHECKOUT, pass_fds=[theirs.fileno()])
    theirs.close()
    loop.add_reader(ours, lag.read)
    try:
        yield lag
    finally:
        loop.remove_reader(ours)
        ours.close()
        process.wait()
