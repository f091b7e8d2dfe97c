"""Read the stage's scenarios for this stand-in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.bybit.faults import FAULTS
from tests.venues.bybit.staged.play import play
from tests.venues.common.staged.rows import Rows, staged_rows

CODES = {"insufficient_margin": 110007, "forbidden": 10005}
"""The venue's own codes for what the stage says in words."""
AT_EXECUTION = {"place": "execute.create", "cancel": "execute.cancel", "amend": "execute.amend"}
"""Where something befalls here what was acknowledged, and a request on the stage."""
NOT_HERE = {"FA-10": "no trade is taken back at this venue"}
"""Rows of the stage that cannot be played, each with its reason."""
EXECUTED = frozenset({"vanish", "fill_during_cancel", "fill_during_modify", "cancel_then_fill"})


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


ROWS = Rows(
    Path(__file__).parent / "scenarios", FAULTS, "experiment=bybit_sandbox", said_here, play
)


def rows() -> list[str]:
    """Return every row that is played here."""
    return [row for row in ROWS.names(staged_rows()) if row not in NOT_HERE]
