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
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from connectors.model.errors import ConfigError, MmrunnerError
from connectors.venue import Rescue
from runner.engine.clock import SystemClock
from runner.engine.lock import FileLock
from runner.watchdog.clearing import Clearing
from runner.watchdog.post import (
    BEAT,
    CLEARED,
    DISMISSED,
    MISLED,
    NOT_CLEARED,
    READY,
    WORKING,
    Charge,
    Post,
)
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
    os.set_blocking(OUT, False)
    with open(post.log, "a", encoding="utf-8") as log, ExitStack() as held:
        say = _steps(log, clock.now_ns)
        try:
            rescues = [(each.name, _made(each, clock)) for each in post.charges]
            for _, rescue in rescues:
                rescue.ready()
        except MmrunnerError as error:
            say(str(error))
            return MISLED
        vigil = Vigil(int(post.silence_s * 1e9), clock.monotonic_ns())
        locks = [_lock(each) for each in post.charges]
        if not _alone(locks, held, vigil, clock, say):
            return DISMISSED
        say(f"watching process {os.getppid()}: its loop may be silent for {post.silence_s:g} s")
        _answer(READY)
        if said:
            vigil.hear(said, clock.monotonic_ns())
        while not vigil.is_over:
            _listen(vigil, clock)
        say(vigil.reason or "dismissed")
        if vigil.is_dismissed:
            return DISMISSED
        _answer(WORKING)
        return _cleared(rescues, clock, say)


def _alone(
    locks: list[FileLock],
    held: ExitStack,
    vigil: Vigil,
    clock: SystemClock,
    say: Callable[[str], None],
) -> bool:
    """Wait for the accounts' former watchdogs to end their work; False where there is nothing left
    to wait for: nothing is quoted meanwhile."""
    said = ""
    while locks:
        try:
            held.enter_context(locks[0])
            locks.pop(0)
        except ConfigError as busy:
            if str(busy) != said:
                said = str(busy)
                say(said)
            _listen(vigil, clock)
            if vigil.is_over:
                say("dismissed: nothing was quoted yet")
                return False
    return True


def _lock(charge: Charge) -> FileLock:
    return FileLock(
        Path(charge.lock), lambda owner: f"waiting for the former watchdog, process {owner}"
    )


def _listen(vigil: Vigil, clock: SystemClock) -> None:
    """Hear the deploy for a moment."""
    if select.select([IN], [], [], LOOK_S)[0]:
        vigil.hear(os.read(IN, MOST_BYTES), clock.monotonic_ns())
        _answer(BEAT)
    else:
        vigil.look(clock.monotonic_ns())


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


def _answer(what: bytes) -> None:
    with suppress(OSError):
        os.write(OUT, what)


def _steps(log: IO[str], now_ns: Callable[[], int]) -> Callable[[str], None]:
    def say(text: str) -> None:
        when = datetime.fromtimestamp(now_ns() / 1e9, UTC).isoformat(timespec="milliseconds")
        log.write(f"{when} {' '.join(text.split())}\n")
        log.flush()

    return say


if __name__ == "__main__":
    sys.exit(main())
