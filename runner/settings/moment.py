"""Read a moment, or the word that asks for the configuration."""

from dataclasses import dataclass
from datetime import UTC, datetime

from runner.settings.fields import Checked

CONFIG = "config"


@dataclass(frozen=True)
class Explain(Checked):
    """`config`, a moment in UTC as ISO 8601, or null."""

    null: bool = True

    def expected(self) -> str:
        """Return the forms in words."""
        return "config, or a moment in UTC such as 2024-07-18T12:00:05"

    def check(self, value: object) -> str:
        """Return the text."""
        if not isinstance(value, str):
            raise ValueError
        if value != CONFIG:
            moment_ns(value)
        return value


def moment_ns(text: str) -> int:
    """Return nanoseconds since the epoch; raise ValueError for what is no moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000_000 + moment.microsecond * 1000
