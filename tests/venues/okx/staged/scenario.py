"""Read rows of the fault matrix for this stand-in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.common.staged.rows import Rows
from tests.venues.okx.faults import FAULTS
from tests.venues.okx.staged.play import play

CODES = {"insufficient_margin": 51008, "forbidden": 50120}
"""The venue's own codes for what the stage says in words."""
AT_EXECUTION = {"place": "execute.create", "cancel": "execute.cancel", "amend": "execute.amend"}
"""Where something befalls here what was acknowledged, and a request on the stage."""
EXECUTED = frozenset({"vanish", "fill_during_cancel", "fill_during_modify", "cancel_then_fill"})
STAGED = (
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


def said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step of the stage in the stand-in's words."""
    words = dict(step)
    for name in ("market", "omitted"):
        if name in words:
            words[name] = f"{words[name].upper()}-USDT-SWAP"
    match words["do"]:
        case "close" | "silence":
            words.setdefault("stream", "market")
        case "refuse" if words["code"] == "post_only":
            words = {**words, "do": "refuse_later", "why": "EC_PostOnlyWillTakeLiquidity"}
            words["when"] = "execute.create"
            del words["code"]
        case "refuse":
            words["code"] = CODES[words["code"]]
        case "end_ours":
            words["why"] = "CancelByAdmin"
        case "too_many":
            # The venue does not say for how long.
            for name in ("status", "retry_after_s"):
                words.pop(name, None)
        case name if name in EXECUTED and "when" in words:
            words["when"] = AT_EXECUTION[words["when"]]
            words.pop("says_gone", None)
        case _:
            pass
    return words


ROWS = Rows(Path(__file__).parent / "scenarios", FAULTS, "experiment=okx_sandbox", said_here, play)
