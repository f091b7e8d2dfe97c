"""Measure what each signal costs an event, interpreted and compiled.

One event is a call of its `observe`, or of what it takes, on a market that moves, 7 ms after the
one before. The clock goes on from round to round. The peer is the fixed walk.
"""

import itertools
from collections.abc import Callable
from typing import Any

from connectors.model.events import BUY
from connectors.model.record import record_of
from runner.modes.compiled import compile_loop
from strategies.desk import Desk
from strategies.signals import (
    adx,
    flips,
    hawkes,
    intensity,
    kyle,
    markout,
    microprice,
    order_flow,
    own_fills,
    own_intensity,
    sweeps,
    vpin,
)
from strategies.signals import volatility as sigma
from strategies.signals.adx import Adx
from strategies.signals.flips import Flips
from strategies.signals.hawkes import Hawkes
from strategies.signals.intensity import Intensity
from strategies.signals.kyle import Kyle
from strategies.signals.markout import Markouts
from strategies.signals.microprice import Microprice
from strategies.signals.order_flow import OrderFlow
from strategies.signals.own_fills import OwnFills
from strategies.signals.own_intensity import OwnIntensity
from strategies.signals.sweeps import Sweeps
from strategies.signals.vpin import Vpin
from tests.bench.figures import Figure, Peer
from tests.bench.steps import new_market
from tests.bench.timing import in_turns
from tests.bench.walk import COMPILED, compiled_walk

STEP_NS = 7_000_000
START_NS = 1_700_000_000_000_000_000
INTERPRETED = 20_000
COMPILED_EVENTS = 500_000
WALK_STEPS = 1_000_000
ROUNDS = 7

Loop = Callable[[Any, Desk, int, int], None]


def volatility_loop(state: Any, desk: Desk, count: int, start_ns: int) -> None:
    """Take a mid."""
    for k in range(count):
        sigma.observe(
            desk.volatility, desk.params, desk.signals, 1e6 + k % 7, start_ns + k * STEP_NS
        )


def hawkes_loop(state: Hawkes, desk: Desk, count: int, start_ns: int) -> None:
    """Take an order."""
    for k in range(count):
        hawkes.add_order(state, k & 1, start_ns + k * STEP_NS)


def adx_loop(state: Adx, desk: Desk, count: int, start_ns: int) -> None:
    """Take a mid."""
    for k in range(count):
        adx.observe(state, 1e6 + k % 7, start_ns + k * STEP_NS)


def flips_loop(state: Flips, desk: Desk, count: int, start_ns: int) -> None:
    """Take an offset."""
    for k in range(count):
        flips.observe(state, 0.1 * (k % 7) - 0.3, start_ns + k * STEP_NS)


def microprice_loop(state: Microprice, desk: Desk, count: int, start_ns: int) -> None:
    """Read a book."""
    for _ in range(count):
        microprice.observe(state, desk.book)


def order_flow_loop(state: OrderFlow, desk: Desk, count: int, start_ns: int) -> None:
    """Read a book."""
    for k in range(count):
        order_flow.observe(state, desk.book, start_ns + k * STEP_NS)


def sweeps_loop(state: Sweeps, desk: Desk, count: int, start_ns: int) -> None:
    """Take a trade."""
    for k in range(count):
        sweeps.add_trade(state, k >> 2 & 1, 1_000_000 + k % 7, 5, 1e6, start_ns + k * STEP_NS)


def kyle_loop(state: Kyle, desk: Desk, count: int, start_ns: int) -> None:
    """Take a trade and a mid."""
    for k in range(count):
        kyle.add_trade(state, k >> 1 & 1, 1_000_000, 5)
        kyle.observe(state, 1e6 + k % 7, start_ns + k * STEP_NS)


def vpin_loop(state: Vpin, desk: Desk, count: int, start_ns: int) -> None:
    """Take a trade."""
    for k in range(count):
        vpin.add_trade(state, k >> 1 & 1, 7)


def intensity_loop(state: Intensity, desk: Desk, count: int, start_ns: int) -> None:
    """Let time pass and take an order's depth."""
    for k in range(count):
        intensity.observe(state, start_ns + k * STEP_NS)
        intensity.add_order(state, 0.01 * (k % 200))


def own_intensity_loop(state: OwnIntensity, desk: Desk, count: int, start_ns: int) -> None:
    """Take the distances quoted."""
    for k in range(count):
        own_intensity.observe(state, 1.0, 0.01 * (k % 200), start_ns + k * STEP_NS)


def markout_loop(state: Markouts, desk: Desk, count: int, start_ns: int) -> None:
    """Take a mid; every hundredth time a fill comes, to be valued four times."""
    for k in range(count):
        now_ns = start_ns + k * STEP_NS
        markout.observe(state, 1e6 + k % 7, now_ns)
        if k % 100 == 0:
            markout.add_fill(state, BUY, 1_000_000 - k % 11, now_ns)


def own_fills_loop(state: OwnFills, desk: Desk, count: int, start_ns: int) -> None:
    """Take a fill."""
    for k in range(count):
        own_fills.add_fill(state, k >> 1 & 1, 1_000_000, 5, 0, start_ns + k * STEP_NS * 20)


LOOPS: tuple[tuple[str, Loop, type], ...] = (
    ("volatility", volatility_loop, Flips),
    ("hawkes", hawkes_loop, Hawkes),
    ("adx", adx_loop, Adx),
    ("flips", flips_loop, Flips),
    ("microprice", microprice_loop, Microprice),
    ("order_flow", order_flow_loop, OrderFlow),
    ("sweeps", sweeps_loop, Sweeps),
    ("kyle", kyle_loop, Kyle),
    ("vpin", vpin_loop, Vpin),
    ("intensity", intensity_loop, Intensity),
    ("own_intensity", own_intensity_loop, OwnIntensity),
    ("markout", markout_loop, Markouts),
    ("own_fills", own_fills_loop, OwnFills),
)


def measure() -> list[Figure]:
    """Return the cost of each signal."""
    figures = []
    for name, loop, state in LOOPS:
        figures += _cost(name, loop, state)
    return figures


def _cost(name: str, loop: Loop, state: type) -> list[Figure]:
    desk = _shown_desk()
    plain = _prepared(state())
    compiled = compile_loop(loop, None)
    records = record_of(_prepared(state())), record_of(desk)

    starts = itertools.count(START_NS, COMPILED_EVENTS * STEP_NS)

    def interpreted() -> None:
        loop(plain, desk, INTERPRETED, next(starts))

    def machine_code() -> None:
        compiled(*records, COMPILED_EVENTS, next(starts))

    slow_s, fast_s, walk_s = in_turns(ROUNDS, interpreted, machine_code, compiled_walk(WALK_STEPS))
    peer = Peer(COMPILED, walk_s * 1e9 / WALK_STEPS)
    return [
        Figure(f"{name}_interpreted", slow_s * 1e9 / INTERPRETED, "ns", peer),
        Figure(f"{name}_compiled", fast_s * 1e9 / COMPILED_EVENTS, "ns", peer, 20.0),
    ]


def _shown_desk() -> Desk:
    from connectors.model.book import set_ask, set_bid

    desk = new_market(0).desk
    set_bid(desk.book, 1_000_000, 30)
    set_ask(desk.book, 1_000_001, 20)
    return desk


def _prepared(state: Any) -> Any:
    """Give a fresh state the settings that it needs."""
    match state:
        case Hawkes():
            state.mu[:], state.alpha[:], state.beta[:] = [0.5] * 2, [0.6, 0.3, 0.3, 0.6], [2.0] * 2
            hawkes.prepare(state)
        case Markouts():
            markout.start(state, 1_000_000_000)
        case OwnIntensity():
            own_intensity.start(state, 1800.0)
        case Intensity():
            state.reached.tau_s = 1800.0
        case Kyle():
            state.bucket_ns, state.tau_s, state.millions_per_tick_lot = 10**9, 600.0, 1e-9
        case OrderFlow():
            state.tau_s = 5.0
        case Vpin():
            state.bucket_lots = 1000
        case Flips():
            state.least_ticks, state.window_ns = 0.1, 200_000_000
        case Sweeps():
            state.gap_ns = 1_000_000
        case Adx():
            state.bars.length_ns = 60 * 10**9
        case _:
            pass
    return state
