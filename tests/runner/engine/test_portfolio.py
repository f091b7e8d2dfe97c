"""Whatever is sent, filled or unknown: the account's limits hold, and what reduces passes."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    AccountRows,
)
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.outbox import LedgerOutbox
from runner.engine.pools import PoolLimits
from runner.engine.portfolio import AccountLimits, Holding, Portfolio, worst_gross, worst_net
from runner.engine.warnings import Warnings
from strategies.trades import DAY_NS
from tests.runner.engine.books import Books
from tests.runner.engine.ledger.made import ACCOUNT, TERMS, order_row
from tests.virtual import SetClock

NOW_NS = 1_000_000_000_000
UNIT = Decimal("0.5")
"""Worth of a half tick times a lot, so that a lot at 200 half ticks is worth 100."""


@dataclass
class Mark:
    """A price that the test sets."""

    sound: bool = True
    seen_ns: int = NOW_NS
    mid_half_ticks: int = 200


@dataclass
class Money:
    """A day's money that the test sets."""

    is_marked: bool = True
    day: int = 0
    equity_half_tick_lots: int = 0
    opening_half_tick_lots: int = 0


@dataclass
class Open:
    """A position and open orders that the test sets."""

    position_lots: int = 0
    exposed_lots: list[int] = field(default_factory=lambda: [0, 0])
    open_orders: int = 0


def held(position_lots: int = 0, *, buys: int = 0, sells: int = 0, rated: bool = True) -> Holding:
    exposed = Open(position_lots, [buys, sells], (buys > 0) + (sells > 0))
    return Holding("m", exposed, Mark(), Money(), UNIT if rated else None)


def portfolio(limits: AccountLimits, *others: Holding) -> Portfolio:
    made = Portfolio(limits, lambda now_ns, market, text: None)
    for other in others:
        made.gate(other)
    return made


GROSS = AccountLimits(max_gross_notional_quote=Decimal(1000))


def test_every_open_order_of_every_market_counts() -> None:
    gate = portfolio(GROSS, held(-2, sells=3)).gate(held(1, buys=3))
    assert gate(BUY, 1, NOW_NS) is None
    assert gate(BUY, 2, NOW_NS) == "risk.account.max_gross_notional_quote"


def test_only_the_larger_side_of_a_market_counts() -> None:
    gate = portfolio(GROSS).gate(held(buys=10))
    assert gate(SELL, 10, NOW_NS) is None
    assert gate(SELL, 11, NOW_NS) == "risk.account.max_gross_notional_quote"


def test_no_market_takes_more_than_its_share() -> None:
    limits = AccountLimits(
        max_gross_notional_quote=Decimal(1000), max_market_share_frac=Decimal("0.4")
    )
    gate = portfolio(limits).gate(held())
    assert gate(BUY, 4, NOW_NS) is None
    assert gate(BUY, 5, NOW_NS) == "risk.account.max_market_share_frac"


CAPITAL = PoolLimits(max_capital_quote=Decimal(500), max_market_share_frac=Decimal("0.6"))


@pytest.mark.parametrize("kind", ["underlying", "venue"])
@pytest.mark.parametrize(
    ("limits", "most", "name"),
    [
        (PoolLimits(max_gross_notional_quote=Decimal(1000)), 7, "max_gross_notional_quote"),
        (PoolLimits(max_net_notional_quote=Decimal(1000)), 7, "max_net_notional_quote"),
        (PoolLimits(max_capital_quote=Decimal(500)), 7, "max_capital_quote"),
        (CAPITAL, 6, "max_market_share_frac"),
    ],
)
def test_a_pool_is_full_to_the_lot_and_another_one_is_not(
    kind: str, limits: PoolLimits, most: int, name: str
) -> None:
    full, own, free = held(3), held(), held()
    for holding, pool in ((full, "one"), (own, "one"), (free, "two")):
        holding.pools = ("", pool, "") if kind == "underlying" else ("", "", pool)
        holding.leverage = Decimal(2)
    made = portfolio(AccountLimits(), full)
    made.by_underlying, made.by_venue = (
        (limits, PoolLimits()) if kind == "underlying" else (PoolLimits(), limits)
    )
    gate, other = made.gate(own), made.gate(free)
    assert gate(BUY, most, NOW_NS) is None
    assert gate(BUY, most + 1, NOW_NS) == f"risk.{kind}.{name}"
    assert gate(SELL, 3, NOW_NS) is None
    assert other(BUY, most, NOW_NS) is None


def test_what_one_market_has_bound_is_left_to_it_and_the_rest_to_the_others() -> None:
    limits = AccountLimits(max_capital_quote=Decimal(1000))
    early, late = held(5, buys=3), held()
    made = portfolio(limits, early)
    gate = made.gate(late)
    assert gate(BUY, 2, NOW_NS) is None
    assert gate(BUY, 3, NOW_NS) == "risk.account.max_capital_quote"
    early.exposed.exposed_lots[BUY] = 0
    assert gate(BUY, 5, NOW_NS) is None


def test_a_hedge_is_not_counted_on_to_stay() -> None:
    limits = AccountLimits(max_net_notional_quote=Decimal(500))
    gate = portfolio(limits, held(-5)).gate(held(4))
    assert gate(BUY, 1, NOW_NS) is None
    assert gate(BUY, 2, NOW_NS) == "risk.account.max_net_notional_quote"


def test_open_orders_are_counted_over_all_markets() -> None:
    gate = portfolio(AccountLimits(max_open_orders=2), held(buys=1)).gate(held(sells=1))
    assert gate(BUY, 1, NOW_NS) == "risk.account.max_open_orders"


@pytest.mark.parametrize("where", ["its own", "another"])
def test_an_old_mark_is_not_a_small_one(where: str) -> None:
    other, own = held(1), held()
    gate = portfolio(GROSS, other).gate(own)
    broken = own if where == "its own" else other
    broken.marked.seen_ns = NOW_NS - GROSS.max_mark_age_ns - 1
    assert gate(BUY, 1, NOW_NS) == "risk.account.max_mark_age_s"


def test_a_mark_that_is_no_longer_sound_is_used_while_it_is_young() -> None:
    other = held(9)
    made = portfolio(GROSS, other)
    gate = made.gate(held())
    made.look(NOW_NS)
    other.marked.sound = False
    assert gate(BUY, 1, NOW_NS + GROSS.max_mark_age_ns + 1) == "risk.account.max_mark_age_s"
    assert gate(BUY, 2, NOW_NS) == "risk.account.max_gross_notional_quote"


def test_a_market_without_a_mark_or_a_rate_adds_no_risk_but_reduces() -> None:
    unmarked = held(2)
    unmarked.marked.sound = False
    for holding in (unmarked, held(2, rated=False)):
        gate = portfolio(GROSS).gate(holding)
        assert gate(BUY, 1, NOW_NS) == "risk.account.max_mark_age_s"
        assert gate(SELL, 3, NOW_NS) == "risk.account.max_mark_age_s"
        assert gate(SELL, 2, NOW_NS) is None


def test_a_market_that_holds_nothing_may_be_without_a_mark() -> None:
    idle = held()
    idle.marked.sound = False
    assert portfolio(GROSS, idle).gate(held())(BUY, 1, NOW_NS) is None


def test_a_wallet_is_held_before_it_trades() -> None:
    wallet = held()
    wallet.wallet_lots = 4
    gate = portfolio(GROSS).gate(wallet)
    assert gate(BUY, 6, NOW_NS) is None
    assert gate(BUY, 7, NOW_NS) == "risk.account.max_gross_notional_quote"


def test_losses_of_all_markets_kill_together() -> None:
    limits = AccountLimits(max_daily_loss_quote=Decimal(100))
    one, two = held(), held()
    made = portfolio(limits, one, two)
    one.day.equity_half_tick_lots = two.day.equity_half_tick_lots = -99
    assert made.look(0) is None
    two.day.equity_half_tick_lots = -101
    assert "max_daily_loss_quote" in str(made.look(0))
    assert made.look(DAY_NS) is None


def test_a_fall_from_the_days_best_kills() -> None:
    limits = AccountLimits(max_drawdown_quote=Decimal(100))
    one = held()
    made = portfolio(limits, one)
    one.day.equity_half_tick_lots = 300
    assert made.look(0) is None
    one.day.equity_half_tick_lots = 101
    assert made.look(0) is None
    one.day.equity_half_tick_lots = 100
    assert "max_drawdown_quote" in str(made.look(0))


def test_a_refusal_is_told_once_a_minute() -> None:
    told: list[str] = []
    made = Portfolio(GROSS, lambda now_ns, market, text: told.append(text))
    gate = made.gate(held())
    for _ in range(5):
        gate(BUY, 11, NOW_NS)
    assert told == ["risk.account.max_gross_notional_quote refuses orders that add risk"]
    gate(BUY, 11, NOW_NS + 60_000_000_000)
    assert len(told) == 2


MARKETS = ("a", "b", "c")
LIMITS = AccountLimits(
    max_gross_notional_quote=Decimal(2500),
    max_net_notional_quote=Decimal(1500),
    max_market_share_frac=Decimal("0.5"),
    max_open_orders=6,
)
picks = st.integers(0, 1000)


class Accounts(RuleBasedStateMachine):
    """Three markets with real outboxes on one ledger; the venue says anything that is not a lie."""

    @initialize()
    def begin(self) -> None:
        clock = SetClock(NOW_NS)
        self.store = Store(None, dict.fromkeys(MARKETS, TERMS))
        writer = DirectWriter(self.store, clock)
        self.portfolio = portfolio(LIMITS)
        self.outboxes = {
            name: LedgerOutbox(name, ACCOUNT, Books(), writer, clock, Warnings(), 0, 0)
            for name in MARKETS
        }
        self.holdings = {}
        for name, outbox in self.outboxes.items():
            self.holdings[name] = Holding(name, outbox, Mark(), Money(), UNIT)
            outbox.gate = self.portfolio.gate(self.holdings[name])
        self.portfolio.look(NOW_NS)
        self.ids = 0
        self.trades = 0
        self.refused = 0

    @rule(name=st.sampled_from(MARKETS), side=st.sampled_from((BUY, SELL)), lots=st.integers(1, 9))
    def place(self, name: str, side: int, lots: int) -> None:
        outbox = self.outboxes[name]
        self.ids += 1
        position = outbox.position_lots if side == SELL else -outbox.position_lots
        reduces = outbox.exposed_lots[side] + lots <= position
        before = len(outbox.orders)
        outbox.place(self.ids, side, 100, lots)
        passed = len(outbox.orders) == before + 1
        assert passed or not reduces
        if not passed:
            self.refused += 1
            row = order_row(self.store, self.ids)
            assert (row["refused_code"], row["sent_ns"]) == (Refusal.ACCOUNT_LIMIT, None)
            told = outbox.take(AccountRows())
            assert (told.kind[-1], told.client_id[-1]) == (REJECTED, self.ids)

    @precondition(lambda self: any(o.orders for o in self.outboxes.values()))
    @rule(pick=picks, kind=st.sampled_from((ACCEPTED, CANCELLED, REJECTED, OUTCOME_UNKNOWN)))
    def say(self, pick: int, kind: int) -> None:
        outbox, client_id = self._pick(pick)
        order = outbox.orders[client_id]
        self._tell(outbox, kind, client_id, order.side, order.open_lots, 0)

    @precondition(lambda self: any(o.orders for o in self.outboxes.values()))
    @rule(pick=picks, lots=st.integers(1, 9), times=st.integers(1, 2))
    def fill(self, pick: int, lots: int, times: int) -> None:
        outbox, client_id = self._pick(pick)
        order = outbox.orders[client_id]
        lots = min(lots, order.open_lots)
        self.trades += 1
        for _ in range(times):
            self._tell(outbox, FILLED, client_id, order.side, lots, self.trades)

    @precondition(lambda self: any(o.orders for o in self.outboxes.values()))
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        outbox, client_id = self._pick(pick)
        outbox.cancel(client_id)

    def _tell(
        self, outbox: LedgerOutbox, kind: int, client_id: int, side: int, lots: int, trade_id: int
    ) -> None:
        rows = AccountRows()
        rows.add(kind, client_id, side, 100, lots, 0, trade_id, NOW_NS, NOW_NS)
        outbox.take(rows)

    def _pick(self, pick: int) -> tuple[LedgerOutbox, int]:
        every = [(o, i) for o in self.outboxes.values() for i in sorted(o.orders)]
        return every[pick % len(every)]

    @invariant()
    def the_worst_that_may_become_of_it_is_inside(self) -> None:
        holdings = list(self.holdings.values())
        assert worst_gross(holdings) <= Decimal(2500)
        assert worst_net(holdings) <= Decimal(1500)
        for holding in holdings:
            assert worst_gross([holding]) <= Decimal(1250)

    @invariant()
    def what_is_open_is_what_the_ledger_says_is_open(self) -> None:
        for name, outbox in self.outboxes.items():
            assert sorted(outbox.orders) == list(self.store.open_orders(name))
            for side in (BUY, SELL):
                found = [o.open_lots for o in outbox.orders.values() if o.side == side]
                assert outbox.exposed_lots[side] == sum(found)

    def teardown(self) -> None:
        self.store.close()


TestAccounts = Accounts.TestCase


@given(st.integers(-30, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 30))
def test_a_reducing_order_passes_whatever_else_is_over_its_limit(
    position_lots: int, buys: int, sells: int, lots: int
) -> None:
    over = held(1000, buys=500)
    over.marked.sound = False
    gate = portfolio(LIMITS, over).gate(held(position_lots, buys=buys, sells=sells))
    if sells + lots <= position_lots:
        assert gate(SELL, lots, NOW_NS) is None
    if buys + lots <= -position_lots:
        assert gate(BUY, lots, NOW_NS) is None
