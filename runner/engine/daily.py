"""Carry a day's figures over a restart: what was lost or traded today still counts.

They are kept about once a second where they have changed, and given back to a market's brakes and
trades at a start on the same UTC day and the same account.
"""

from dataclasses import dataclass, field

from runner.engine.ledger.entries import AccountDay, Day, DayKept
from runner.engine.ledger.writer import Writer
from runner.engine.portfolio import Portfolio
from runner.engine.worker import Market
from strategies.trades import DAY_NS


def figures_of(market: Market, account: str) -> Day | None:
    """Return a market's figures as they stand; None before its first mark."""
    brakes, trades = market.limits.brakes, market.desk.trades
    if not brakes.is_marked:
        return None
    is_today = trades.day == brakes.day
    return Day(
        account=account,
        market=market.name,
        day=brakes.day,
        opening_half_tick_lots=brakes.opening_half_tick_lots,
        equity_half_tick_lots=brakes.equity_half_tick_lots,
        peak_half_tick_lots=brakes.peak_half_tick_lots,
        day_notional_tick_lots=trades.day_notional_tick_lots if is_today else 0,
        notional_tick_lots=trades.notional_tick_lots,
        losing=trades.losing,
    )


def restore(market: Market, day: Day | None, now_ns: int) -> None:
    """Give a market its figures back if they are of today.

    Money is counted from the account's beginning, as its venue tells it, so that what the market
    did while no process ran is in it. The fees of earlier runs come with the notional.
    """
    if day is None or day.day != now_ns // DAY_NS:
        return
    brakes, trades = market.limits.brakes, market.desk.trades
    brakes.is_marked = True
    brakes.day = trades.day = day.day
    brakes.opening_half_tick_lots = day.opening_half_tick_lots
    brakes.equity_half_tick_lots = day.equity_half_tick_lots
    brakes.peak_half_tick_lots = day.peak_half_tick_lots
    trades.day_notional_tick_lots = day.day_notional_tick_lots
    trades.notional_tick_lots = day.notional_tick_lots
    trades.losing = day.losing


def leave_out_moved(market: Market, former: Market) -> None:
    """Let what the venue counts otherwise than trades do be no result of the day.

    That is money that was moved in a wallet, and what a position's entry price has forgotten. It
    counts at the last mark; a market without a mark has no result yet.
    """
    was, now = former.desk.orders, market.desk.orders
    mark = former.desk.signals.mid_half_ticks
    moved_lots = now.position_lots - was.position_lots
    _shift(market, 2 * (now.cash_tick_lots - was.cash_tick_lots) + moved_lots * mark)


def go_on_from(market: Market) -> None:
    """Go on with the day's result so far from what is held at the start, at the price of then.

    What was won or lost before is in the result so far alone. While no process ran, what was moved
    and what the price did cannot be told apart: neither is in it.
    """
    orders = market.desk.orders
    mid_half_ticks = int(2 * market.sized_price / market.instrument.tick_size)
    worth = 2 * orders.cash_tick_lots + orders.position_lots * mid_half_ticks
    _shift(market, worth - market.limits.brakes.equity_half_tick_lots)


def _shift(market: Market, half_tick_lots: int) -> None:
    brakes = market.limits.brakes
    if brakes.is_marked:
        brakes.opening_half_tick_lots += half_tick_lots
        brakes.equity_half_tick_lots += half_tick_lots
        brakes.peak_half_tick_lots += half_tick_lots


@dataclass(slots=True)
class DayBook:
    """Every market with its account, and what was last kept of each."""

    writer: Writer
    portfolio: Portfolio
    accounts: dict[str, tuple[Market, str]] = field(default_factory=dict)
    _kept: dict[str, Day] = field(default_factory=dict)
    _account_kept: tuple[int, object] | None = None

    def follow(self, market: Market, account: str) -> None:
        """Keep this market too."""
        self.accounts[market.name] = (market, account)

    def keep(self, now_ns: int) -> None:
        """Write the figures that have changed."""
        for name, (market, account) in self.accounts.items():
            day = figures_of(market, account)
            if day is not None and day != self._kept.get(name):
                self._kept[name] = day
                self.writer.put(DayKept(day, now_ns))
        best = (self.portfolio.day, self.portfolio.peak)
        if best != self._account_kept and self.portfolio.day:
            self._account_kept = best
            self.writer.put(AccountDay(*best, now_ns))
