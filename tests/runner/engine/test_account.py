"""A merged replay's account refuses and stops exactly as live's portfolio does."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, PLACE, SELL
from connectors.model.instrument import Instrument
from connectors.model.orders import Commands, add_command, begin, slot_of
from runner.engine.account import (
    DRAWDOWN,
    LOSS,
    WITHHELD,
    Account,
    Stake,
    is_refused,
    look_when_due,
    note_result,
    tell_withheld,
    withhold,
)
from runner.engine.logs import FillLog
from runner.engine.pools import KINDS
from runner.engine.portfolio import Holding, Portfolio
from runner.engine.risk import Limits
from runner.engine.watchdog import WATCH_NS
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.portfolio import pools_of, portfolio_of
from runner.wiring.stakes import account_of
from strategies.desk import Desk
from strategies.hedging import closes, hear_exposure
from strategies.trades import DAY_NS
from tests.deploys import settings_for

NOW_NS = 20_000 * DAY_NS + 1_000_000_000_000
SECOND_NS = 1_000_000_000
GRIDS = (("0.1", "0.001", "USDT"), ("0.01", "0.01", "USDT"), ("0.00005", "7", "USDC"))
RATE = Decimal("0.99973")

NAMES = ("btc", "eth", "sol")
BASE = settings_for(
    *("mode=replay", "market=[btc,eth,sol]", "profile=base", f"rates.USDC='{RATE}'"),
    *("markets.eth.underlying=BTC", "venue@markets.sol.venue=lighter"),
    *("markets.sol.venue.margin.mode=cross", "markets.sol.venue.margin.leverage=3"),
)
"""Two markets of one underlying, two of one venue, and one with leverage."""

lots = st.integers(-30, 30)
open_lots = st.integers(0, 30)
money = st.one_of(st.none(), st.integers(1, 4000).map(Decimal))


@dataclass
class Day:
    """A day's money, as brakes hold it."""

    is_marked: bool = True
    day: int = NOW_NS // DAY_NS
    equity_half_tick_lots: int = 0
    opening_half_tick_lots: int = 0


@dataclass
class Seen:
    """What an outbox would know of a desk whose orders have all left."""

    desk: Desk

    @property
    def position_lots(self) -> int:
        return self.desk.orders.position_lots

    @property
    def exposed_lots(self) -> list[int]:
        return self.desk.orders.exposed_lots

    @property
    def open_orders(self) -> int:
        return sum(status != 0 for status in self.desk.orders.status)


def market_of(k: int) -> Market:
    tick, lot, quote = GRIDS[k]
    instrument = Instrument(f"M{k}", f"M{k}", quote, Decimal(tick), Decimal(lot))
    return Market(NAMES[k], "sim", instrument, Desk(), Limits(), Decimal(100))


def limited(kind: str = "account", **limits: object) -> Settings:
    """Return settings with these limits of a kind of pool and no other."""
    risk = BASE.risk
    off = dict.fromkeys(name for name in type(risk.account).model_fields if "age" not in name)
    pools = {"account": risk.account.model_copy(update=off)}
    pools[kind] = pools.get(kind, getattr(risk, kind)).model_copy(update=limits)
    return BASE.model_copy(update={"risk": risk.model_copy(update=pools)})


def twins(
    markets: list[Market], settings: Settings
) -> tuple[Portfolio, list[Holding], Account, list[Stake]]:
    made = portfolio_of(settings, lambda now_ns, market, text: None)
    account, stakes = account_of(settings, markets)
    holdings = []
    for market in markets:
        worth = market.instrument.tick_size * market.instrument.lot_size_base / 2
        rate = RATE if market.instrument.quote == "USDC" else Decimal(1)
        signals = market.desk.signals
        holding = Holding(market.name, Seen(market.desk), signals, Day(), worth * rate)
        holding.pools = pools_of(settings, market.name)
        holding.leverage = settings.markets[market.name].capital_leverage
        holdings.append(holding)
        made.holdings.append(holdings[-1])
    return made, holdings, account, stakes


def hold(market: Market, position_lots: int, buys: int, sells: int, age_s: int, mid: int) -> None:
    """Set a market's state; its mark is `age_s` old, or never was sound."""
    orders, signals = market.desk.orders, market.desk.signals
    orders.position_lots = position_lots
    for side, lots in ((BUY, buys), (SELL, sells)):
        if lots:
            begin(orders, slot_of(side, 0, 0), side, 100, lots, NOW_NS)
    signals.sound = age_s >= 0
    signals.seen_ns = NOW_NS - age_s * SECOND_NS
    signals.mid_half_ticks = mid


@given(
    held=st.lists(
        st.tuples(lots, open_lots, open_lots, st.integers(-1, 90), st.integers(1, 400_000)),
        min_size=1,
        max_size=3,
    ),
    kind=st.sampled_from(KINDS),
    gross=money,
    net=money,
    capital=money,
    most_orders=st.one_of(st.none(), st.integers(1, 6)),
    share=st.sampled_from((None, Decimal("0.3"), Decimal("0.5"))),
    side=st.sampled_from((BUY, SELL)),
    wanted=st.integers(1, 30),
)
def test_it_refuses_what_the_portfolio_refuses(
    held: list[tuple[int, int, int, int, int]],
    kind: str,
    gross: Decimal | None,
    net: Decimal | None,
    capital: Decimal | None,
    most_orders: int | None,
    share: Decimal | None,
    side: int,
    wanted: int,
) -> None:
    markets = [market_of(k) for k in range(len(held))]
    for market, row in zip(markets, held, strict=True):
        hold(market, *row)
    settings = limited(
        kind,
        max_gross_notional_quote=gross,
        max_net_notional_quote=net,
        max_capital_quote=capital,
        max_market_share_frac=share,
        **({"max_open_orders": most_orders} if kind == "account" else {}),
    )
    portfolio, holdings, account, stakes = twins(markets, settings)
    for m, holding in enumerate(holdings):
        expected = portfolio._refusal(holding, side, wanted, NOW_NS) is not None
        desks = [market.desk for market in markets]
        assert is_refused(account, stakes, desks, m, side, wanted, NOW_NS) == expected


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 1), st.integers(-40_000_000, 40_000_000), st.integers(1, 900)),
        min_size=1,
        max_size=12,
    ),
    loss=money,
    fall=money,
)
def test_it_stops_all_when_the_portfolio_kills(
    steps: list[tuple[int, int, int]], loss: Decimal | None, fall: Decimal | None
) -> None:
    markets = [market_of(k) for k in range(2)]
    portfolio, holdings, account, stakes = twins(
        markets, limited(max_daily_loss_quote=loss, max_drawdown_quote=fall)
    )
    desks = [market.desk for market in markets]
    now_ns = NOW_NS
    killed = False
    for m, won, passed in steps:
        holdings[m].day.equity_half_tick_lots = won
        note_result(stakes[m], NOW_NS // DAY_NS, won)
        now_ns += passed * WATCH_NS
        killed = killed or portfolio.look(now_ns) is not None
        look_when_due(account, stakes, desks, now_ns)
        assert (account.stopped_by in (LOSS, DRAWDOWN)) == killed
        assert [desk.stopping for desk in desks] == [killed, killed]


@pytest.mark.parametrize(("lots", "passes"), [(4, True), (5, True), (6, False)])
def test_a_hedge_passes_a_full_limit_as_long_as_it_only_takes_the_net_down(
    lots: int, passes: bool
) -> None:
    made, hedge = markets = [market_of(0), market_of(1)]
    hold(made, 9, 0, 0, 0, 200_000)
    hold(hedge, 0, 0, 2, 0, 200_000)
    hedge.desk.params.hedge.on = True
    hedge.desk.params.hedge.lot_grains = 10
    hear_exposure(hedge.desk, True, 70, NOW_NS)
    limits = limited(max_gross_notional_quote=Decimal(1))
    portfolio, holdings, account, stakes = twins(markets, limits)
    holdings[1].closes = lambda side, lots: closes(hedge.desk, side, lots)
    refused = portfolio._refusal(holdings[1], SELL, lots, NOW_NS)
    desks = [market.desk for market in markets]
    assert (refused is None) == passes
    assert is_refused(account, stakes, desks, 1, SELL, lots, NOW_NS) != passes
    assert is_refused(account, stakes, desks, 1, BUY, lots, NOW_NS)
    hear_exposure(hedge.desk, False, 70, NOW_NS)
    assert is_refused(account, stakes, desks, 1, SELL, lots, NOW_NS)


def test_what_is_withheld_is_told_with_the_next_batch_and_counts_no_more() -> None:
    market = market_of(0)
    hold(market, 0, 0, 0, 0, 200_000)
    _, _, account, stakes = twins([market], limited(max_gross_notional_quote=Decimal(30)))
    desk, commands, fills = market.desk, Commands(), FillLog()
    for level, lots in ((0, 1), (1, 5), (2, 1)):
        client_id = slot_of(BUY, level, 0)
        add_command(commands, PLACE, client_id, BUY, 100_000, lots)
        begin(desk.orders, client_id, BUY, 100_000, lots, NOW_NS)
    withhold(account, stakes, [desk], commands, 0, NOW_NS)
    assert commands.refused[:3] == [0, WITHHELD, 0]
    assert desk.orders.exposed_lots[BUY] == 7
    tell_withheld(stakes[0], desk, commands, fills, NOW_NS + 1)
    assert desk.orders.exposed_lots[BUY] == 2
    assert desk.tally.rejected == 1
    tell_withheld(stakes[0], desk, commands, fills, NOW_NS + 2)
    assert desk.tally.rejected == 1


def test_a_tape_that_has_ended_leaves_its_mark() -> None:
    markets = [market_of(0), market_of(1)]
    hold(markets[0], 5, 0, 0, 90, 200_000)
    hold(markets[1], 0, 0, 0, 0, 200_000)
    _, _, account, stakes = twins(markets, limited(max_gross_notional_quote=Decimal(100_000)))
    desks = [market.desk for market in markets]
    assert is_refused(account, stakes, desks, 1, BUY, 1, NOW_NS)
    stakes[0].is_over = True
    assert not is_refused(account, stakes, desks, 1, BUY, 1, NOW_NS)
