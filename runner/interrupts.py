"""Hear SIGINT and SIGTERM while nothing else listens, and lose neither."""

import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM)
INTERRUPTED = 130
"""Exit code."""


class Interrupt(KeyboardInterrupt):
    """A stop was asked for.

    A class of its own: once a plain KeyboardInterrupt has passed through code compiled from text,
    as dataclasses and pydantic do, the interpreter ends itself by SIGINT, whoever caught it.
    """


class Interrupts:
    """A handler that ends the process while nothing has been begun, and later remembers and raises.

    What is raised in the middle of an import or of a library may be swallowed there, or come out
    as another error. Before a mode runs there is nothing to put in order, so nothing is raised.
    """

    def __init__(self, leave: Callable[[int], object] = os._exit) -> None:
        self.asked = False
        self.has_begun = False
        self._leave = leave

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Remember the signal; leave, or raise Interrupt."""
        self.asked = True
        if not self.has_begun:
            self._leave(INTERRUPTED)
        raise Interrupt

    def listen(self) -> None:
        """Take both signals from now on; only in a process's main thread can they be heard."""
        with suppress(ValueError):
            for number in STOPS:
                signal.signal(number, self)


def begin() -> None:
    """Let interrupts be raised from now on: a mode has something to put in order."""
    for number in STOPS:
        handler = signal.getsignal(number)
        if isinstance(handler, Interrupts):
            handler.has_begun = True


def is_asked(handlers: Iterable[object] | None = None) -> bool:
    """Tell whether a stop was asked of the present handlers, or of those that were there before."""
    if handlers is None:
        handlers = [signal.getsignal(number) for number in STOPS]
    return any(isinstance(handler, Interrupts) and handler.asked for handler in handlers)
