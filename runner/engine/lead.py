"""Hand a leading market's mid to the markets that follow it, as rows of their own batches.

A mid is told when it changed, when it is lost, and ten times a second while data comes. Live it is
told from the lead's own turn; a replay finds the same moments in the lead's tape.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connectors.model.book import Book, apply_rows, is_two_sided
from connectors.model.events import LEAD, IntColumn, MarketRows
from connectors.model.kernel import kernel, state

EVERY_NS = 100_000_000
"""A mid that stays is told again after so long, so that its age says how alive the lead is."""

MOST_HALF_TICKS = 2147483647
"""A tape's 32 bits."""


@state
class Told:
    """What followers were told last, and when. `at_ns` 0: nothing yet."""

    half_ticks: int
    at_ns: int


@kernel
def is_news(told: Told, book: Book, now_ns: int) -> bool:
    """Tell whether followers are to hear of the book now; `told.half_ticks` is then its mid."""
    half_ticks = 0
    if is_two_sided(book):
        half_ticks = book.best_bid_ticks + book.best_ask_ticks
    if half_ticks > MOST_HALF_TICKS:
        half_ticks = 0
    if half_ticks == told.half_ticks and now_ns - told.at_ns < EVERY_NS:
        return False
    told.half_ticks = half_ticks
    told.at_ns = now_ns
    return True


@kernel
def find_news(
    book: Book,
    told: Told,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    news_row: list[int],
    news_half_ticks: list[int],
) -> int:
    """Walk a tape; write the last row of each batch that is news, and its mid; return how many."""
    count = 0
    row = 0
    while row < len(recv_ns):
        first = row
        while row < len(recv_ns) and recv_ns[row] <= recv_ns[first]:
            row += 1
        apply_rows(book, kind, ticks, lots, first, row)
        if is_news(told, book, recv_ns[first]):
            news_row[count] = row - 1
            news_half_ticks[count] = told.half_ticks
            count += 1
    return count


class Follower(Protocol):
    """A market that follows a lead."""

    def hear(self, rows: MarketRows, now_ns: int) -> None:
        """Take what the lead says as a batch of its own; whatever that raises stays there."""


@dataclass(slots=True)
class Leader:
    """The followers of one market."""

    followers: Sequence[Follower]
    told: Told = field(default_factory=Told)
    rows: MarketRows = field(default_factory=MarketRows)

    def tell(self, book: Book, now_ns: int) -> None:
        """Tell of the book after a batch, if it is news."""
        if is_news(self.told, book, now_ns):
            self._hand_over(now_ns)

    def lose(self, now_ns: int) -> None:
        """Tell that the book is no longer to be relied on."""
        self.told.half_ticks = 0
        self.told.at_ns = now_ns
        self._hand_over(now_ns)

    def _hand_over(self, now_ns: int) -> None:
        self.rows.clear()
        self.rows.add(LEAD, self.told.half_ticks, 0, now_ns, now_ns)
        for follower in self.followers:
            follower.hear(self.rows, now_ns)
