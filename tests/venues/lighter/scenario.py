"""Read scenarios: steps written flat, in the words of `tests.stage.scenario`, for this venue.

A file is a YAML list of steps, or a mapping whose `script` is one. A step says when (`at_s`, or
`when` with `nth`, `times`, `after_s`, `until_s`, `market`) and what (`do`, with its own words).
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from tests.stage.script import Step
from tests.venues.lighter.faults import FAULTS

WHEN = frozenset(f.name for f in fields(Step)) - {"name", "action", "seen", "market"}


def read(path: Path) -> tuple[Step, ...]:
    """Return the steps of a file."""
    words = yaml.safe_load(path.read_text())
    return tuple(step_of(each) for each in (words["script"] if isinstance(words, dict) else words))


def step_of(words: Mapping[str, Any]) -> Step:
    """Return a step; raise ValueError for a word that neither it nor its action knows."""
    left = dict(words)
    name = left.pop("do")
    if name not in FAULTS:
        raise ValueError(f"do: expected one of {sorted(FAULTS)}, was {name}")
    if isinstance(left.get("market"), str):
        left["market"] = left["market"].upper()
    known = {f.name for f in fields(FAULTS[name]) if not f.name.startswith("_")}  # type: ignore[arg-type]
    unknown = left.keys() - known - WHEN - {"market"}
    if unknown:
        raise ValueError(f"{name}: expected {sorted(known | WHEN)}, was {sorted(unknown)}")
    action = FAULTS[name](**{k: v for k, v in left.items() if k in known})
    return Step(name, action, **{k: v for k, v in left.items() if k in WHEN or k == "market"})
