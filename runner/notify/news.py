"""Hold one thing that a person is told, and how much it matters."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How much it matters; a person chooses from which on to be called."""

    INFO = 1
    """A start, a clean end: nothing is to be done."""
    WARNING = 2
    """To be looked at today."""
    CRITICAL = 3
    """To be looked at now: the deploy has stopped quoting, or does not run as it should."""


@dataclass(frozen=True, slots=True)
class News:
    """One line for a person, of one market or of the whole deploy (empty)."""

    level: Level
    market: str
    text: str

    @property
    def line(self) -> str:
        """The text with its market."""
        return f"{self.market}: {self.text}" if self.market else self.text
