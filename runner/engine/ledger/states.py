"""Say what may become of an order: the only transitions, without I/O.

DONE absorbs. What is filled never decreases. Only the venue's word ends an order, and it is kept as
evidence; the one exception never left the house, and the outbox is its witness.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from connectors.model.account import ABSENT
from connectors.model.events import (
    ACCEPTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    OUTCOME_UNKNOWN,
    REJECTED,
)


class State(IntEnum):
    """Where an order stands. Every state but DONE may still rest at the venue or become so."""

    INTENT = 0
    SENT = 1
    LIVE = 2
    PARTIAL = 3
    CANCELLING = 4
    UNKNOWN = 5
    DONE = 6


SENDING = -1
"""The order was handed to the venue."""
CANCEL_ASKED = -2
"""A cancel was handed to the venue."""
WITHHELD = -3
"""The order will never be handed to the venue."""

NEVER_SENT = "never sent"
ENDS = {
    REJECTED: "rejected by the venue",
    CANCELLED: "cancelled by the venue",
    EXPIRED: "expired at the venue",
    ABSENT: "absent from the venue's books",
}
"""The words of a venue that end an order, as evidence."""


@dataclass(frozen=True, slots=True)
class Life:
    """One order's state. `evidence` is empty until it is DONE."""

    lots: int
    state: State = State.INTENT
    filled_lots: int = 0
    evidence: str = ""


def advance(life: Life, word: int, lots: int = 0) -> Life:
    """Return the order after a word of the venue (an account row's kind, ABSENT) or of ours.

    `lots` is what traded, for FILLED. A word that proves nothing changes nothing.
    """
    if word == FILLED:
        return _fill(life, lots)
    if life.state is State.DONE:
        return life
    if word in ENDS:
        # An order that has traded was there: absence cannot be the whole truth.
        if word == ABSENT and life.filled_lots:
            return life
        return _end(life, ENDS[word])
    if word == SENDING and life.state is State.INTENT:
        return replace(life, state=State.SENT)
    if word == WITHHELD and life.state is State.INTENT:
        return _end(life, NEVER_SENT)
    if word == CANCEL_ASKED:
        return replace(life, state=State.CANCELLING)
    if word == OUTCOME_UNKNOWN and life.state is not State.INTENT:
        return replace(life, state=State.UNKNOWN)
    if word == ACCEPTED and life.state in (State.INTENT, State.SENT, State.UNKNOWN):
        return replace(life, state=State.PARTIAL if life.filled_lots else State.LIVE)
    return life


def _fill(life: Life, lots: int) -> Life:
    filled = replace(life, filled_lots=life.filled_lots + lots)
    if life.state is State.DONE:
        return filled
    if filled.filled_lots >= life.lots:
        return _end(filled, "filled in full")
    if life.state is State.CANCELLING:
        return filled
    return replace(filled, state=State.PARTIAL)


def _end(life: Life, evidence: str) -> Life:
    return replace(life, state=State.DONE, evidence=evidence)
