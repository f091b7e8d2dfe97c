"""Keep two legs together: one clip at a time, the other leg at once for what was filled.

Sizes are whole lots of a step that both legs have (`sizing.common_step`); positions are signed, and
`goal_lots` is what the first leg is to hold, the second the opposite. A clip begins only while both
legs match and nothing is open or unknown, so that they are never further apart than one clip by
what the book has sent. What is smaller than the smallest order of a leg cannot be mended by itself:
it counts as matched, and is part of the next clip. A leg that cannot follow within its time, or a
position that somebody else has changed, is unwound: the larger leg is reduced until both match, and
the goal is what is left.
An order is never sent past one whose outcome is not known.

The book is a plain value: whoever keeps it goes on after a restart with what the venues then hold.
Only `aim` makes a goal larger: what is gone, however it went, is not entered again.
"""

from dataclasses import dataclass, replace
from enum import Enum

FIRST, SECOND = 0, 1


class Phase(Enum):
    """What the book is doing; its value is the sentence for a person."""

    FLAT = "nothing is held and nothing is wanted"
    MOVING = "both legs are taken to their goal, a clip at a time"
    HELD = "both legs hold their goal"
    UNWINDING = "the legs do not match: the larger one is reduced until they do"


@dataclass(frozen=True, slots=True)
class Book:
    """What is wanted, what is being done, and since when the legs have not matched."""

    goal_lots: int = 0
    phase: Phase = Phase.FLAT
    apart_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """What one leg holds, what of its orders is open or unknown, and whether it can be traded.

    `is_ready` is false while its position is not proven or its venue is not there.
    """

    position_lots: int
    open_lots: int
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a clip may be, how long its second leg may take, and the smallest order of both."""

    clip_lots: int
    follow_ns: int
    least_lots: int = 1


@dataclass(frozen=True, slots=True)
class Take:
    """An order to take so many lots of a leg, bought where more than zero; up to a price limit."""

    leg: int
    lots: int


def aim(book: Book, goal_lots: int) -> Book:
    """Return the book with another goal. What is being unwound ends first, and only less is taken.

    Less of the same side is also the way to reduce both legs together.
    """
    if book.phase is Phase.UNWINDING and not _is_less(goal_lots, book.goal_lots):
        return book
    phase = Phase.UNWINDING if book.phase is Phase.UNWINDING else Phase.MOVING
    return replace(book, goal_lots=goal_lots, phase=phase)


def step(
    book: Book, legs: tuple[Leg, Leg], limits: Limits, thinner: int, now_ns: int
) -> tuple[Book, Take | None]:
    """Return the book as it then is and the next order, if any; call on every change.

    A clip begins with the thinner leg: what it fills, the other one surely has. Both are asked for
    again as long as `step` finds nothing open.
    """
    apart = legs[FIRST].position_lots + legs[SECOND].position_lots
    if abs(apart) < limits.least_lots:
        apart = 0
    book = _judged(book, legs, limits, apart, now_ns)
    if apart and book.phase is Phase.UNWINDING:
        return book, _sent(legs, _reduction(legs, apart))
    if apart:
        return book, _sent(legs, _completion(book, legs, apart))
    if book.phase is Phase.MOVING and not any(leg.open_lots for leg in legs):
        return book, _clip(book, legs, limits, thinner)
    return book, None


def _judged(book: Book, legs: tuple[Leg, Leg], limits: Limits, apart: int, now_ns: int) -> Book:
    """Return the book with the phase that the positions put it in."""
    held = legs[FIRST].position_lots
    if apart == 0:
        book = replace(book, apart_ns=None)
        if any(leg.open_lots for leg in legs):
            return book
        if book.phase is not Phase.MOVING:
            book = _less(book, held, limits)
        return _settled(book, held, limits)
    since_ns = now_ns if book.apart_ns is None else book.apart_ns
    is_ours = book.phase is Phase.MOVING and abs(apart) < limits.clip_lots + limits.least_lots
    is_late = now_ns - since_ns >= limits.follow_ns
    phase = book.phase if is_ours and not is_late else Phase.UNWINDING
    return replace(book, apart_ns=since_ns, phase=phase)


def resume(book: Book, legs: tuple[Leg, Leg], limits: Limits) -> Book:
    """Return the book after a time in which nobody kept it: what is begun is completed, or ends.

    Nothing more is entered than the larger leg holds already, and nothing that is gone again.
    """
    first, second = legs[FIRST].position_lots, legs[SECOND].position_lots
    return _less(book, first if abs(first) >= abs(second) else -second, limits)


def _less(book: Book, held: int, limits: Limits) -> Book:
    """Return the book with a goal of no more than is held; too little to trade is nothing."""
    goal = _nearer_zero(book.goal_lots, held)
    return replace(book, goal_lots=goal if abs(goal) >= limits.least_lots else 0)


def _settled(book: Book, held: int, limits: Limits) -> Book:
    if abs(held - book.goal_lots) >= limits.least_lots:
        return replace(book, phase=Phase.MOVING)
    return replace(book, phase=Phase.HELD if book.goal_lots else Phase.FLAT)


def _nearer_zero(goal: int, held: int) -> int:
    """Return what is left to want after unwinding: never more than is held, nor its other side."""
    if goal * held <= 0:
        return 0
    return goal if abs(goal) < abs(held) else held


def _is_less(goal: int, than: int) -> bool:
    return goal * than >= 0 and abs(goal) <= abs(than)


def _clip(book: Book, legs: tuple[Leg, Leg], limits: Limits, thinner: int) -> Take | None:
    """Return the first order of a clip, once both legs can be traded."""
    if not all(leg.is_ready for leg in legs):
        return None
    gap = book.goal_lots - legs[FIRST].position_lots
    side = 1 if (gap > 0) == (thinner == FIRST) else -1
    crumb = side * (legs[FIRST].position_lots + legs[SECOND].position_lots)
    room = limits.clip_lots - max(0, crumb)
    lots = min(abs(gap), room if room >= limits.least_lots else limits.clip_lots)
    return Take(thinner, side * lots) if lots else None


def _completion(book: Book, legs: tuple[Leg, Leg], apart: int) -> Take:
    """Return what the leg that is behind its goal has to do to match the other."""
    gaps = (
        book.goal_lots - legs[FIRST].position_lots,
        -book.goal_lots - legs[SECOND].position_lots,
    )
    behind = FIRST if gaps[FIRST] * -apart > gaps[SECOND] * -apart else SECOND
    return Take(behind, -apart)


def _reduction(legs: tuple[Leg, Leg], apart: int) -> Take:
    """Return what brings the larger leg down to the other, never through zero."""
    first, second = legs[FIRST].position_lots, legs[SECOND].position_lots
    larger = FIRST if abs(first) >= abs(second) else SECOND
    held = legs[larger].position_lots
    lots = min(abs(apart), abs(held))
    return Take(larger, -lots if held > 0 else lots)


def _sent(legs: tuple[Leg, Leg], take: Take) -> Take | None:
    """Return an order unless its leg cannot trade or has one out.

    One that brings a leg down also waits for what is open on the other: it may yet match.
    """
    leg, other = legs[take.leg], legs[1 - take.leg]
    if not leg.is_ready or leg.open_lots:
        return None
    is_reducing = leg.position_lots * take.lots < 0
    return None if is_reducing and other.open_lots else take
