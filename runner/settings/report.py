"""What a report shows, and which runs `mode=report` compares."""

from dataclasses import dataclass
from typing import Annotated

from runner.settings.fields import Block, Checked, Whole
from runner.settings.moment import moment_ns

MOST_RUNS = 1000
HORIZONS_S = (1, 5, 10, 60)


@dataclass(frozen=True)
class Horizon(Checked):
    """One of the horizons, in seconds, that the mids after a fill are kept of."""

    def expected(self) -> str:
        """Return the horizons in words."""
        return f"one of {', '.join(map(str, HORIZONS_S))}"

    def check(self, value: object) -> int:
        """Return the horizon."""
        if isinstance(value, bool) or not isinstance(value, int) or value not in HORIZONS_S:
            raise ValueError
        return value


@dataclass(frozen=True)
class Runs(Checked):
    """A list of run directories, sweep directories or patterns of them."""

    def expected(self) -> str:
        """Return the form in words."""
        return "a list of run directories or patterns of them, as report.runs=[DIR,DIR]"

    def check(self, value: object) -> tuple[str, ...]:
        """Return the paths as they were written."""
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, (list, tuple)) or len(value) > MOST_RUNS:
            raise ValueError
        if not all(isinstance(item, str) and item.strip() and "\0" not in item for item in value):
            raise ValueError
        return tuple(value)


@dataclass(frozen=True)
class Split(Checked):
    """A share of a run's time, a moment in UTC, or null."""

    null: bool = True

    def expected(self) -> str:
        """Return the forms in words."""
        return "a share of time from 0.1 to 0.9, or a moment in UTC such as 2024-07-18T12:00:05"

    def check(self, value: object) -> float | str:
        """Return the share as a float, the moment as its text."""
        if isinstance(value, str):
            moment_ns(value)
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError
        if not 0.1 <= value <= 0.9:
            raise ValueError
        return float(value)


class Report(Block):
    """What every report shows; `runs`, `last` and `split` are of `mode=report`."""

    adverse_s: Annotated[int, Horizon()]
    png: bool
    runs: Annotated[tuple[str, ...], Runs()]
    last: Annotated[int | None, Whole(1, MOST_RUNS, null=True)]
    split: Annotated[float | str | None, Split()]
