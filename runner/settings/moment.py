"""Read a moment, or the word that asks for the configuration."""

from dataclasses import dataclass
from datetime import UTC, datetime

from runner.settings.fields import Checked

CONFIG = "config"
DIGITS = 19
"""Of nanoseconds since the epoch, from 2001 to 2286."""


@dataclass(frozen=True)
class Explain(Checked):
    """`config`, a moment in UTC as ISO 8601, or null."""

    null: bool = True

    def expected(self) -> str:
        """Return the forms in words."""
        return (
            "config, or a moment in UTC such as 2024-07-18T12:00:05, or in nanoseconds since 1970"
        )

    def check(self, value: object) -> str:
        """Return the text."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise ValueError
        if value != CONFIG:
            moment_ns(value)
        return value


@dataclass(frozen=True)
class Moment(Checked):
    """A moment in UTC as ISO 8601 or in nanoseconds since the epoch; stored as those."""

    null: bool = False

    def expected(self) -> str:
        """Return the forms in words."""
        return "a moment in UTC such as 2024-07-18T12:00:05, or in nanoseconds since 1970"

    def check(self, value: object) -> int:
        """Return nanoseconds since the epoch."""
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise ValueError
        return moment_ns(str(value))


def moment_ns(text: str) -> int:
    """Return nanoseconds since the epoch; raise ValueError for what is no moment.

    Digits alone are nanoseconds, and too few of them a mistake: no run is of 1970.
    """
    if text.isdigit():
        if len(text) != DIGITS:
            raise ValueError
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000_000 + moment.microsecond * 1000
