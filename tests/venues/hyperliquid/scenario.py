"""Read scenarios: steps written flat, in the words of `tests.stage.scenario`, for this venue."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stage.script import Step
from tests.venues.common import scenario
from tests.venues.hyperliquid.faults import FAULTS


def read(path: Path) -> tuple[Step, ...]:
    """Return the steps of a file."""
    return scenario.read(FAULTS, path)


def step_of(words: Mapping[str, Any]) -> Step:
    """Return a step; raise ValueError for a word that neither it nor its action knows."""
    return scenario.step_of(FAULTS, words)
