"""The fair value is made of capped parts, and both sides are quoted around it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, LEAD, SELL
from connectors.model.orders import LEVELS
from strategies import reasons as why
from strategies.desk import Desk
from strategies.fair_value import MICRO, MID, WEIGHTED, capped
from strategies.quoting import decide, observe
from tests.support import MID_TICKS, MS, NOW_NS, SECOND_NS, checked, new_desk, show

TICK_BPS = 1e4 / MID_TICKS


def leaning(lots: tuple[int, int], half_spread: int = 100, **reference: float) -> Desk:
    """Return a desk that has decided on a book with these sizes at the touch."""
    desk = new_desk(warmup_s=0.0)
    knobs = desk.params.reference
    values = {"on": True, "most_bps": 5.0, "imbalance_cap_bps": 5.0, "flow_cap_bps": 5.0}
    for name, value in {**values, **reference}.items():
        setattr(knobs, name, value)
    desk.params.senses.on = desk.params.senses.touch = desk.params.senses.flow = True
    desk.params.senses.flow_tau_s = 1.0
    show(desk, MID_TICKS - half_spread, MID_TICKS + half_spread, NOW_NS, lots)
    decide(desk, NOW_NS)
    return desk


def centre(desk: Desk) -> float:
    return 0.5 * (desk.quotes.ticks[0] + desk.quotes.ticks[LEVELS])


@pytest.mark.parametrize(("lots", "offset"), [((9, 1), 80), ((1, 9), -80), ((5, 5), 0)])
@pytest.mark.parametrize("price", [WEIGHTED, MICRO])
def test_the_weighted_mid_lies_on_the_thin_side(
    price: int, lots: tuple[int, int], offset: int
) -> None:
    desk = leaning(lots, price=price)
    assert desk.quotes.fair_bps == pytest.approx(offset * TICK_BPS)
    assert centre(desk) == pytest.approx(MID_TICKS + offset, abs=1)
    assert bool(desk.quotes.reasons[BUY] & why.NO_MICROPRICE) is (price == MICRO)


def test_a_micro_price_comes_from_its_table() -> None:
    desk = new_desk(warmup_s=0.0)
    desk.params.reference.on, desk.params.reference.most_bps = True, 5.0
    desk.params.reference.price = MICRO
    desk.params.senses.on = desk.params.senses.touch = desk.params.senses.has_table = True
    desk.params.senses.table[1 * 10 + 9] = 0.7
    show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS, (99, 1))
    decide(desk, NOW_NS)
    assert desk.quotes.fair_bps == pytest.approx(0.7 * TICK_BPS)
    assert desk.quotes.reasons[BUY] & why.NO_MICROPRICE == 0


def test_imbalance_adds_its_part_up_to_its_cap() -> None:
    for beta, cap, part in ((1.0, 5.0, 0.8), (1.0, 0.5, 0.5), (-1.0, 0.5, -0.5)):
        desk = leaning((9, 1), price=MID, imbalance_bps=beta, imbalance_cap_bps=cap)
        assert desk.quotes.fair_imbalance_bps == pytest.approx(part)
        assert desk.quotes.fair_bps == pytest.approx(part)


def test_the_whole_is_capped_and_says_so() -> None:
    desk = leaning((9, 1), price=WEIGHTED, most_bps=0.3)
    assert desk.quotes.fair_price_bps == pytest.approx(0.8)
    assert desk.quotes.fair_bps == 0.3
    for side in (BUY, SELL):
        assert desk.quotes.reasons[side] & why.FAIR_CAPPED


def test_order_flow_adds_its_part_once_it_is_ready() -> None:
    desk = leaning((5, 5), price=MID, flow_bps=0.1)
    assert desk.quotes.fair_flow_bps == 0.0
    for k in range(1, 50):
        now_ns = NOW_NS + k * 100 * MS
        show(desk, MID_TICKS - 100, MID_TICKS + 100, now_ns, (5 + k, 5))
    decide(desk, NOW_NS + 5 * SECOND_NS)
    assert desk.quotes.fair_flow_bps > 0.0
    assert desk.quotes.fair_bps == desk.quotes.fair_flow_bps


def test_inventory_shifts_from_the_fair_value() -> None:
    desk = leaning((9, 1), price=WEIGHTED)
    desk.orders.position_lots = 30
    decide(desk, NOW_NS)
    shift = -desk.quotes.inventory_clips * desk.quotes.skew_bps
    assert desk.quotes.reservation_bps == pytest.approx(desk.quotes.fair_bps + shift)


@checked(200)
@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(0.0, 1000.0))
def test_a_part_is_finite_and_within_its_cap(part: float, most: float) -> None:
    assert abs(capped(part, most)) <= most
    assert math.isfinite(capped(part, most))


def led(move_bps: float, silent_ns: int = 0, **reference: float) -> Desk:
    """Return a desk whose lead stood at its mid for long, moved by so much, and then was silent."""
    desk = new_desk(warmup_s=0.0)
    desk.params.reference.on, desk.params.reference.most_bps = True, 50.0
    desk.params.reference.lead_cap_bps = 10.0
    for name, value in reference.items():
        setattr(desk.params.reference, name, value)
    knobs = desk.params.senses.lead
    desk.params.senses.on = knobs.on = True
    knobs.tick_ratio, knobs.tau_s, knobs.most_age_ns = 1.0, 1.0, SECOND_NS
    for k in range(21):
        now_ns = NOW_NS + k * 100 * MS
        show(desk, MID_TICKS - 100, MID_TICKS + 100, now_ns)
        told = round(2 * MID_TICKS * (1 + (move_bps if k == 20 else 0.0) / 1e4))
        observe(desk, [LEAD], [told], [0], 0, 1, now_ns)
    decide(desk, NOW_NS + 2 * SECOND_NS + silent_ns)
    return desk


def test_a_lead_moves_both_quotes_by_what_it_moved() -> None:
    desk = led(3.0)
    assert desk.quotes.fair_lead_bps == pytest.approx(3.0, abs=1e-3)
    assert desk.quotes.fair_bps == desk.quotes.fair_lead_bps
    assert desk.quotes.reasons[BUY] & (why.LEAD_STALE | why.LEAD_WARMING | why.FAIR_CAPPED) == 0


def test_a_lead_moves_the_fair_value_no_farther_than_its_cap_and_says_so() -> None:
    desk = led(-3.0, lead_cap_bps=2.0)
    assert desk.quotes.fair_bps == -2.0
    for side in (BUY, SELL):
        assert desk.quotes.reasons[side] & why.FAIR_CAPPED


def test_a_silent_lead_leaves_our_own_mid_and_says_so() -> None:
    desk = led(3.0, silent_ns=SECOND_NS + 1)
    assert desk.quotes.fair_bps == 0.0
    for side in (BUY, SELL):
        assert desk.quotes.reasons[side] & why.LEAD_STALE
    assert desk.quotes.lots[0] > 0
    assert desk.quotes.lots[LEVELS] > 0


def test_what_the_lead_says_is_not_news_of_our_own_market() -> None:
    """Else a market whose own feed is dead would be quoted for as long as its lead talks."""
    desk = led(0.0)
    seen_ns, events = desk.signals.seen_ns, desk.tally.events
    observe(desk, [LEAD], [2 * MID_TICKS], [0], 0, 1, NOW_NS + 5 * SECOND_NS)
    assert (desk.signals.seen_ns, desk.tally.events) == (seen_ns, events)
