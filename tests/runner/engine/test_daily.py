"""What a market lost and traded today still counts after a restart."""

from decimal import Decimal

from runner.engine.daily import DayBook, figures_of, go_on_from, leave_out_moved, restore
from runner.engine.ledger.entries import AccountDay, DayKept
from runner.engine.ledger.store import Store
from runner.engine.portfolio import AccountLimits, Portfolio
from runner.engine.risk import Limits
from runner.engine.worker import Market
from strategies.desk import Desk
from strategies.trades import DAY_NS
from tests.deploys import instrument, settings_for
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS

DAY = 20_000
PRICE = Decimal(100_000)


class Written:
    """A writer that remembers."""

    def __init__(self) -> None:
        self.entries: list[object] = []

    def put(self, entry: object, safe: object = None) -> None:
        self.entries.append(entry)


def market(*, marked: bool = True) -> Market:
    desk, limits = Desk(), Limits()
    brakes = limits.brakes
    brakes.is_marked, brakes.day = marked, DAY
    brakes.opening_half_tick_lots, brakes.equity_half_tick_lots = 100, 40
    brakes.peak_half_tick_lots = 120
    desk.trades.day = DAY
    desk.trades.day_notional_tick_lots, desk.trades.notional_tick_lots = 70, 90
    desk.trades.losing = 3
    return Market(MARKET, "sim", instrument(settings_for(), MARKET), desk, limits, PRICE)


def fresh() -> Market:
    return Market(MARKET, "sim", instrument(settings_for(), MARKET), Desk(), Limits(), PRICE)


def test_figures_come_back_from_the_ledger_as_they_were() -> None:
    store = Store(None, {MARKET: TERMS})
    figures = figures_of(market(), ACCOUNT)
    assert figures is not None
    store.apply(DayKept(figures, 5))
    after = fresh()
    restore(after, store.last_day(MARKET, ACCOUNT), DAY * DAY_NS + 1)
    assert figures_of(after, ACCOUNT) == figures


def test_another_day_or_another_account_begins_anew() -> None:
    store = Store(None, {MARKET: TERMS})
    figures = figures_of(market(), ACCOUNT)
    assert figures is not None
    store.apply(DayKept(figures, 5))
    after = fresh()
    restore(after, store.last_day(MARKET, ACCOUNT), (DAY + 1) * DAY_NS)
    restore(after, store.last_day(MARKET, "another"), DAY * DAY_NS + 1)
    assert figures_of(after, ACCOUNT) is None
    assert after.desk.trades.notional_tick_lots == 0


def test_what_traded_on_a_day_before_is_not_todays() -> None:
    before = market()
    before.desk.trades.day = DAY - 1
    figures = figures_of(before, ACCOUNT)
    assert figures is not None
    assert figures.day_notional_tick_lots == 0


def test_only_what_has_changed_is_written() -> None:
    written = Written()
    portfolio = Portfolio(AccountLimits(), lambda now_ns, name, text: None)
    book = DayBook(written, portfolio)  # type: ignore[arg-type]
    one = market()
    book.follow(one, ACCOUNT)
    book.keep(1)
    book.keep(2)
    assert [type(entry) for entry in written.entries] == [DayKept]
    one.desk.trades.losing += 1
    portfolio.day, portfolio.peak = DAY, Decimal(7)
    book.keep(3)
    book.keep(4)
    assert [type(entry) for entry in written.entries] == [DayKept, DayKept, AccountDay]


def test_a_market_without_a_mark_has_no_figures() -> None:
    assert figures_of(market(marked=False), ACCOUNT) is None


def result(of: Market) -> tuple[int, int]:
    """Return what the day has lost since it began, and since it was best."""
    brakes = of.limits.brakes
    equity = brakes.equity_half_tick_lots
    return brakes.opening_half_tick_lots - equity, brakes.peak_half_tick_lots - equity


def test_money_that_is_moved_into_or_out_of_a_told_wallet_is_no_result() -> None:
    former, after = market(), market()
    former.desk.signals.mid_half_ticks = 11
    former.desk.orders.position_lots, former.desk.orders.cash_tick_lots = 7, 500
    after.desk.orders.position_lots, after.desk.orders.cash_tick_lots = 3, 900
    leave_out_moved(after, former)
    assert result(after) == result(former)
    moved = 2 * (900 - 500) + (3 - 7) * 11
    assert after.limits.brakes.equity_half_tick_lots == 40 + moved


def test_a_told_wallet_goes_on_from_the_result_before_whatever_it_is_worth_now() -> None:
    after = market()
    after.desk.orders.position_lots, after.desk.orders.cash_tick_lots = 3, 900
    go_on_from(after)
    mid_half_ticks = int(2 * PRICE / after.instrument.tick_size)
    assert after.limits.brakes.equity_half_tick_lots == 2 * 900 + 3 * mid_half_ticks
    assert result(after) == result(market())


def test_a_wallet_without_a_mark_has_no_result_to_go_on_from() -> None:
    after = market(marked=False)
    go_on_from(after)
    assert result(after) == result(market(marked=False))
