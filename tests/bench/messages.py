"""Make depth messages of ten levels, always the same ones, for measuring single steps.

The book shows 20 ticks a side around a mid that wanders. A message changes five levels a side; when
the mid has moved, the levels that it passed are among them.
"""

from dataclasses import dataclass, field
from random import Random

from connectors.model.events import ASK, BID

LEVELS = 10
"""Rows of one message."""
GAP_NS = 10_000_000
"""Time between messages."""
START_NS = 1_700_000_000_000_000_000
DEPTH = 20
START_TICKS = 1_000_000
MOVE_FRAC = 0.2
MOST_TICKS = 3


@dataclass(slots=True)
class Messages:
    """Columns of `count` messages. Message ``m`` has the rows [m * LEVELS, (m + 1) * LEVELS)."""

    count: int = 0
    kind: list[int] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    lots: list[int] = field(default_factory=list)

    def add(self, kind: int, ticks: int, lots: int) -> None:
        """Append one row."""
        self.kind.append(kind)
        self.ticks.append(ticks)
        self.lots.append(lots)


def depth_messages(count: int) -> Messages:
    """Return the first `count` messages; those before the first move fill the book."""
    random = Random(7)
    messages = Messages()
    bid_ticks = START_TICKS
    filling = 2 * DEPTH // LEVELS
    for m in range(count):
        if m < filling:
            _fill(messages, random, m * LEVELS // 2)
        else:
            move = 0
            if random.random() < MOVE_FRAC:
                move = random.choice((-1, 1)) * random.randint(1, MOST_TICKS)
            bid_ticks = _change(messages, random, bid_ticks, move)
    messages.count = count
    return messages


def _fill(messages: Messages, random: Random, first: int) -> None:
    for level in range(first, first + LEVELS // 2):
        messages.add(BID, START_TICKS - level, _lots(random))
        messages.add(ASK, START_TICKS + 1 + level, _lots(random))


def _change(messages: Messages, random: Random, bid_ticks: int, move: int) -> int:
    """Write one message after which the best bid is `bid_ticks + move`; return that tick."""
    moved = bid_ticks + move
    rows = 0
    for step in range(abs(move)):
        if move > 0:
            messages.add(ASK, bid_ticks + 1 + step, 0)
            messages.add(BID, bid_ticks + 1 + step, _lots(random))
        else:
            messages.add(BID, bid_ticks - step, 0)
            messages.add(ASK, bid_ticks - step, _lots(random))
        rows += 2
    for level in random.sample(range(DEPTH), (LEVELS - rows) // 2):
        messages.add(BID, moved - level, _lots(random))
        messages.add(ASK, moved + 1 + level, _lots(random))
    return moved


def _lots(random: Random) -> int:
    return random.randint(1, 500)
