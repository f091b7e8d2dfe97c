"""Hold what a check found: one clear line, and what it means for a run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from runner.places import Places
from runner.settings import Settings


class Verdict(Enum):
    """What a finding means for a run, the best first; its value is the exit code."""

    GOOD = 0
    ON_REQUEST = 4
    UNUSABLE = 2


SEVERITY = (Verdict.GOOD, Verdict.ON_REQUEST, Verdict.UNUSABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check. `about` is what was looked at, such as a market."""

    verdict: Verdict
    about: str
    text: str


Check = Callable[[Settings, Places], Iterable[Finding]]
"""Looks at one thing and yields its findings; changes nothing."""


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of some verdicts, good where there are none."""
    return max(verdicts, key=SEVERITY.index, default=Verdict.GOOD)
