"""Heed what the venue says of a connection itself: pings, a shutdown to come, refusals."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from connectors.lighter import wire

TOO_MANY_MESSAGES = 30009
TOO_MANY_IN_FLIGHT = 30010
TOO_FAST = frozenset({TOO_MANY_MESSAGES, TOO_MANY_IN_FLIGHT})
HARMLESS = frozenset({30002, 30003})
"""Not subscribed to what is left, or subscribed already: the channel's own data tell the truth."""


class Replaceable(Protocol):
    """A stream whose next connection can be opened before this one ends."""

    def replace_soon(self) -> None: ...


def take_notice(
    said: object,
    line: Replaceable,
    pinged: asyncio.Event,
    on_error: Callable[[wire.ErrorBody], None],
) -> None:
    """Act on a notice; a greeting, a pong and the answer to leaving a channel ask for nothing."""
    match said:
        case wire.Ping():
            pinged.set()
        case wire.Shutdown():
            line.replace_soon()
        case wire.ErrorFrame() if said.error.code not in HARMLESS:
            on_error(said.error)
        case _:
            return
