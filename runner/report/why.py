"""Say in words what a market wanted at a moment, on each side, and why."""

from collections.abc import Iterator
from typing import Any

from runner.report.decisions import open_rows
from runner.results import DecisionRows, RunResult
from runner.watch.stamp import utc_text
from strategies.telling import lines


def why(result: RunResult, at_ns: int) -> Iterator[str]:
    """Yield the decision of each market that was in force at a moment.

    A run that keeps changes only has told one decision for all that were equal to it.
    """
    for source in result.decisions:
        market = next(m for m in result.markets if m.name == source.market)
        row = _in_force(source, at_ns)
        if row is None:
            yield f"{market.name}: no decision had been taken by {utc_text(at_ns, 3)}"
        elif at_ns > market.last_ns:
            yield f"{market.name}: the run had ended by then, at {utc_text(market.last_ns, 3)}"
        else:
            yield f"{market.name}, decided {utc_text(row['now_ns'], 3)}"
            instrument = market.instrument
            told = lines(row, instrument.tick_size, instrument.lot_size_base)
            yield from (f"  {line}" for line in told)


def _in_force(source: DecisionRows, at_ns: int) -> dict[str, Any] | None:
    """Return the last decision kept at or before a moment."""
    rows = open_rows(source)
    k = int(rows["now_ns"].searchsorted(at_ns, side="right")) - 1
    if k < 0:
        return None
    return {name: rows[name][k].item() for name, _ in source.layout}
