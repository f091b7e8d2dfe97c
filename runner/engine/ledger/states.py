"""Say what may become of an order: the only transitions, without I/O.

DONE absorbs. What is filled never decreases. Only the venue's word ends an order, and it is kept as
evidence; the one exception never left the house, and the outbox is its witness.

An amend changes nothing by itself: until its proof the order has both terms, and is as large as the
larger. Proof is the venue's word, or a trade beyond the former size.
"""

from dataclasses import dataclass, replace
from enum import IntEnum

from connectors.model.account import ABSENT, Fate
from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
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
AMEND_ASKED = -4
"""New terms of the order are about to be handed to the venue."""
AMEND_WITHHELD = -5
"""They will never be."""

NEVER_SENT = "never sent"
FILLED_IN_FULL = "filled in full"
ENDS = {
    REJECTED: "rejected by the venue",
    CANCELLED: "cancelled by the venue",
    EXPIRED: "expired at the venue",
    ABSENT: "absent from the venue's books",
}
"""The words of a venue that end an order, as evidence."""
TURNED_AWAY = "ended by the venue, which had taken it"
"""A venue may refuse an order as a new one although it rested: its new terms would have taken."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms that an amend asks for: the price, and the size in all."""

    ticks: int
    lots: int


@dataclass(frozen=True, slots=True)
class Life:
    """One order's state. `evidence` is empty until it is DONE.

    It stands at `ticks` with `lots` in all, or, while that is not proven, as `asked`.
    """

    lots: int
    state: State = State.INTENT
    filled_lots: int = 0
    evidence: str = ""
    ticks: int = 0
    asked: Asked | None = None

    @property
    def open_lots(self) -> int:
        """What may still trade at most."""
        if self.state is State.DONE:
            return 0
        return max(0, self._most_lots - self.filled_lots)

    @property
    def is_filled(self) -> bool:
        """Whether all has traded that may."""
        return self.filled_lots >= self._most_lots

    @property
    def _most_lots(self) -> int:
        return self.lots if self.asked is None else max(self.lots, self.asked.lots)


def advance(life: Life, word: int, lots: int = 0, ticks: int = 0) -> Life:
    """Return the order after a word of the venue (an account row's kind, ABSENT) or of ours.

    `lots` is what traded, for FILLED; with `ticks` the terms that a word on an amend tells. A word
    that proves nothing changes nothing.
    """
    if word == FILLED:
        return _fill(life, lots)
    if life.state is State.DONE:
        return life
    if word in ENDS:
        # An order that has traded was there: absence cannot be the whole truth.
        if word == ABSENT and life.filled_lots:
            return life
        return _end(life, TURNED_AWAY if word == REJECTED and _was_taken(life) else ENDS[word])
    if word == SENDING and life.state is State.INTENT:
        return replace(life, state=State.SENT)
    if word == WITHHELD and life.state is State.INTENT:
        return _end(life, NEVER_SENT)
    if word == CANCEL_ASKED:
        return replace(life, state=State.CANCELLING)
    if word == OUTCOME_UNKNOWN and life.state is not State.INTENT:
        return replace(life, state=State.UNKNOWN)
    if word == ACCEPTED and life.state in (State.INTENT, State.SENT, State.UNKNOWN):
        return replace(life, state=_resting(life))
    return _settle(life, word, Asked(ticks, lots))


def terms_proven(life: Life, fate: Fate) -> tuple[tuple[int, Asked], ...]:
    """Return the words, and their terms, by which a fate proves the terms of an order.

    None where it has told none, or of trades that are not booked yet. What the order can no longer
    become was rejected. One that has filled is as large as what it has filled.
    """
    if life.asked is None or fate.filled_lots > life.filled_lots:
        return ()
    told = Asked(fate.ticks, fate.lots)
    if fate.kind == FILLED:
        ticks = life.ticks if fate.filled_lots == life.lots else life.asked.ticks
        told = Asked(ticks, fate.filled_lots)
    if fate.kind not in (ACCEPTED, FILLED) or not told.lots:
        return ()
    if _is_settled(life.asked, told):
        return ((AMENDED, told),)
    rejected = (AMEND_REJECTED, life.asked)
    return (rejected,) if told == Asked(life.ticks, life.lots) else (rejected, (AMENDED, told))


def _settle(life: Life, word: int, terms: Asked) -> Life:
    """Take a word on terms. Those that nobody has asked for put the order in doubt."""
    if word == AMEND_ASKED:
        return replace(life, asked=terms)
    if word == AMENDED:
        if life.asked is not None and _is_settled(life.asked, terms):
            lots = max(terms.lots, life.filled_lots)
            return _settled(replace(life, ticks=terms.ticks, lots=lots))
        if life.asked is None and terms != Asked(life.ticks, life.lots):
            return _doubted(replace(life, asked=terms))
    if terms != life.asked:
        return life
    if word in (AMEND_REJECTED, AMEND_WITHHELD):
        return _settled(life)
    return _doubted(life) if word == AMEND_UNKNOWN else life


def _settled(life: Life) -> Life:
    """Return an order whose terms are proven: it rests, unless it has filled as much."""
    known = replace(life, asked=None)
    if known.is_filled:
        return _end(known, FILLED_IN_FULL)
    return known if life.state is State.CANCELLING else replace(known, state=_resting(life))


def _doubted(life: Life) -> Life:
    return life if life.state is State.CANCELLING else replace(life, state=State.UNKNOWN)


def _is_settled(asked: Asked, told: Asked) -> bool:
    """Tell whether terms are those asked for; an order that had filled more has what it filled."""
    return told.ticks == asked.ticks and told.lots >= asked.lots


def _was_taken(life: Life) -> bool:
    """Tell whether the venue has had an order: it was seen, it traded, or new terms were asked."""
    is_seen = life.state in (State.LIVE, State.PARTIAL) or bool(life.filled_lots)
    return is_seen or life.asked is not None


def _resting(life: Life) -> State:
    return State.PARTIAL if life.filled_lots else State.LIVE


def _fill(life: Life, lots: int) -> Life:
    filled = replace(life, filled_lots=life.filled_lots + lots)
    if life.asked is not None and filled.filled_lots > life.lots:
        filled = replace(filled, ticks=life.asked.ticks, lots=life.asked.lots, asked=None)
    if life.state is State.DONE:
        return filled
    if filled.is_filled:
        return _end(filled, FILLED_IN_FULL)
    if life.state is State.CANCELLING:
        return filled
    return replace(filled, state=State.PARTIAL)


def _end(life: Life, evidence: str) -> Life:
    return replace(life, state=State.DONE, evidence=evidence)
