"""Read scenarios: steps written flat, in the words of `tests.stage.scenario`, for any venue.

A file is a YAML list of steps, or a mapping whose `script` is one. A step says when (`at_s`, or
`when` with `nth`, `times`, `after_s`, `until_s`, `market`) and what (`do`, with its own words).
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from tests.stage.script import Step

WHEN = frozenset(f.name for f in fields(Step)) - {"name", "action", "seen", "market"}
Faults = Mapping[str, Callable[..., Any]]


def read(faults: Faults, path: Path) -> tuple[Step, ...]:
    """Return the steps of a file."""
    words = yaml.safe_load(path.read_text())
    rows = words["script"] if isinstance(words, dict) else words
    return tuple(step_of(faults, each) for each in rows)


def step_of(faults: Faults, words: Mapping[str, Any]) -> Step:
    """Return a step; raise ValueError for a word that neither it nor its action knows."""
    left = dict(words)
    name = left.pop("do")
    if name not in faults:
        raise ValueError(f"do: expected one of {sorted(faults)}, was {name}")
    if isinstance(left.get("market"), str):
        left["market"] = left["market"].upper()
    known = {f.name for f in fields(faults[name]) if not f.name.startswith("_")}  # type: ignore[arg-type]
    unknown = left.keys() - known - WHEN - {"market"}
    if unknown:
        raise ValueError(f"{name}: expected {sorted(known | WHEN)}, was {sorted(unknown)}")
    action = faults[name](**{k: v for k, v in left.items() if k in known})
    return Step(name, action, **{k: v for k, v in left.items() if k in WHEN or k == "market"})
