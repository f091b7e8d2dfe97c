"""Keep what one market does to its account's money, and refuse what that cannot carry.

Everything is in integers. A position is valued at the mark; the margin it asks for is a share of
that value, maintenance by its tier: ``value * share - deduction``. Open orders count where they
would make the position larger, on the side where that is most. The wallet is told by differences,
so that several markets can share one.
"""

from connectors.model.book import is_two_sided
from connectors.model.events import BUY, REDUCE_ONLY
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange, Line, Margin, Wallet, has
from connectors.sim.fees import charge_ppb

BILLION = 1_000_000_000


@kernel
def book_fill(x: Exchange, side: int, ticks: int, lots: int, role: int, venue_ns: int) -> None:
    """Move the cash by a fill and its fee."""
    m = x.margin
    tick_lots = ticks * lots
    m.cash_half_tick_lots -= 2 * tick_lots * (1 - 2 * side)
    rate = charge_ppb(x.fees, role, tick_lots, venue_ns)
    value = 2 * tick_lots
    rest = value % BILLION * rate + m.fee_rest_ppb
    m.cash_half_tick_lots -= value // BILLION * rate + rest // BILLION
    m.fee_rest_ppb = rest % BILLION
    m.is_stale = True


@kernel
def book_funding(x: Exchange, position_lots: int, mark_half_ticks: int, rate_ppb: int) -> None:
    """Pay what longs pay shorts, from the position that was held."""
    m = x.margin
    value = position_lots * mark_half_ticks
    rest = value % BILLION * rate_ppb + m.funding_rest_ppb
    m.cash_half_tick_lots -= value // BILLION * rate_ppb + rest // BILLION
    m.funding_rest_ppb = rest % BILLION
    m.is_stale = True


@kernel
def mark(x: Exchange) -> None:
    """Take the mark that holds now; while none is known the last one stays."""
    m = x.margin
    now = m.mark_half_ticks
    if m.marks_by_trade:
        now = m.trade_half_ticks
    elif is_two_sided(x.book) and not (x.bids_unknown or x.asks_unknown):
        now = x.book.best_bid_ticks + x.book.best_ask_ticks
    if now != m.mark_half_ticks:
        m.mark_half_ticks = now
        m.is_stale = True


@kernel
def weigh(x: Exchange) -> None:
    """Tell the wallet what this market is worth and asks for, where that has changed."""
    m = x.margin
    if not m.is_stale or m.mark_half_ticks == 0:
        return
    m.is_stale = False
    worth = m.cash_half_tick_lots + x.position_lots * m.mark_half_ticks
    equity = worth * m.units + m.insured_units
    maintenance = _maintenance(m, abs(x.position_lots) * m.mark_half_ticks) * m.units
    initial = _initial_units(x, _exposed_lots(x, 0, 0))
    x.wallet.equity_units += equity - m.equity_units
    x.wallet.maintenance_units += maintenance - m.maintenance_units
    x.wallet.initial_units += initial - m.initial_units
    m.equity_units = equity
    m.maintenance_units = maintenance
    m.initial_units = initial
    is_held = x.position_lots != 0
    if is_held != m.is_held:
        x.wallet.markets_held += 1 if is_held else -1
        m.is_held = is_held


@kernel
def is_beyond_margin(x: Exchange, side: int, lots: int, flags: int) -> bool:
    """Tell whether an order would open more than the free part of the wallet carries."""
    if has(flags, REDUCE_ONLY):
        return False
    if x.wallet.is_liquidating or x.margin.mark_half_ticks == 0:
        return True
    x.margin.is_stale = True
    weigh(x)
    buys = lots if side == BUY else 0
    exposed = _exposed_lots(x, buys, lots - buys)
    if exposed == _exposed_lots(x, 0, 0):
        return False
    asked = x.wallet.initial_units - x.margin.initial_units + _initial_units(x, exposed)
    return asked > x.wallet.equity_units


@kernel
def hand_over(wallet: Wallet, to: Wallet) -> None:
    """Let another wallet stand where this one does."""
    to.equity_units = wallet.equity_units
    to.maintenance_units = wallet.maintenance_units
    to.initial_units = wallet.initial_units
    to.markets_held = wallet.markets_held
    to.is_liquidating = wallet.is_liquidating
    to.liquidations = wallet.liquidations
    to.insured_units = wallet.insured_units


def money_of(x: Exchange) -> tuple[int, int, int, int]:
    """Return what has to be kept of a market's money: cash, both rests, and what was paid in."""
    m = x.margin
    paid_in = -(-m.insured_units // m.units)
    return m.cash_half_tick_lots, m.fee_rest_ppb, m.funding_rest_ppb, paid_in


def go_on_with(x: Exchange, money: tuple[int, int, int, int]) -> None:
    """Begin with the money that `money_of` returned, once margin is switched on."""
    m = x.margin
    m.cash_half_tick_lots, m.fee_rest_ppb, m.funding_rest_ppb, paid_in = money
    m.insured_units = paid_in * m.units


@kernel
def share_up(value: int, ppb: int) -> int:
    """Return a share of a value that is not negative, rounded up."""
    return value // BILLION * ppb + -(-(value % BILLION) * ppb // BILLION)


@kernel
def _maintenance(m: Margin, value: int) -> int:
    """Return the maintenance margin of a position of this value, by the last tier it reaches."""
    asked = 0
    for k in range(m.count):
        if value >= m.from_half_tick_lots[k]:
            asked = share_up(value, m.maintenance_ppb[k]) - m.deduction_half_tick_lots[k]
    return max(0, asked)


@kernel
def _initial_units(x: Exchange, exposed_lots: int) -> int:
    value = exposed_lots * x.margin.mark_half_ticks
    return share_up(value, x.margin.initial_ppb) * x.margin.units


@kernel
def _exposed_lots(x: Exchange, more_buys: int, more_sells: int) -> int:
    """Return the largest position, long or short, that the open orders of one side could make."""
    held = x.position_lots
    bought = held + _open_lots(x, x.bids) + more_buys
    sold = _open_lots(x, x.asks) + more_sells - held
    return max(abs(held), bought, sold)


@kernel
def _open_lots(x: Exchange, line: Line) -> int:
    lots = 0
    for i in range(line.count):
        lots += x.resting.open_lots[line.slots[i]]
    return lots
