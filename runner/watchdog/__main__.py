"""Be the watchdog: `python -m runner.watchdog`, with its post as the first line of its input.

Signals that end a deploy do not end it: only the deploy's goodbye does, or its own work.
"""

import importlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO

from connectors.model.errors import MmrunnerError
from connectors.venue import Rescue
from runner.engine.clock import SystemClock
from runner.watchdog.clearing import Clearing
from runner.watchdog.post import BEAT, CLEARED, DISMISSED, MISLED, NOT_CLEARED, Charge, Post
from runner.watchdog.vigil import Vigil

IN, OUT = 0, 1
LOOK_S = 0.1
MOST_BYTES = 65_536


def main() -> int:
    """Watch, and do what is to be done; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    clock = SystemClock()
    line, _, said = _first_line().partition(b"\n")
    post = Post.of(line)
    with open(post.log, "a", encoding="utf-8") as log:
        say = _steps(log, clock.now_ns)
        try:
            rescues = [(each.name, _made(each, clock)) for each in post.charges]
            for _, rescue in rescues:
                rescue.ready()
        except MmrunnerError as error:
            say(str(error))
            return MISLED
        say(f"watching process {os.getppid()}: its loop may be silent for {post.silence_s:g} s")
        reason = _watch(Vigil(int(post.silence_s * 1e9), clock.monotonic_ns()), clock, said)
        say(reason or "dismissed")
        return _cleared(rescues, clock, say) if reason else DISMISSED


def _watch(vigil: Vigil, clock: SystemClock, said: bytes) -> str:
    """Wait until there is something to do; return the reason, or nothing after a goodbye."""
    os.set_blocking(OUT, False)
    _answer()
    if said:
        vigil.hear(said, clock.monotonic_ns())
    while not vigil.is_over:
        if select.select([IN], [], [], LOOK_S)[0]:
            vigil.hear(os.read(IN, MOST_BYTES), clock.monotonic_ns())
            _answer()
        else:
            vigil.look(clock.monotonic_ns())
    return vigil.reason


def _cleared(
    rescues: list[tuple[str, Rescue]], clock: SystemClock, say: Callable[[str], None]
) -> int:
    """Clear every account at once; return the exit code."""

    def clear(name: str, rescue: Rescue) -> int:
        told = Clearing(rescue, clock.monotonic_ns, time.sleep, lambda text: say(f"{name}: {text}"))
        return told.run()

    with ThreadPoolExecutor(len(rescues)) as threads:
        left = list(threads.map(lambda each: clear(*each), rescues))
    return NOT_CLEARED if any(left) else CLEARED


def _made(charge: Charge, clock: SystemClock) -> Rescue:
    module, _, function = charge.maker.partition(":")
    rescue: Rescue = getattr(importlib.import_module(module), function)(
        charge.words, os.environ, clock.now_ns
    )
    return rescue


def _first_line() -> bytes:
    """Return the first line and whatever came with it."""
    said = b""
    while b"\n" not in said:
        more = os.read(IN, MOST_BYTES)
        if not more:
            raise SystemExit(MISLED)
        said += more
    return said


def _answer() -> None:
    with suppress(OSError):
        os.write(OUT, BEAT)


def _steps(log: IO[str], now_ns: Callable[[], int]) -> Callable[[str], None]:
    def say(text: str) -> None:
        when = datetime.fromtimestamp(now_ns() / 1e9, UTC).isoformat(timespec="milliseconds")
        log.write(f"{when} {' '.join(text.split())}\n")
        log.flush()

    return say


if __name__ == "__main__":
    sys.exit(main())
