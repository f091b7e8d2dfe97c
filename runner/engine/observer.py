"""Say what a session tells to whoever watches it, and what it asks of its schedule."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from runner.engine.health import Health
from runner.engine.worker import Worker


class Observer(Protocol):
    """Who is told what goes on: the live view and the log. It must not block."""

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Look at the workers; called several times a second."""

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Carry out a scheduled command such as `metrics`."""

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Tell of something that a person should look at; no market: all of them."""

    def health(self, now_ns: int, health: Health) -> None:
        """Hear how the deploy is; called about once a second."""


class Jobs(Protocol):
    """Scheduled jobs while they run."""

    def overdue(self, now_ns: int) -> list[str]:
        """Return the jobs that should have run by now and have not."""

    def upcoming(self) -> dict[str, int | None]:
        """Return when each job is next due [ns], None where it never is again."""


class NoJobs:
    """Nothing is scheduled."""

    def overdue(self, now_ns: int) -> list[str]:
        """Return nothing."""
        return []

    def upcoming(self) -> dict[str, int | None]:
        """Return nothing."""
        return {}


Scheduled = Callable[[Callable[[str], None]], AbstractContextManager[Jobs]]
