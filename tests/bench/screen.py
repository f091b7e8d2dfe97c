"""Measure what a screen costs: its view of a tape once, and a set of parameters by both rules.

Over the generated tape of five million rows. A set is told for 864,000 decisions, which is a day at
100 ms; the peer is the same set replayed exactly, for as many decisions.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import first_mid_half_ticks, prepare
from runner.modes.replay_loop import replay
from runner.modes.screen import STRICT, TOUCH, Prepared, Running, walk
from runner.modes.screen_loop import screen
from runner.modes.view import open_view
from runner.report.steps import moments_of
from runner.watch.progress import Silent
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import flow_tape
from tests.bench.places import kernels
from tests.bench.timing import in_turns, seconds

SETS = 64
DAY = 864_000
AIM_SET_MS = 20.0
AIM_VIEW_S = 1.0


class Going(Running):
    """What stands in for a shelf: nothing ends it."""

    stopped = False


def measure() -> list[Figure]:
    """Return the figures of screens."""
    settings = settings_of("mode=replay", "market=btc")
    tape = flow_tape("btc", instrument_of(settings.markets["btc"].instrument))
    compiled: Callable[..., Any] = cache(lambda loop: compile_loop(loop, kernels()))
    half_ticks = first_mid_half_ticks(tape)

    def prepared() -> Prepared:
        view_of = partial(open_view, tape, folder=None, compiled=compiled)
        return Prepared.of(settings, "btc", 0, tape, half_ticks, view_of)

    one = prepared()
    view_s = seconds(prepared)
    moments = moments_of(int(tape.local.recv_ns[0]), int(tape.local.recv_ns[-1]))

    def both() -> None:
        for rule in (STRICT, TOUCH):
            walk(one, compiled(screen), rule, moments, Going())

    def exactly() -> None:
        replay_exact([prepare(settings, "btc", 0, tape)], settings, compiled(replay), Silent())

    def many() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: both(), range(SETS)))

    both()
    exactly()
    set_s, exact_s = in_turns(3, both, exactly)
    many_s = seconds(many)
    a_day = 1e3 * DAY / len(one.view)
    return [
        Figure("view_of_a_tape", view_s, "s", aim=AIM_VIEW_S),
        Figure(
            "screen_a_set_and_day",
            set_s * a_day,
            "ms",
            Peer("the same replayed exactly", exact_s * a_day),
            aim=AIM_SET_MS,
        ),
        Figure("64_sets_two_threads", many_s / SETS * a_day, "ms"),
    ]
