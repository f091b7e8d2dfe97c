"""End this process at a named moment, as a kill would: for drills, never where orders are real.

The code says where the moments are; whoever arms one says what happens there. Unarmed, a moment
costs one look at a context variable.
"""

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from enum import StrEnum

from connectors.model.errors import ConfigError

FAILPOINT = "MMRUNNER_FAILPOINT"
KILLED = 137
"""Exit code of a process that a fail point has ended: as the shell tells of SIGKILL."""


class Point(StrEnum):
    """Moments at which a process might die with something half done."""

    INTENT_COMMITTED = "intent_committed"
    """An order's intent lasts; nothing has been sent."""
    SENT = "sent"
    """The order was handed to the venue; the ledger does not say so yet."""
    ACKED = "acked"
    """The venue's word on an order has arrived; it is not in the ledger."""
    ACK_COMMITTED = "ack_committed"
    """A group of entries was committed; nobody has been told."""
    FILL_RECEIVED = "fill_received"
    """A trade has arrived; it is not in the ledger."""
    FILL_HALF_TX = "fill_half_tx"
    """A trade is written and its order is not, inside one transaction."""
    CANCEL_SENT = "cancel_sent"
    """A cancel was handed to the venue; the ledger does not say so."""
    RECON_MID = "recon_mid"
    """A start has booked a market's missing trades, and not yet the ends of its orders."""
    KILL_MID = "kill_mid"
    """The latch is set; no order has been cancelled."""
    STOP_MID = "stop_mid"
    """Workers have been told to stop; orders may rest."""


Hook = Callable[[Point], None]
_HOOK: ContextVar[Hook | None] = ContextVar("failpoint", default=None)


def reached(point: Point) -> None:
    """Say that this moment has come."""
    hook = _HOOK.get()
    if hook is not None:
        hook(point)


def arm(hook: Hook | None) -> None:
    """Let `hook` be called at every moment, in this context and those copied from it."""
    _HOOK.set(hook)


class Death:
    """A hook that ends the process at the n-th time of one moment, with nothing tidied up."""

    def __init__(self, point: Point, hits: int, die: Callable[[int], object] = os._exit) -> None:
        self._point = point
        self._left = hits
        self._die = die

    def __call__(self, point: Point) -> None:
        """Count, and die when it is time."""
        if point is self._point:
            self._left -= 1
            if self._left == 0:
                self._die(KILLED)


def arm_from(environment: Mapping[str, str], *, is_real: bool) -> None:
    """Arm what MMRUNNER_FAILPOINT asks for, as ``sent:3``: at the third order that is sent.

    Raises ConfigError for a moment that does not exist, and for any where orders are real.
    """
    asked = environment.get(FAILPOINT)
    if not asked:
        return
    if is_real:
        raise ConfigError(
            f"{FAILPOINT}: expected none where orders are real, was {asked}; unset it"
        )
    name, _, hits = asked.partition(":")
    if name not in list(Point) or not (hits.isascii() and hits.isdigit() and int(hits) > 0):
        raise ConfigError(
            f"{FAILPOINT}: expected NAME:N, NAME one of {', '.join(Point)}, was {asked}"
        )
    arm(Death(Point(name), int(hits)))
