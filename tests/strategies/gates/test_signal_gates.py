"""The gates that read signals fire and release by their definition."""

import pytest

from connectors.model.events import BUY, SELL, TRADE_SELL
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates import bad_fills, toxicity
from strategies.quoting import observe
from strategies.senses import observe_fill
from strategies.signals import adx, rolling
from strategies.signals.markout import series
from tests.strategies.gates.desks import at, gated, has, sizes
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, show

KILL = {
    "threshold_units": 0.5,
    "t": 2.0,
    "min_fills": 10,
    "median_bps": 0.1,
    "pause_ns": 60 * SECOND_NS,
    "probe_frac": 0.5,
    "probe_fills": 3,
    "release_units": 0.2,
}


def followed(gate: str, knobs: dict[str, float], **switches: float) -> Desk:
    """Return a desk with a gate on and the signals that it reads."""
    desk = gated(gate, knobs=knobs, unit_bps=1.0)
    for name, value in {"on": True, **switches}.items():
        setattr(desk.params.senses, name, value)
    show(desk, MID_TICKS - 1, MID_TICKS + 1, NOW_NS)
    return desk


def remember(desk: Desk, side: int, bps: float, count: int, now_ns: int = NOW_NS) -> None:
    """Give a side fills of this markout at 1 s, each a stretch of its own and 10 % apart."""
    for k in range(count):
        value = bps * (1.0 + (0.1 if k % 2 else -0.1))
        stamp = now_ns + k * 20 * SECOND_NS
        rolling.add(desk.senses.markouts.windows, series(side, 0), value, stamp)


@pytest.mark.parametrize(
    ("bps", "count", "held"),
    [(-0.6, 10, True), (-0.6, 9, False), (-0.4, 50, False), (0.6, 50, False)],
)
def test_a_bad_side_is_paused_and_the_other_is_not(bps: float, count: int, held: bool) -> None:
    desk = followed("bad_fills", KILL, markouts=True)
    remember(desk, SELL, bps, count)
    assert sizes(at(desk)) == (10, 0 if held else 10)
    assert has(desk, SELL, why.BAD_FILLS) is held
    assert not has(desk, BUY, why.BAD_FILLS)


def test_the_median_rule_is_a_constant() -> None:
    desk = followed("bad_fills", {**KILL, "rule": bad_fills.MEDIAN}, markouts=True)
    remember(desk, BUY, -0.2, 10)
    assert has(at(desk), BUY, why.BAD_FILLS)


@pytest.mark.parametrize(("probe_bps", "released"), [(-0.1, True), (-0.3, False)])
def test_after_the_pause_probes_decide(probe_bps: float, released: bool) -> None:
    desk = followed("bad_fills", KILL, markouts=True)
    remember(desk, BUY, -1.0, 20)
    at(desk)
    assert sizes(at(desk, NOW_NS + 60 * SECOND_NS - 1)) == (0, 10)
    probing_ns = NOW_NS + 60 * SECOND_NS
    assert sizes(at(desk, probing_ns)) == (5, 10)
    assert has(desk, BUY, why.PROBING)
    remember(desk, BUY, probe_bps, 2, probing_ns)
    assert sizes(at(desk, probing_ns + SECOND_NS)) == (5, 10)
    remember(desk, BUY, probe_bps, 1, probing_ns)
    assert sizes(at(desk, probing_ns + 2 * SECOND_NS)) == ((10, 10) if released else (0, 10))


def test_fills_reach_the_markouts() -> None:
    desk = followed("bad_fills", KILL, markouts=True)
    observe_fill(desk.senses, desk.params.senses, BUY, MID_TICKS + 5, NOW_NS)
    show(desk, MID_TICKS - 101, MID_TICKS - 99, NOW_NS + 2 * SECOND_NS)
    show(desk, MID_TICKS - 101, MID_TICKS - 99, NOW_NS + 6 * SECOND_NS)
    windows = desk.senses.markouts.windows
    assert rolling.mean(windows, series(BUY, 0)) == pytest.approx(-0.05)
    assert rolling.mean(windows, series(BUY, 1)) == pytest.approx(-1.05)


def test_trends_are_stayed_out_of_with_hysteresis() -> None:
    desk = followed("regime", {"most": 25.0, "release": 23.0}, trend=True, bar_ns=SECOND_NS)
    trend = desk.senses.adx
    trend.count, trend.value = adx.WARM_BARS - 1, 40.0
    assert sizes(at(desk)) == (10, 10)
    trend.count = adx.WARM_BARS
    quotes = []
    for trend.value in (24.9, 25.0, 23.0, 22.9, 24.0):
        quotes.append(sizes(at(desk)) == (10, 10))
        assert has(desk, BUY, why.TRENDING) is not quotes[-1]
    assert quotes == [True, False, False, True, True]


FLOW = {
    "excitement": True,
    "baseline_per_s": 0.7,
    "self_per_s": 1.2,
    "cross_per_s": 0.2,
    "decay_per_s": 2.0,
}


def sell_into(desk: Desk, orders: int, now_ns: int) -> None:
    """Let so many market orders hit the bids at once."""
    for k in range(orders):
        observe(desk, [TRADE_SELL], [MID_TICKS - 1], [1], 0, 1, now_ns + k)


def test_toxicity_is_unknown_and_so_the_worst_before_the_flow_is_known() -> None:
    knobs = {"calm": 0.5, "toxic": 4.0, "wider_units": 0.3}
    desk = followed("toxicity", knobs, **FLOW)
    assert [toxicity.toxicity_of(desk, side) for side in (BUY, SELL)] == [1.0, 1.0]
    assert at(desk).quotes.wider_bps == [0.3, 0.3]


def test_sellers_in_a_row_widen_the_bid_more_than_the_ask() -> None:
    knobs = {"calm": 0.5, "toxic": 4.0, "wider_units": 0.3}
    desk = followed("toxicity", knobs, **FLOW)
    later_ns = NOW_NS + 3600 * SECOND_NS
    show(desk, MID_TICKS - 1, MID_TICKS + 1, later_ns)
    assert at(desk, later_ns).quotes.wider_bps == [0.0, 0.0]
    assert desk.quotes.reasons == [0, 0]
    sell_into(desk, 6, later_ns)
    bid_bps, ask_bps = at(desk, later_ns + 9).quotes.wider_bps
    assert 0.3 >= bid_bps > ask_bps
    assert has(desk, BUY, why.TOXIC_FLOW)
    show(desk, MID_TICKS - 1, MID_TICKS + 1, later_ns + 60 * SECOND_NS)
    assert at(desk, later_ns + 60 * SECOND_NS).quotes.wider_bps == [0.0, 0.0]


def test_a_sweep_is_one_order() -> None:
    calm = followed("toxicity", {"calm": 0.5, "toxic": 4.0}, sweep_gap_ns=1000, **FLOW)
    wild = followed("toxicity", {"calm": 0.5, "toxic": 4.0}, sweep_gap_ns=0, **FLOW)
    for desk in (calm, wild):
        sell_into(desk, 5, NOW_NS)
    assert calm.senses.hawkes.excitation[SELL] == pytest.approx(1.2)
    assert wild.senses.hawkes.excitation[SELL] == pytest.approx(6.0)
