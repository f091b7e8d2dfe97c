"""Fetch what a deploy did before somebody looked: its log has its quotes, its ledger its fills."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from connectors.model.events import BUY
from runner.control.words import Fill, Welcome
from runner.report.fills import ROLES
from runner.web.books import fills_since
from runner.web.deploy import MOST_FILLS, Past
from runner.web.logs import quotes
from runner.web.steps import steps_of
from runner.web.ways import Refused


def past_of(welcome: Welcome, ledgers: Path) -> Past:
    """Return what a run left on the disk since it began; nothing where that cannot be read."""
    run = Path(welcome.run)
    told = sorted(quotes(run / "run.log"), key=itemgetter(0))
    moments = {
        market: [(row, change) for _, row, change in rows]
        for market, rows in groupby(told, key=itemgetter(0))
    }
    return Past(tuple(_fills(welcome, ledgers, run)), moments)


def _fills(welcome: Welcome, ledgers: Path, run: Path) -> Iterator[Fill]:
    """Yield fills from the ledger, in the venue's decimals, but those that the welcome has."""
    try:
        rows = fills_since(ledgers / f"{welcome.deploy}.sqlite", welcome.started_ns, MOST_FILLS)
    except Refused:
        return
    steps = steps_of(run)
    known = {(fill.market, fill.trade_id, fill.side) for fill in welcome.fills}
    for stamp_ns, market, side, ticks, lots, role, trade_id in rows:
        word = "buy" if side == BUY else "sell"
        if market not in steps or (market, trade_id, word) in known:
            continue
        yield Fill(
            number=0,
            market=market,
            stamp_ns=stamp_ns,
            side="buy" if side == BUY else "sell",
            role=ROLES[role],
            price=steps[market].price(ticks),
            size_base=steps[market].size(lots),
            trade_id=trade_id,
        )
