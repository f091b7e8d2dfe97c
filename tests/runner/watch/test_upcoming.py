from typing import Any

from runner.watch.upcoming import HOUR_NS, Upcoming


class Asking:
    """An agenda that changes at given moments, and counts how often it is looked at."""

    def __init__(self, *moments_ns: int) -> None:
        self.moments_ns = moments_ns
        self.looks = 0

    def may_change(self, start_ns: int, until_ns: int) -> list[int]:
        """Return those in a span."""
        self.looks += 1
        return [at_ns for at_ns in self.moments_ns if start_ns < at_ns <= until_ns]


def test_the_next_moment_is_told_and_looked_for_again_only_once_it_has_passed() -> None:
    agenda: Any = Asking(5, 3 * HOUR_NS)
    upcoming = Upcoming({"btc": agenda})
    assert upcoming(1) == upcoming(2) == upcoming(4) == {"agenda btc": 5}
    assert agenda.looks == 1
    assert upcoming(5) == upcoming(6) == {"agenda btc": 3 * HOUR_NS}


def test_an_agenda_without_a_next_moment_is_not_told() -> None:
    agenda: Any = Asking()
    upcoming = Upcoming({"btc": agenda})
    assert upcoming(1) == {}
    assert agenda.looks == 3
