"""Close what an account can no longer carry: its orders end, and its positions take what is there.

A liquidation begins when the equity has fallen to the maintenance margin, judged when a moment of
the market is over: inside a message the mid may be anything. It takes from the displayed book like
any order, each lot once, and goes on with the next moment while the book is too thin. Fills carry
the role LIQUIDATION and no order's id. It is over when no market of the account holds a position;
an equity under zero is then paid in and counted.
"""

from connectors.model.book import WINDOW
from connectors.model.events import BUY, EXPIRED, LIQUIDATION, SELL
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange, Line
from connectors.sim.line import leave
from connectors.sim.margin import mark, weigh
from connectors.sim.matching import take
from connectors.sim.wire import report


@kernel
def look_at_margin(x: Exchange, now_ns: int) -> bool:
    """Mark the market at a moment that is over; liquidate if due. True when reports were added."""
    before = x.report_tail
    x.margin.seen_ns = now_ns
    mark(x)
    weigh(x)
    wallet = x.wallet
    is_short = wallet.markets_held > 0 and wallet.equity_units <= wallet.maintenance_units
    if is_short and not wallet.is_liquidating:
        wallet.is_liquidating = True
        wallet.liquidations += 1
    if wallet.is_liquidating:
        _liquidate(x, now_ns)
    return x.report_tail != before


@kernel
def _liquidate(x: Exchange, now_ns: int) -> None:
    """End our orders here, close what the book takes, and settle when all is closed."""
    _end_all(x, x.bids, BUY, now_ns)
    _end_all(x, x.asks, SELL, now_ns)
    if not (x.bids_unknown or x.asks_unknown):
        _close(x, now_ns)
    x.margin.is_stale = True
    weigh(x)
    wallet = x.wallet
    if wallet.markets_held > 0:
        return
    wallet.is_liquidating = False
    missing = -wallet.equity_units
    if missing > 0:
        wallet.insured_units += missing
        x.margin.insured_units += missing
        x.margin.equity_units += missing
        wallet.equity_units = 0


@kernel
def _end_all(x: Exchange, line: Line, side: int, now_ns: int) -> None:
    """End every order of one side, and tell what did not trade."""
    while line.count > 0:
        slot = line.slots[0]
        client_id = x.resting.client_id[slot]
        ticks = x.resting.ticks[slot]
        lots = x.resting.open_lots[slot] + x.resting.struck_lots[slot]
        leave(x, line, 0, side)
        report(x, EXPIRED, client_id, side, ticks, lots, 0, 0, now_ns)


@kernel
def _close(x: Exchange, now_ns: int) -> None:
    """Take the position towards flat from the displayed book, at any price."""
    held = x.position_lots
    book = x.book
    if held > 0:
        ring, levels, best = book.bid_lots, book.bid_levels, book.best_bid_ticks
        far = best - WINDOW
        take(x, ring, levels, best, x.bids_used, 0, SELL, far, held, LIQUIDATION, now_ns)
    elif held < 0:
        ring, levels, best = book.ask_lots, book.ask_levels, book.best_ask_ticks
        far = best + WINDOW
        take(x, ring, levels, best, x.asks_used, 0, BUY, far, -held, LIQUIDATION, now_ns)
