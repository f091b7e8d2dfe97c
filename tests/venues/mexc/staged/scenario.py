"""Read rows of the fault matrix for this stand-in: their markets are one here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.common.staged.rows import Rows
from tests.venues.mexc.faults import FAULTS
from tests.venues.mexc.staged.play import play

CODES = {"insufficient_margin": 10101, "forbidden": 700007, "post_only": -2010}
"""The venue's own codes for what the stage says in words."""
PLAYED = (
    "FA-01",
    "FA-02",
    "FA-04",
    "FA-07",
    "FA-09",
    "FA-13",
    "FA-14",
    "MD-05",
    "MD-06",
    "MD-07",
    "MD-14",
    "OR-01",
    "OR-02",
    "OR-03",
    "OR-06",
    "OR-10",
    "OR-14",
    "OR-17",
    "OR-18",
    "OR-21",
    "OR-24",
    "OR-25",
    "PC-02",
    "PC-03",
    "VA-01",
    "VA-02",
    "VA-06",
    "VA-08",
    "VA-10",
    "VA-17",
    "VA-18",
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
        case "refuse":
            words["code"] = CODES[words["code"]]
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
