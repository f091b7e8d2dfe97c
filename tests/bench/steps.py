"""Measure one turn of a worker, a ten-level message in and reviewed commands out.

Interpreted, as live and paper run it, every message is timed by itself; compiled, as replay runs
it, only the whole is. The peer of the first is `tests.bench.naive`, of the second the fixed walk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter_ns
from typing import Any

from connectors.model.events import ACCEPTED, CANCELLED, PLACE, IntColumn
from connectors.model.kernel import kernel
from connectors.model.orders import Commands, apply
from runner.engine.risk import Limits
from runner.engine.turn import turn
from runner.engine.worker import Market
from runner.wiring.markets import instrument_of, market_of
from strategies.desk import Desk
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.messages import GAP_NS, LEVELS, START_NS, START_TICKS, Messages, depth_messages
from tests.bench.naive import NAME, NaiveMaker
from tests.bench.places import kernels
from tests.bench.timing import in_turns, quiet_quantile
from tests.bench.walk import COMPILED, compiled_walk

MESSAGES = 20_000
BLOCK = 1_000
"""Messages between two changes from subject to peer and back."""
AIM_US = 10.0
REFRESHES = (("every_message", 0), ("refresh_100ms", 100_000_000))
WALK_STEPS = 2_000_000
ROUNDS = 25


@dataclass(slots=True)
class Maker:
    """What a turn works on."""

    desk: Desk
    limits: Limits
    commands: Commands


def measure() -> list[Figure]:
    """Return the figures of single turns."""
    messages = depth_messages(MESSAGES)
    figures = []
    for name, refresh_ns in REFRESHES:
        figures += _interpreted(name, messages, refresh_ns)
    for name, refresh_ns in REFRESHES:
        figures.append(_compiled(name, messages, refresh_ns))
    return figures


def new_market(refresh_ns: int, *words: str) -> Market:
    """Return a fresh btc market that decides so often, of the default deploy but for `words`."""
    settings = settings_of("market=btc", *words)
    price = instrument_of(settings.markets["btc"].instrument).tick_size * Decimal(START_TICKS)
    market = market_of("btc", 0, settings, price, START_NS)
    market.desk.params.refresh_ns = refresh_ns
    return market


def new_maker(refresh_ns: int, *words: str) -> Maker:
    """Return the same as a turn takes it."""
    market = new_market(refresh_ns, *words)
    return Maker(market.desk, market.limits, Commands())


@kernel
def acknowledge(desk: Desk, commands: Commands, now_ns: int) -> None:
    """Let the venue accept every approved command at once."""
    for k in range(commands.count):
        if commands.refused[k] == 0:
            kind = ACCEPTED if commands.kind[k] == PLACE else CANCELLED
            apply(
                desk.orders,
                kind,
                commands.client_id[k],
                commands.side[k],
                commands.ticks[k],
                commands.lots[k],
                0,
                now_ns,
            )


def run_messages(
    desk: Desk,
    limits: Limits,
    commands: Commands,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    count: int,
) -> int:
    """Take so many messages; return how many commands came out."""
    sent = 0
    for m in range(count):
        i = m * LEVELS
        now_ns = START_NS + m * GAP_NS
        if turn(desk, limits, commands, kind, ticks, lots, i, i + LEVELS, now_ns):
            acknowledge(desk, commands, now_ns)
            sent += commands.count
    return sent


def _interpreted(name: str, messages: Messages, refresh_ns: int) -> list[Figure]:
    """Time every message, in turns with the peer's; the first block is not counted."""
    maker = new_maker(refresh_ns)
    naive = NaiveMaker(maker.desk.params)
    ours: list[list[int]] = []
    theirs: list[list[int]] = []
    for first in range(0, messages.count, BLOCK):
        block = range(first, first + BLOCK)
        taken = time_turns(maker, messages, block)
        peers = _time_naive(naive, messages, block)
        if first > 0:
            ours.append(taken)
            theirs.append(peers)
    return [
        _quantile_us(f"interpreted_{name}_p50", ours, theirs, 0.50, AIM_US),
        _quantile_us(f"interpreted_{name}_p99", ours, theirs, 0.99, None),
    ]


def time_turns(maker: Maker, messages: Messages, block: range) -> list[int]:
    kind, ticks, lots = messages.kind, messages.ticks, messages.lots
    desk, limits, commands = maker.desk, maker.limits, maker.commands
    taken = []
    for m in block:
        i = m * LEVELS
        now_ns = START_NS + m * GAP_NS
        started_ns = perf_counter_ns()
        decided = turn(desk, limits, commands, kind, ticks, lots, i, i + LEVELS, now_ns)
        taken.append(perf_counter_ns() - started_ns)
        if decided:
            acknowledge(desk, commands, now_ns)
    return taken


def _time_naive(naive: NaiveMaker, messages: Messages, block: range) -> list[int]:
    kind, ticks, lots = messages.kind, messages.ticks, messages.lots
    taken = []
    for m in block:
        i = m * LEVELS
        now_ns = START_NS + m * GAP_NS
        started_ns = perf_counter_ns()
        naive.on_message(kind, ticks, lots, i, i + LEVELS, now_ns)
        taken.append(perf_counter_ns() - started_ns)
    return taken


def _quantile_us(
    name: str,
    ours: list[list[int]],
    theirs: list[list[int]],
    quantile_frac: float,
    aim: float | None,
) -> Figure:
    value, peer = (quiet_quantile(blocks, quantile_frac) / 1e3 for blocks in (ours, theirs))
    return Figure(name, value, "us", Peer(NAME, peer), aim)


def _compiled(name: str, messages: Messages, refresh_ns: int) -> Figure:
    """Time the compiled turns over all messages, as ns per row."""
    import numpy as np

    loop = compiled_loop()
    fresh = records(new_maker(refresh_ns))
    used = records(new_maker(refresh_ns))
    columns = (
        np.array(messages.kind, np.uint8),
        np.array(messages.ticks, np.int32),
        np.array(messages.lots, np.int64),
    )

    def run() -> None:
        for source, target in zip(fresh, used, strict=True):
            for field in source.dtype.names:
                target[field] = source[field]
        loop(*used, *columns, messages.count)

    ours_s, peers_s = in_turns(ROUNDS, run, compiled_walk(WALK_STEPS))
    rows = messages.count * LEVELS
    peer = Peer(COMPILED, peers_s * 1e9 / WALK_STEPS)
    return Figure(f"compiled_{name}_per_event", ours_s * 1e9 / rows, "ns", peer)


def compiled_loop() -> Callable[..., Any]:
    from runner.modes.compiled import compile_loop

    return compile_loop(run_messages, kernels())


def records(maker: Maker) -> tuple[Any, ...]:
    from connectors.model.record import record_of

    return tuple(record_of(plain) for plain in (maker.desk, maker.limits, maker.commands))
