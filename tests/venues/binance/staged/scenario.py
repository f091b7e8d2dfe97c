"""Read rows of the fault matrix for this stand-in: those whose words its faults know."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.scenario import SCENARIOS as STAGED
from tests.stage.scenario import Scenario
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.staged.play import play
from tests.venues.common.scenario import step_of
from tests.venues.common.staged.process import PROCESS

WORDS = {**FAULTS, **PROCESS}
OWN = Path(__file__).parent / "scenarios"
DEPLOY = (
    "experiment=binance_sandbox",
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
ROWS = (
    "FA-01",
    "FA-02",
    "FA-04",
    "FA-07",
    "FA-12",
    "FA-13",
    "FA-14",
    "FA-18",
    "MD-01",
    "MD-05",
    "MD-06",
    "OR-01",
    "OR-02",
    "OR-03",
    "OR-07",
    "OR-13",
    "OR-21",
    "OR-22",
    "PC-01",
    "PC-02",
    "PC-03",
    "PC-08",
    "PC-09",
    "PC-15",
    "PO-01",
    "PO-04",
    "VA-01",
    "VA-05",
)
"""Rows of the stage that go another way through this venue's wire than through another's: orders
without an answer, streams that are lost or silent, deaths on the way, what others do."""


def rows() -> list[str]:
    """Return every row that is played here."""
    return sorted({*ROWS, *(path.stem for path in OWN.glob("*.yaml"))})


def read(row: str) -> Scenario:
    """Return a row's scenario at this venue."""
    words: dict[str, Any] = {}
    staged, own = STAGED / f"{row}.yaml", OWN / f"{row}.yaml"
    if staged.exists():
        words = yaml.safe_load(staged.read_text())
        words["script"] = [_said_here(step) for step in words["script"]]
    if own.exists():
        words |= yaml.safe_load(own.read_text())
    script = tuple(step_of(WORDS, step) for step in words.pop("script"))
    lists = {k: tuple(v) if isinstance(v, list) else v for k, v in words.items()}
    return Scenario(row=row, script=script, **lists)


def _said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    words = dict(step)
    if "market" in words:
        words["market"] = f"{words['market'].upper()}USDT"
    if words["do"] in ("close", "silence"):
        words.setdefault("stream", "market")
    if words.get("when") == "update":
        words["when"] = "depth"
    return words


def perform(scenario: Scenario, directory: Path, seed: int = 1) -> Played:
    """Play a scenario; its steps count anew each time, and end with its duration."""
    settings = settings_for(*DEPLOY, *scenario.deploy)
    steps = [
        replace(step, seen=0, until_s=min(step.until_s, scenario.duration_s))
        for step in scenario.script
    ]
    return play(settings, directory, steps, scenario.duration_s, seed)
