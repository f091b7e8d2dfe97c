"""Hear what the system asks of a deploy: SIGINT and SIGTERM stop it, SIGUSR1 kills it."""

import asyncio
import signal
from collections.abc import Iterator
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
    loop = asyncio.get_running_loop()
    former = {number: signal.getsignal(number) for number in (*STOPS, signal.SIGUSR1)}
    for number in STOPS:
        loop.add_signal_handler(number, session.interrupt)
    loop.add_signal_handler(signal.SIGUSR1, session.kill, *BY_SIGNAL)
    if is_asked(former.values()):
        session.interrupt()
    try:
        yield
    finally:
        for number, handler in former.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


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
