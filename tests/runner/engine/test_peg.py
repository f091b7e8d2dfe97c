"""A currency off its peg takes no new exposure until it is back, on paper, live and in a replay."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from connectors.model.instrument import Instrument
from runner.engine.account import Account, Stake, is_refused
from runner.engine.peg import is_off_peg
from runner.engine.portfolio import Holding, Portfolio
from runner.engine.risk import Limits
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.pegs import join_pegs
from runner.wiring.portfolio import portfolio_of, shares_limits
from runner.wiring.stakes import account_of
from strategies.desk import Desk
from tests.deploys import settings_for
from tests.runner.engine.test_account import NOW_NS, SECOND_NS, Day, Seen, hold

TRADED = ("markets.btc.instrument.quote=USDC", "rates.USDC='1'")
"""A market in USDC, and without a source its rate tells what it is worth."""
SOURCE = ("market=[btc,eth]", "markets.eth.instrument.base=USDC", *TRADED)
OFF = dict.fromkeys(("max_gross_notional_quote", "max_net_notional_quote", "max_open_orders"))
PAR = 20_000
"""Par in half ticks of 0.0001."""

WITH_SOURCE = settings_for("mode=replay", "profile=base", *SOURCE)


def deploy(settings: Settings) -> tuple[list[Market], Portfolio, Account, list[Stake]]:
    """Return a deploy's markets, and what refuses its orders live and in a replay."""
    account = settings.risk.account.model_copy(update=OFF)
    risk = settings.risk.model_copy(update={"account": account})
    settings = settings.model_copy(update={"risk": risk})
    markets = []
    for name, chosen in settings.markets.items():
        own = chosen.instrument
        tick = Decimal("0.0001") if own.base == "USDC" else own.tick_size
        instrument = Instrument(own.symbol, own.base, own.quote, tick, own.lot_size_base)
        markets.append(Market(name, "sim", instrument, Desk(), Limits(), Decimal(100)))
        hold(markets[-1], 5, 0, 0, 0, PAR if own.base == "USDC" else 200_000)
    made = portfolio_of(settings, lambda now_ns, market, text: None)
    for m in markets:
        made.gate(Holding(m.name, Seen(m.desk), m.desk.signals, Day(), Decimal(1)))
    join_pegs(settings, made, {m.name: m for m in markets})
    return markets, made, *account_of(settings, markets)


@given(st.lists(st.integers(0, 300), max_size=20))
def test_it_holds_from_the_outer_distance_to_the_inner_one(away: list[int]) -> None:
    is_off = False
    for distance in away:
        is_off = is_off_peg(is_off, distance, 200, 100)
        assert is_off or distance <= 200
        assert not is_off or distance > 100


@given(
    st.lists(
        st.tuples(st.integers(-300, 300), st.integers(0, 70), st.sampled_from((BUY, SELL))),
        min_size=1,
        max_size=12,
    )
)
def test_a_replay_refuses_what_the_portfolio_refuses(steps: list[tuple[int, int, int]]) -> None:
    markets, made, account, stakes = deploy(WITH_SOURCE)
    desks = [market.desk for market in markets]
    now_ns = NOW_NS
    for away, passed_s, side in steps:
        now_ns += passed_s * SECOND_NS
        desks[0].signals.seen_ns = now_ns
        desks[1].signals.mid_half_ticks = PAR + away
        desks[1].signals.seen_ns = now_ns if passed_s < 61 else now_ns - 61 * SECOND_NS
        for m, holding in enumerate(made.holdings):
            told = made._refusal(holding, side, 7, now_ns)
            assert is_refused(account, stakes, desks, m, side, 7, now_ns) == (told is not None)


@pytest.mark.parametrize("way", [1, -1])
def test_it_is_held_past_the_limit_to_the_half_tick_and_released_at_the_nearer_one(
    way: int,
) -> None:
    markets, made, _, _ = deploy(WITH_SOURCE)
    told: list[str] = []
    made.pegs[0].warn = lambda now_ns, market, text: told.append(text)
    btc, source = made.holdings

    def refused(away: int) -> str | None:
        markets[1].desk.signals.mid_half_ticks = PAR + way * away
        return made._refusal(btc, BUY, 1, NOW_NS)

    assert refused(200) is None
    assert refused(201) == "risk.peg.depeg_bps of USDC"
    assert refused(101) is not None
    assert made._refusal(source, BUY, 1, NOW_NS) is not None
    assert made._refusal(btc, SELL, 5, NOW_NS) is None
    assert refused(100) is None
    assert refused(200) is None
    assert told == [
        "USDC is off its peg: no order adds exposure in it",
        "USDC is at its peg again",
    ]


def test_a_peg_that_nobody_sees_is_held() -> None:
    markets, made, account, stakes = deploy(WITH_SOURCE)
    markets[1].desk.signals.sound = False
    desks = [market.desk for market in markets]
    assert made._refusal(made.holdings[0], BUY, 1, NOW_NS) is not None
    assert is_refused(account, stakes, desks, 0, BUY, 1, NOW_NS)


@pytest.mark.parametrize(("rate", "is_held"), [("0.99", False), ("0.9899", True), ("1.02", True)])
def test_without_a_market_the_rate_tells(rate: str, is_held: bool) -> None:
    words = ("mode=replay", "profile=base", "market=btc", *TRADED, f"rates.USDC='{rate}'")
    markets, made, account, stakes = deploy(settings_for(*words))
    desks = [market.desk for market in markets]
    assert (made._refusal(made.holdings[0], BUY, 1, NOW_NS) is not None) == is_held
    assert is_refused(account, stakes, desks, 0, BUY, 1, NOW_NS) == is_held
    assert made._refusal(made.holdings[0], SELL, 5, NOW_NS) is None


def test_markets_that_share_a_peg_replay_in_one_loop() -> None:
    free = ("risk.account.max_open_orders=null", "risk.account.max_daily_loss_quote=null")
    off = [f"risk.account.{name}=null" for name in (*OFF, "max_drawdown_quote")]
    words = ("mode=replay", "profile=base", *SOURCE, *free, *off)
    assert shares_limits(settings_for(*words))
    assert not shares_limits(settings_for(*words, "risk.peg.depeg_bps=null"))
    assert not shares_limits(settings_for(*words, "reporting_currency=EUR", "rates.USDT='1'"))
