"""The adverse part widens both sides alike, and says so."""

import pytest

from strategies import reasons as why
from strategies.quoting import decide
from tests.support import NOW_NS, shown_desk


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"adverse_bps": 0.7}, 0.7),
        ({"adverse_frac_of_unit": 0.5, "unit_bps": 3.0}, 1.5),
        ({"adverse_frac_of_unit": 0.5, "prior_bps": 0.5, "unit_horizon_s": 4.0}, 0.5),
    ],
)
def test_it_is_added_to_the_half_spread(params: dict[str, float], part: float) -> None:
    with_it = shown_desk(**params)
    without = shown_desk(**{**params, "adverse_bps": 0.0, "adverse_frac_of_unit": 0.0})
    for desk in (with_it, without):
        desk.orders.position_lots = 30
        decide(desk, NOW_NS)
    assert with_it.quotes.half_spread_bps == pytest.approx(without.quotes.half_spread_bps + part)
    assert with_it.quotes.reservation_bps == without.quotes.reservation_bps
    assert all(mask & why.WIDENED_ADVERSE for mask in with_it.quotes.reasons)
    assert not any(mask & why.WIDENED_ADVERSE for mask in without.quotes.reasons)
