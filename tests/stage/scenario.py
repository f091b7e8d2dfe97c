"""Read a scenario: one row of the fault matrix as a file, its script, and what must come of it.

A step is written flat: when it happens, what it does, and with which values. Whatever a file does
not say has a default: every judge, every step taken at least once, a clean end, and quotes in all
markets again once the faults are over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from connectors.model.events import BUY
from tests.deploys import settings_for
from tests.stage.faults import FAULTS
from tests.stage.judges import findings
from tests.stage.play import play
from tests.stage.process import Played
from tests.stage.script import Step
from tests.stage.truth import OURS, Accepted

SCENARIOS = Path(__file__).parent / "scenarios"
AMENDS = SCENARIOS / "amends"
"""Rows once more, at a venue that amends."""
DURATION_S = 30.0
DEPLOY = (
    "market=[btc,eth]",
    "record.tape=false",
    "record.decisions=none",
    "strategy.fill_lockout_ms=0",
    "strategy.tolerance_bps=1",
    "strategy.refresh_ms=250",
)
WHEN = frozenset(f.name for f in fields(Step)) - {"name", "action", "seen"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row: `fault` and `expected` in words, then the script and what must have happened.

    `warned` are words that some warning has to hold. `unknown` and `held` tell whether an order had
    to be unproven and a market held at some time. `quiet` names markets that need not quote at the
    end, `disturbed` those that the faults may touch (default: all). `flat`: no position is left.
    `leave_out` names judges that do not apply, each with its reason. `open` is the reason for which
    the row does not hold yet.
    """

    row: str
    fault: str
    expected: str
    script: tuple[Step, ...]
    deploy: tuple[str, ...] = ()
    duration_s: float = DURATION_S
    exits: tuple[int, ...] | None = (0,)
    warned: tuple[str, ...] = ()
    unknown: bool = False
    held: bool = False
    quiet: tuple[str, ...] = ()
    disturbed: tuple[str, ...] | None = None
    flat: bool = False
    leave_out: Mapping[str, str] = field(default_factory=dict)
    open: str = ""


def read(path: Path) -> Scenario:
    """Return the scenario of a file, named as its row."""
    words = yaml.safe_load(path.read_text())
    steps = tuple(step_of(each) for each in words.pop("script"))
    lists = {k: tuple(v) if isinstance(v, list) else v for k, v in words.items()}
    return Scenario(row=path.stem, script=steps, **lists)


def step_of(words: Mapping[str, Any]) -> Step:
    """Return a step; raise ValueError for a word that neither it nor its action knows."""
    left = dict(words)
    name = left.pop("do")
    known = {f.name for f in fields(FAULTS[name]) if not f.name.startswith("_")}
    unknown = left.keys() - known - WHEN
    if unknown:
        raise ValueError(f"{name}: expected {sorted(known | WHEN)}, was {sorted(unknown)}")
    action = FAULTS[name](**{k: v for k, v in left.items() if k in known})
    return Step(name, action, **{k: v for k, v in left.items() if k in WHEN})


def perform(scenario: Scenario, directory: Path, seed: int = 1) -> Played:
    """Play a scenario; its steps count anew each time."""
    settings = settings_for(*DEPLOY, *scenario.deploy)
    for step in scenario.script:
        step.seen = 0
    return play(settings, directory, scenario.script, scenario.duration_s, seed)


def faults_of(scenario: Scenario, played: Played) -> list[str]:
    """Return all that is wrong with a play of a scenario: what judges find and what is missing."""
    return [
        *findings(played, *scenario.leave_out),
        *_never_happened(scenario, played),
        *_unexpected_end(scenario, played),
        *_disturbed(scenario, played),
    ]


def _never_happened(scenario: Scenario, played: Played) -> list[str]:
    found = [
        f"the script's {step.name} never took effect"
        for step in scenario.script
        if not played.truth.times(step.name)
    ]
    said = " | ".join(text for _, _, text in played.warnings)
    found += [f"nobody warned of '{words}'" for words in scenario.warned if words not in said]
    if scenario.unknown and not any(look.unknown for look in played.looks):
        found.append("no order was ever unknown")
    if scenario.held and not any(look.held for look in played.looks):
        found.append("no market was ever held")
    return found


def _unexpected_end(scenario: Scenario, played: Played) -> list[str]:
    found = []
    if scenario.exits is not None and played.exits != tuple(scenario.exits):
        found.append(f"exit codes {played.exits}, expected {tuple(scenario.exits)}")
    for market in played.limits:
        if market not in scenario.quiet and not _quotes_at_the_end(played, market):
            found.append(f"{market} does not quote again")
    left = {m: lots for m, lots in played.truth.now.positions.items() if lots}
    if scenario.flat and left:
        found.append(f"positions are left: {left}")
    return found


def _quotes_at_the_end(played: Played, market: str) -> bool:
    return any(look.is_quoting for look in played.looks if _is_of(look, market, played.calm_ns))


def _is_of(look: Any, market: str, after_ns: int) -> bool:
    return look.market == market and look.ns > after_ns


def _disturbed(scenario: Scenario, played: Played) -> list[str]:
    """I14: a market that no fault touches quotes on, all the time."""
    if scenario.disturbed is None:
        return []
    found = []
    for market in played.limits.keys() - set(scenario.disturbed):
        looks = [k for k in played.looks if k.market == market and k.ns < played.calm_ns]
        quiet = [k for k in looks[20:] if not k.is_quoting]
        if len(quiet) > len(looks) // 50:
            found.append(f"I14 {market} did not quote in {len(quiet)} of {len(looks)} looks")
    return found


def bought(played: Played) -> int:
    """Return how many orders to buy of ours were accepted: for tests that something went on."""
    ours = (f for f in played.truth.facts if isinstance(f, Accepted) and f.owner == OURS)
    return sum(f.side == BUY for f in ours)
