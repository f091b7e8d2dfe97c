"""Hear what the system asks of a deploy.

SIGINT and SIGTERM stop it, SIGUSR1 kills it, SIGHUP has it read its configuration again.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from runner.engine.clock import Clock
from runner.engine.latch import Latch
from runner.engine.session import Session
from runner.interrupts import STOPS, is_asked

BY_SIGNAL = ("SIGUSR1", "a signal to the runner")
"""Who kills by a signal, and why."""


@contextmanager
def heard_by(session: Session) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a clean stop, SIGUSR1 into a kill, while the context is open.

    A stop that was asked for before counts too.
    """
    with _handled(session.interrupt, {signal.SIGUSR1: lambda: session.kill(*BY_SIGNAL)}):
        yield


@contextmanager
def stopped_by_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` for SIGINT and SIGTERM, also for one that came before."""
    with _handled(stop, {}):
        yield


@contextmanager
def reloaded_by(ask: Callable[[], None]) -> Iterator[None]:
    """Call `ask` for SIGHUP while the context is open."""
    loop = asyncio.get_running_loop()
    former = signal.getsignal(signal.SIGHUP)
    loop.add_signal_handler(signal.SIGHUP, ask)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        signal.signal(signal.SIGHUP, former)


@contextmanager
def _handled(stop: Callable[[], None], others: Mapping[int, Callable[[], None]]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    handlers: dict[int, Callable[[], None]] = {number: stop for number in STOPS}
    handlers.update(others)
    former = {number: signal.getsignal(number) for number in handlers}
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    if is_asked(former.values()):
        stop()
    try:
        yield
    finally:
        for number, before in former.items():
            loop.remove_signal_handler(number)
            signal.signal(number, before)


@contextmanager
def kill_by_signal(latch: Latch, clock: Clock) -> Iterator[None]:
    """Let SIGUSR1 set the latch where no session listens; one that begins will see it first."""
    former = signal.signal(
        signal.SIGUSR1, lambda number, frame: latch.set(*BY_SIGNAL, clock.now_ns())
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, former)


@contextmanager
def stops_ignored() -> Iterator[None]:
    """Let no second Ctrl-C cut short what has to be written."""
    former = {number: signal.signal(number, signal.SIG_IGN) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
