"""Judge the reports that a drill's runs have left: parts of a result add up to it exactly."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

PARTS = ("spread", "adverse", "inventory", "hedge", "fees", "funding")


def unbalanced(runs: Path) -> list[str]:
    """I18: every market's parts are its net, and all of them that of the deploy."""
    return [line for file in sorted(runs.glob("*/summary.json")) for line in _unbalanced(file)]


def _unbalanced(file: Path) -> Iterator[str]:
    summary = json.loads(file.read_text(encoding="utf-8"))
    told = {name: (m["parts"], m["pnl"]["net"]) for name, m in summary["markets"].items()}
    told["all"] = (summary["totals"]["tear"]["parts"], summary["totals"]["pnl"]["net"])
    for name, (parts, net) in told.items():
        if added(parts) != Decimal(net):
            yield f"I18 {file.parent.name} {name}: parts {added(parts)}, net {net}"


def added(parts: dict[str, Any]) -> Decimal:
    """Return the sum of a result's parts."""
    return sum((Decimal(parts[name]) for name in PARTS), Decimal(0))
