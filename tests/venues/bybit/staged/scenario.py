"""Read the stage's scenarios for this stand-in, as `tests.venues.lighter.staged.scenario` does."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.scenario import SCENARIOS as STAGED
from tests.stage.scenario import Scenario
from tests.venues.bybit.faults import FAULTS
from tests.venues.bybit.staged.play import play
from tests.venues.common.scenario import step_of
from tests.venues.common.staged.process import PROCESS

WORDS = {**FAULTS, **PROCESS}
OWN = Path(__file__).parent / "scenarios"
DEPLOY = (
    "experiment=bybit_sandbox",
    "venue.max_silence_s=1.5",
    "venue.reads_per_s=1000",
    "venue.requests_per_5s=10000",
    "record.tape=false",
    "record.decisions=none",
    "kappa=6",
    "strategy.amend=never",
    "strategy.fill_lockout_ms=0",
    "strategy.tolerance_bps=1",
    "strategy.refresh_ms=250",
    "strategy.volatility.warmup_s=0",
)
CODES = {"insufficient_margin": 110007, "forbidden": 10005}
"""The venue's own codes for what the stage says in words."""
AT_EXECUTION = {"place": "execute.create", "cancel": "execute.cancel", "amend": "execute.amend"}
"""Where something befalls here what was acknowledged, and a request on the stage."""
NOT_HERE = {"FA-10": "no trade is taken back at this venue"}
"""Rows of the stage that cannot be played, each with its reason."""
EXECUTED = frozenset({"vanish", "fill_during_cancel", "fill_during_modify", "cancel_then_fill"})


def rows() -> list[str]:
    """Return every row that is played here."""
    found = {path.stem for folder in (STAGED, OWN) for path in folder.glob("*.yaml")}
    return sorted(found - NOT_HERE.keys())


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
    for name in ("market", "omitted"):
        if name in words:
            words[name] = f"{words[name].upper()}USDT"
    match words["do"]:
        case "close" | "silence":
            words.setdefault("stream", "market")
        case "reorder":
            words["s"] = 0.05 * words.pop("k")
        case "refuse" if words["code"] == "post_only":
            words = {**words, "do": "refuse_later", "why": "EC_PostOnlyWillTakeLiquidity"}
            words["when"] = "execute.create"
            del words["code"]
        case "refuse":
            words["code"] = CODES[words["code"]]
        case "end_ours":
            words["why"] = "CancelByAdmin"
        case "too_many":
            words.pop("status", None)
        case name if name in EXECUTED and "when" in words:
            words["when"] = AT_EXECUTION[words["when"]]
            words.pop("says_gone", None)
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
