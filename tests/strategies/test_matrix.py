"""Every strategy leans, widens and stops as a maker does, as configured out of the box."""

from decimal import Decimal

import pytest

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from runner.wiring.markets import market_of
from strategies.desk import Desk
from strategies.holding import adopt
from strategies.quoting import decide
from strategies.units import price_ticks
from tests.deploys import settings_for
from tests.strategies.deployments import remember, solve
from tests.support import MID_TICKS, NOW_NS, show

STRATEGIES = {
    "avellaneda_stoikov": ("strategy=avellaneda_stoikov",),
    "glft": ("strategy=glft",),
    "cartea_jaimungal": ("strategy=cartea_jaimungal",),
    "linear": ("strategy=linear",),
    "hybrid": ("strategy=hybrid", "gates=hybrid"),
}
TICK = 1


@pytest.fixture(params=STRATEGIES)
def fresh(request: pytest.FixtureRequest) -> Desk:
    """Return a market of the strategy that has seen a calm, two-sided book for long."""
    settings = settings_for("market=btc", *STRATEGIES[request.param])
    desk = market_of("btc", 0, settings, Decimal(100_000), NOW_NS).desk
    show(desk, MID_TICKS - 1, MID_TICKS + 1)
    return desk


def decided(desk: Desk, share: float = 0.0, live: float = 1.0, reference: float = 1.0) -> Desk:
    """Decide with this share of the position limit held, and these volatilities [bps/sqrt(s)]."""
    desk.orders.position_lots = int(share * desk.params.max_position_lots)
    adopt(desk.holding, desk.orders.position_lots, float(MID_TICKS), NOW_NS)
    remember(desk, live, reference)
    show(desk, MID_TICKS - 1, MID_TICKS + 1)
    solve(desk)
    decide(desk, NOW_NS)
    return desk


def distances(desk: Desk) -> tuple[int, int]:
    """Return how far bid and ask stand from mid, in ticks."""
    quotes = desk.quotes
    return MID_TICKS - quotes.ticks[BUY * LEVELS], quotes.ticks[SELL * LEVELS] - MID_TICKS


def lots(desk: Desk) -> tuple[int, int]:
    return desk.quotes.lots[BUY * LEVELS], desk.quotes.lots[SELL * LEVELS]


def test_flat_is_symmetric(fresh: Desk) -> None:
    desk = decided(fresh)
    bid, ask = distances(desk)
    assert bid > 0
    assert abs(bid - ask) <= TICK
    assert lots(desk) == (desk.params.order_lots, desk.params.order_lots)


@pytest.mark.parametrize("sign", [1, -1])
def test_inventory_leans_the_reservation_price_away(fresh: Desk, sign: int) -> None:
    desk = decided(fresh, 0.2 * sign)
    reservation = price_ticks(float(MID_TICKS), desk.quotes.reservation_bps)
    assert sign * (reservation - MID_TICKS) < 0
    bid, ask = distances(desk)
    assert sign * (bid - ask) > 0


@pytest.mark.parametrize(("sigma", "sign"), [(3.0, 1), (0.4, -1)])
def test_a_wilder_market_is_quoted_wider_and_a_calmer_one_tighter(
    fresh: Desk, sigma: float, sign: int
) -> None:
    usual = sum(distances(decided(fresh)))
    assert sign * (sum(distances(decided(fresh, 0.0, sigma, sigma))) - usual) > 0


@pytest.mark.parametrize("sign", [1, -1])
def test_at_the_limit_only_the_reducing_side_is_left(fresh: Desk, sign: int) -> None:
    heavy, light = lots(decided(fresh, sign))[::sign]
    assert heavy == 0
    assert light > 0
