"""No gate, whatever its knobs, the market or the position, narrows or grows a side."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from strategies import reasons as why
from strategies.desk import Desk
from strategies.holding import adopt
from tests.strategies.deployments import deployments
from tests.strategies.gates.desks import at, fill, turn_on
from tests.support import NOW_NS, SECOND_NS, checked

SHARES = st.floats(0.0, 1.0)
FOUR = st.lists(SHARES, min_size=4, max_size=4)
KNOBS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "hours": {
        "count": st.just(1),
        "first_min": st.lists(st.integers(0, 10_079), min_size=1, max_size=1),
        "until_min": st.lists(st.integers(0, 10_080), min_size=1, max_size=1),
    },
    "funding": {
        "every_ns": st.sampled_from((0, 3600 * SECOND_NS)),
        "before_ns": st.integers(0, 3600 * SECOND_NS),
        "after_ns": st.integers(0, 3600 * SECOND_NS),
    },
    "book_spread": {"least_bps": st.floats(0, 100), "most_bps": st.floats(0, 100)},
    "flip_rate": {"most": st.integers(1, 32), "pause_ns": st.integers(0, SECOND_NS)},
    "net_loss": {"floor_bps": SHARES, "errors": SHARES, "min_volume_tick_lots": st.just(0.0)},
    "guard": {"max_frac": SHARES, "release_frac": SHARES},
    "side_fills": {
        "most": st.integers(1, 64),
        "window_ns": st.integers(0, 10 * SECOND_NS),
        "pause_ns": st.integers(0, SECOND_NS),
    },
    "cooldown": {"least_ns": st.integers(0, SECOND_NS), "most_ns": st.integers(0, SECOND_NS)},
    "ladder": {
        "at_frac": FOUR.map(sorted),
        "size_frac": FOUR,
        "wider_units": FOUR,
        "wider_ticks": FOUR,
    },
    "toxicity": {"calm": st.just(0.5), "toxic": st.just(4.0), "wider_units": SHARES},
    "regime": {"most": st.floats(0, 100), "release": st.floats(0, 100)},
    "bad_fills": {"probe_frac": SHARES, "probe_fills": st.integers(1, 9), "pause_ns": st.just(9)},
    "economics": {"adverse_bps": st.floats(0, 100), "min_edge_bps": st.floats(0, 100)},
    "stop_loss": {"loss_bps": st.floats(-100, 100)},
    "take_profit": {"profit_bps": st.floats(-100, 100)},
    "timeout": {"after_ns": st.integers(0, SECOND_NS)},
    "age_exit": {"after_ns": st.integers(0, SECOND_NS), "loss_units": SHARES},
}


@checked(400)
@given(
    deployments(target_base_frac=0.0),
    st.fixed_dictionaries({}, optional={g: st.fixed_dictionaries(k) for g, k in KNOBS.items()}),
    st.lists(st.tuples(st.sampled_from((BUY, SELL)), st.integers(0, 3 * SECOND_NS)), max_size=8),
)
def test_gates_only_restrict(
    desk: Desk, knobs: dict[str, dict[str, Any]], fills: list[tuple[int, int]]
) -> None:
    desk.params.min_position_lots = -(1 << 40)
    desk.params.max_position_lots = 1 << 40
    for side, age_ns in sorted(fills, key=lambda row: -row[1]):
        fill(desk, side, NOW_NS - age_ns, 1)
    at(desk)
    free = list(desk.quotes.ticks), list(desk.quotes.lots), list(desk.quotes.reasons)
    for gate, values in knobs.items():
        turn_on(desk, gate, **values)
    adopt(desk.holding, desk.orders.position_lots, desk.signals.mid_ticks, NOW_NS - SECOND_NS // 2)
    desk.params.gates.leaves = True
    desk.params.gates.most_take_lots = 1 << 40
    at(desk)
    quotes = desk.quotes
    assert abs(quotes.take_lots) <= abs(desk.orders.position_lots)
    assert quotes.take_lots * desk.orders.position_lots <= 0
    assert quotes.take_lots == 0 or (quotes.pulled[BUY] and quotes.pulled[SELL])
    for side in (BUY, SELL):
        sign = 1 - 2 * side
        pushed = free[2][SELL] & why.SPREAD_MIN and side == SELL
        for level in range(desk.params.levels):
            k = side * LEVELS + level
            assert quotes.lots[k] <= free[1][k]
            if quotes.lots[k] > 0 and not pushed:
                assert sign * quotes.ticks[k] <= sign * free[0][k]
        if quotes.pulled[side]:
            assert not any(quotes.lots[side * LEVELS : (side + 1) * LEVELS])
        assert quotes.reasons[side] & quotes.pulled[side] == quotes.pulled[side]


@checked(100)
@given(deployments())
def test_no_gate_no_difference(desk: Desk) -> None:
    at(desk)
    free = list(desk.quotes.ticks), list(desk.quotes.lots), list(desk.quotes.reasons)
    desk.params.gates.on = True
    at(desk)
    assert free == (desk.quotes.ticks, desk.quotes.lots, desk.quotes.reasons)
