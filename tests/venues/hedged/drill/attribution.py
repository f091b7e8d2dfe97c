"""Judge the reports that a drill's runs have left: parts of a result add up to it exactly, and what
was paid as funding is what the ledger has of it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.venues.hedged.drill.said import ns_of

PARTS = ("spread", "adverse", "inventory", "hedge", "fees", "funding")
OF_PAIRS = {"funding": 1, "basis": 1, "slippage": -1, "fees": -1}
BEGINS_NS = 30_000_000_000
"""A session's own start is so long after that of its process, at the most."""
Payments = list[tuple[int, Decimal]]


def unbalanced(runs: Path) -> list[str]:
    """I18: every market's parts are its net, all of them that of the deploy, a pair's its own."""
    return [line for file in sorted(runs.glob("*/summary.json")) for line in _unbalanced(file)]


def _unbalanced(file: Path) -> Iterator[str]:
    summary = json.loads(file.read_text(encoding="utf-8"))
    told = {name: (m["parts"], m["pnl"]["net"]) for name, m in summary["markets"].items()}
    told["all"] = (summary["totals"]["tear"]["parts"], summary["totals"]["pnl"]["net"])
    for name, (parts, net) in told.items():
        if added(parts) != Decimal(net):
            yield f"I18 {file.parent.name} {name}: parts {added(parts)}, net {net}"
    for name, pair in summary.get("pairs", {}).items():
        if pair["net"] is None or _of_pair(pair) != Decimal(pair["net"]):
            yield f"I18 {file.parent.name} pair {name}: net {pair['net']}"


def added(parts: dict[str, Any]) -> Decimal:
    """Return the sum of a result's parts."""
    return sum((Decimal(parts[name]) for name in PARTS), Decimal(0))


def _of_pair(pair: dict[str, Any]) -> Decimal:
    parts = (sign * Decimal(pair[name]) for name, sign in OF_PAIRS.items())
    return sum(parts, Decimal(0))


def misreported(runs: Path, ledger: Path) -> list[str]:
    """I18: what a report tells of a market's funding is what its session has booked."""
    found = []
    for file in sorted(runs.glob("*/summary.json")):
        summary = json.loads(file.read_text(encoding="utf-8"))
        begin_ns, end_ns = ns_of(summary["started"]), ns_of(summary["ended"])
        for name, market in summary["markets"].items():
            paid = _paid(ledger, name, begin_ns, end_ns)
            told = Decimal(market["pnl"]["funding"])
            if told not in _sums(paid, begin_ns + BEGINS_NS):
                booked = sum(amount for _, amount in paid)
                found.append(f"I18 {file.parent.name} {name}: funding {told}, booked {booked}")
    return found


def _paid(ledger: Path, market: str, begin_ns: int, end_ns: int) -> Payments:
    """Return what was paid, and booked, in a time: when, and how much."""
    query = (
        "SELECT funding_ns, amount FROM funding WHERE market = ? AND funding_ns >= ?"
        " AND recv_ns <= ? ORDER BY funding_ns"
    )
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        rows = db.execute(query, (market, begin_ns, end_ns)).fetchall()
    return [(ns, Decimal(amount)) for ns, amount in rows]


def _sums(paid: Payments, surely_ns: int) -> Iterator[Decimal]:
    """Yield what may have been told: of what was paid before a moment, the first may be missing."""
    yield sum((amount for _, amount in paid), Decimal(0))
    for k, (ns, _) in enumerate(paid, 1):
        if ns < surely_ns:
            yield sum((amount for _, amount in paid[k:]), Decimal(0))
