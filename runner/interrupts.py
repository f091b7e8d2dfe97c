"""Hear SIGINT and SIGTERM while nothing else listens, and lose neither."""

import signal
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM)


class Interrupt(KeyboardInterrupt):
    """A stop was asked for.

    A class of its own: once a plain KeyboardInterrupt has passed through code compiled from text,
    as dataclasses and pydantic do, the interpreter ends itself by SIGINT, whoever caught it.
    """


class Interrupts:
    """A handler that remembers: what it raises may be swallowed where nothing can be raised."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Remember the signal, and raise Interrupt."""
        self.asked = True
        raise Interrupt

    def listen(self) -> None:
        """Take both signals from now on; only in a process's main thread can they be heard."""
        with suppress(ValueError):
            for number in STOPS:
                signal.signal(number, self)


def is_asked(handlers: Iterable[object] | None = None) -> bool:
    """Tell whether a stop was asked of the present handlers, or of those that were there before."""
    if handlers is None:
        handlers = [signal.getsignal(number) for number in STOPS]
    return any(isinstance(handler, Interrupts) and handler.asked for handler in handlers)
