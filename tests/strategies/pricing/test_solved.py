"""A price that is remembered is the one that would be made anew, whatever has changed."""

import pytest

from strategies.desk import Desk
from strategies.pricing.avellaneda_stoikov import price
from strategies.pricing.terms import AT_LIMIT, CAPPED, LINEAR, PLAIN
from tests.support import new_desk

NOW_NS = 10**18
PARTS = ("half_spread_bps", "skew_bps", "reservation_bps")
SECOND_NS = 1_000_000_000


def desk_of(skew: int) -> Desk:
    desk = new_desk(order_lots=10, max_position_lots=70, skew_at_limit_half_spreads=1.5)
    desk.params.skew = skew
    desk.params.max_ratio = 4.0
    desk.signals.sigma_live_bps = 2.0
    desk.signals.sigma_reference_bps = 1.6
    desk.quotes.inventory_clips = -2.5
    return desk


def priced(desk: Desk, now_ns: int = NOW_NS) -> list[float]:
    price(desk.params, desk.signals, desk.quotes, now_ns)
    return [getattr(desk.quotes, part) for part in PARTS]


CHANGES = {
    "signals.sigma_live_bps": 1.9,
    "signals.sigma_reference_bps": 1.7,
    "params.gamma": 0.37,
    "params.kappa": 2.75,
    "params.intensity_per_s": 0.21,
    "params.unit_bps": 3.0,
    "params.unit_horizon_s": 7.0,
    "params.risk_horizon_s": 3.0,
    "params.max_ratio": 1.01,
    "params.skew_at_limit_half_spreads": 0.5,
    "params.max_position_lots": 30,
    "params.order_lots": 7,
    "params.form": LINEAR,
    "quotes.inventory_clips": 4.0,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_any_term_is_priced(change: str) -> None:
    moved = []
    for skew in (0, PLAIN, CAPPED, AT_LIMIT):
        desk, fresh = desk_of(skew), desk_of(skew)
        before = priced(desk)
        part, name = change.split(".")
        for each in (desk, fresh):
            setattr(getattr(each, part), name, CHANGES[change])
        assert priced(desk) == priced(fresh)
        moved.append(priced(desk) != before)
    assert any(moved)


@pytest.mark.parametrize("skew", [0, PLAIN, CAPPED, AT_LIMIT])
def test_a_change_of_the_skew_is_priced(skew: int) -> None:
    desk = desk_of(AT_LIMIT if skew == 0 else 0)
    priced(desk)
    desk.params.skew = skew
    assert priced(desk) == priced(desk_of(skew))


def test_a_session_that_runs_out_is_priced_at_each_moment() -> None:
    desk = desk_of(PLAIN)
    desk.params.session_ns = 100 * SECOND_NS
    desk.params.session_start_ns = NOW_NS
    skews = [priced(desk, NOW_NS + k * SECOND_NS)[1] for k in (92, 94, 96)]
    assert skews[0] > skews[1] > skews[2] > 0.0


def test_nothing_is_made_anew_while_nothing_changes() -> None:
    desk = desk_of(0)
    half_bps, _, _ = priced(desk)
    desk.quotes.solved.half_spread_bps = half_bps + 1.0
    assert priced(desk)[0] == half_bps + 1.0
