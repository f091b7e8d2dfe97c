"""Read rows of the fault matrix for this stand-in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.venues.common.staged.rows import Rows
from tests.venues.hyperliquid import errors
from tests.venues.hyperliquid.faults import FAULTS
from tests.venues.hyperliquid.staged.play import play

TEXTS = {
    "insufficient_margin": errors.MARGIN.format(0),
    "forbidden": errors.NO_WALLET.format("0x00"),
}
"""The venue's own words for what the stage says in its."""
AT_EXECUTION = {"place": "execute.create", "cancel": "execute.cancel"}
"""Where something befalls here what was let in, and a request on the stage."""
EXECUTED = frozenset({"vanish", "fill_during_cancel", "cancel_then_fill"})


def said_here(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step of the stage in the stand-in's words."""
    words = dict(step)
    for name in ("market", "omitted"):
        if name in words:
            words[name] = words[name].upper()
    match words["do"]:
        case "close" | "silence":
            words.setdefault("stream", "market")
        case "refuse" if words["code"] == "post_only":
            words = {**words, "do": "refuse_later", "why": "EC_PostOnlyWillTakeLiquidity"}
            words["when"] = "execute.create"
            del words["code"]
        case "refuse":
            words["text"] = TEXTS[words.pop("code")]
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


DEPLOY = "experiment=hyperliquid_sandbox"
ROWS = Rows(Path(__file__).parent / "scenarios", FAULTS, DEPLOY, said_here, play)
