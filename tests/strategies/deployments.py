"""Draw desks from the whole range of settings, markets and positions."""

from typing import Any

from hypothesis import strategies as st

from strategies.desk import Desk
from strategies.pricing.choice import AVELLANEDA_STOIKOV, GLFT
from strategies.pricing.glft import AUTO, CLOSED, EXACT
from strategies.pricing.terms import AT_LIMIT, CAPPED, LINEAR, PLAIN, SATURATED, VARIANCE
from strategies.pricing.value import UNDER_WAY
from strategies.quoting import decide
from strategies.signals.volatility import read
from tests.support import NOW_NS, SECOND_NS, new_desk, show

KNOBS = st.fixed_dictionaries(
    {
        "model": st.sampled_from((AVELLANEDA_STOIKOV, GLFT)),
        "form": st.sampled_from((VARIANCE, LINEAR)),
        "gamma": st.floats(0.01, 1.0),
        "kappa": st.floats(0.5, 10.0),
        "intensity_per_s": st.floats(0.001, 1000.0),
        "unit_horizon_s": st.floats(0.1, 3600.0),
        "unit_bps": st.one_of(st.just(0.0), st.floats(0.01, 1000.0)),
        "risk_horizon_s": st.one_of(st.just(0.0), st.floats(0.1, 86_400.0)),
        "session_ns": st.sampled_from((0, 60 * SECOND_NS, 86_400 * SECOND_NS)),
        "skew": st.sampled_from((SATURATED, PLAIN, AT_LIMIT, CAPPED)),
        "method": st.sampled_from((AUTO, CLOSED, EXACT)),
        "execution_gamma": st.one_of(st.just(0.0), st.floats(0.01, 1.0)),
        "min_time_left_frac": st.floats(0.0, 1.0),
        "session_rolls": st.booleans(),
        "skew_at_limit_half_spreads": st.floats(0.0, 100.0),
        "min_edge_bps": st.floats(0.0, 20.0),
        "maker_fee_bps": st.floats(-2.0, 10.0),
        "levels": st.integers(1, 8),
        "level_step_bps": st.floats(0.0, 100.0),
        "level_size_frac": st.floats(0.05, 3.0),
        "size_skew_frac": st.floats(0.0, 1.0),
        "tolerance_bps": st.floats(0.0, 10.0),
        "min_lots": st.integers(1, 20),
        "min_notional_tick_lots": st.sampled_from((0.0, 1e3, 1e8)),
        "slots_per_level": st.sampled_from((1, 2)),
        "max_ratio": st.floats(1.0, 20.0),
    }
)


@st.composite
def deployments(draw: st.DrawFn, /, **fixed: Any) -> Desk:
    """Draw a desk that has seen a market and holds a position; `fixed` settings are not drawn."""
    params = draw(KNOBS)
    spreads = sorted((draw(st.floats(0.0, 1000.0)), draw(st.floats(0.0, 1000.0))))
    params["min_spread_bps"], params["max_spread_bps"] = spreads
    params["order_lots"] = draw(st.integers(1, 1000))
    params["max_position_lots"] = params["order_lots"] * draw(st.integers(1, 50))
    params["min_position_lots"] = draw(st.sampled_from((0, -params["max_position_lots"])))
    desk = new_desk(**{**params, **fixed})
    limit = desk.params.max_position_lots
    desk.orders.position_lots = draw(st.integers(-limit - limit // 2, limit + limit // 2))
    bid = draw(st.one_of(st.integers(1, 50), st.integers(50, 10**8)))
    show(desk, bid, bid + draw(st.integers(1, 1000)))
    remember(desk, draw(st.floats(0.05, 50.0)), draw(st.floats(0.05, 50.0)))
    solve(desk)
    return desk


def solve(desk: Desk) -> None:
    """Decide until no value function is under way; take the closed form if it lasts."""
    for _ in range(30):
        decide(desk, NOW_NS)
        if desk.value.status != UNDER_WAY:
            return
    desk.params.method = CLOSED


def remember(desk: Desk, live_bps: float, reference_bps: float) -> None:
    """Give the desk a long memory of these volatilities."""
    volatility = desk.volatility
    volatility.seen_s = 1e9
    volatility.live_den = volatility.reference_den = 1.0
    volatility.live_num = live_bps * live_bps * 1e-8
    volatility.reference_num = reference_bps * reference_bps * 1e-8
    read(volatility, desk.params, desk.signals)


def decided(desk: Desk, **changes: Any) -> Desk:
    """Decide with some parameters changed, and return the same desk."""
    for name, value in changes.items():
        setattr(desk.params, name, value)
    decide(desk, NOW_NS)
    return desk
