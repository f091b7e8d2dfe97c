"""Read rows of the fault matrix for this stand-in: their markets are one here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.common.staged.rows import Rows
from tests.venues.mexc.faults import FAULTS
from tests.venues.mexc.staged.play import play

PLAYED = (
    "FA-01",
    "FA-02",
    "FA-04",
    "FA-07",
    "FA-13",
    "FA-14",
    "MD-05",
    "MD-06",
    "OR-01",
    "OR-02",
    "OR-03",
    "OR-21",
    "PC-02",
    "PC-03",
    "VA-01",
)
"""Those that one market alone lets happen."""


def said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step of the stage in the stand-in's words."""
    words = dict(step)
    for name in ("market", "omitted"):
        if name in words:
            words[name] = "ETHUSDT"
    match words["do"]:
        case "close" | "silence":
            words.setdefault("stream", "market")
        case "end_ours":
            words["why"] = "CancelByAdmin"
        case "too_many":
            # The venue does not say for how long.
            for name in ("status", "retry_after_s"):
                words.pop(name, None)
        case _:
            pass
    return words


OWN = Path(__file__).parent / "scenarios"
ROWS = Rows(OWN, FAULTS, "experiment=mexc_sandbox", said_here, play)
