"""Read the stage's scenarios for the stand-in: one row, one file, two venues.

A step of the stage is said in the stand-in's words (`said_here`). Where a row needs a script of its
own here, a file of the same name in `scenarios/` replaces what it says; what it leaves out is the
stage's. Rows that only this venue has are whole files there.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.scenario import SCENARIOS as STAGED
from tests.stage.scenario import Scenario
from tests.venues.common.scenario import step_of
from tests.venues.common.staged.process import PROCESS
from tests.venues.lighter.faults import FAULTS
from tests.venues.lighter.staged.play import play

WORDS = {**FAULTS, **PROCESS}
OWN = Path(__file__).parent / "scenarios"
DEPLOY = (
    "experiment=lighter_sandbox",
    "venue.max_silence_s=1.5",
    "venue.reads_per_min=240000",
    "record.tape=false",
    "record.decisions=none",
    "kappa=6",
    "strategy.amend=never",
    "strategy.fill_lockout_ms=0",
    "strategy.tolerance_bps=1",
    "strategy.refresh_ms=250",
    "strategy.volatility.warmup_s=0",
)
CODES = {"insufficient_margin": 21739, "forbidden": 20013}
"""The venue's own codes for what the stage says in words."""
AT_EXECUTION = frozenset({"vanish", "fill_during_cancel"})
"""What befalls a transaction here when its time has come, and a request on the stage."""


def rows() -> list[str]:
    """Return every row that is played here."""
    return sorted({path.stem for folder in (STAGED, OWN) for path in folder.glob("*.yaml")})


def read(row: str) -> Scenario:
    """Return a row's scenario at this venue."""
    words: dict[str, Any] = {}
    staged, own = STAGED / f"{row}.yaml", OWN / f"{row}.yaml"
    if staged.exists():
        words = yaml.safe_load(staged.read_text())
        words["script"] = [said_here(step) for step in words["script"]]
    if own.exists():
        words |= yaml.safe_load(own.read_text())
    script = tuple(step_of(WORDS, step) for step in words.pop("script"))
    lists = {k: tuple(v) if isinstance(v, list) else v for k, v in words.items()}
    return Scenario(row=row, script=script, **lists)


def said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step of the stage in the stand-in's words."""
    words = dict(step)
    match words["do"]:
        case "close" | "silence":
            words.setdefault("stream", "market")
        case "delay":
            # On the stage it is the request that is late, unless a step says otherwise.
            words.setdefault("is_processed", False)
        case "reorder":
            words["s"] = 0.05 * words.pop("k")
        case "refuse" if words["code"] == "post_only":
            words |= {"do": "refuse_later", "status": "canceled-post-only"}
            words["when"] = "execute.create"
            del words["code"]
        case "refuse":
            words["code"] = CODES[words["code"]]
        case name if name in AT_EXECUTION and "when" in words:
            words["when"] = {"place": "execute.create", "cancel": "execute.cancel"}[words["when"]]
            words.pop("says_gone", None)
        case "foreign_trade" if "kind" in words:
            words["kind"] = {"adl": "deleverage"}.get(words["kind"], words["kind"])
        case "omit_market":
            words["omitted"] = words["omitted"].upper()
        case _:
            pass
    return words


def perform(scenario: Scenario, directory: Path, seed: int = 1) -> Played:
    """Play a scenario; its steps count anew each time, and end with its duration."""
    settings = settings_for(*DEPLOY, *scenario.deploy)
    steps = [
        replace(step, seen=0, until_s=min(step.until_s, scenario.duration_s))
        for step in scenario.script
    ]
    return play(settings, directory, steps, scenario.duration_s, seed)
