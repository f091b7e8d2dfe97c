"""Read rows of the fault matrix for this stand-in: those whose words its faults know."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.binance.faults import FAULTS
from tests.venues.binance.staged.play import play
from tests.venues.common.staged.rows import Rows


def said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step of the stage in the stand-in's words."""
    words = dict(step)
    if "market" in words:
        words["market"] = f"{words['market'].upper()}USDT"
    if words["do"] in ("close", "silence"):
        words.setdefault("stream", "market")
    if words.get("when") == "update":
        words["when"] = "depth"
    return words


ROWS = Rows(
    Path(__file__).parent / "scenarios", FAULTS, "experiment=binance_sandbox", said_here, play
)
