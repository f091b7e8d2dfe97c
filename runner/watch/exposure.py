"""Say in words, and in fields of the log, what all markets hold together."""

from collections.abc import Sequence

from runner.engine.exposure import Exposure
from runner.engine.pools import ACCOUNT, KINDS, UNDERLYING
from runner.report.exact import plain
from runner.report.figures import amount

ALL = "all"
MOST = 6
"""Underlyings that a line has room for."""


def exposure_line(found: Sequence[Exposure], currency: str) -> str:
    """Return one line: held and worst case of all markets, then what is held by underlying."""
    total = next(one for one in found if one.kind == KINDS[ACCOUNT])
    words = [
        f"held {amount(total.net, 0, signed=True)} net {amount(total.gross, 0)} gross"
        f" {amount(total.worst_gross, 0)} at worst {currency}"
    ]
    own = [one for one in found if one.kind == KINDS[UNDERLYING]]
    words += [f"{one.name} {amount(one.net, 0, signed=True)}" for one in own[:MOST]]
    words += [f"and {len(own) - MOST} more"] if len(own) > MOST else []
    words += [f"unknown: {', '.join(total.untold)}"] if total.untold else []
    return "   ".join(words)


def exposure_fields(one: Exposure, currency: str) -> dict[str, object]:
    """Return what the log says of a pool."""
    return {
        one.kind: one.name or ALL,
        "net": plain(one.net),
        "gross": plain(one.gross),
        "worst_long": plain(one.worst_long),
        "worst_short": plain(one.worst_short),
        "worst_gross": plain(one.worst_gross),
        "capital": plain(one.capital),
        "currency": currency,
        "unknown": "|".join(one.untold) or "none",
    }
