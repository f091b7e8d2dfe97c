"""Measure the whole decision step with every signal and gate on, beside the same without.

Ten-level messages, decided on each, interpreted as live and compiled as in replay.
"""

from collections.abc import Callable

from runner.settings import Gates
from tests.bench.figures import Figure, Peer
from tests.bench.messages import Messages, depth_messages
from tests.bench.steps import BLOCK, ROUNDS, compiled_loop, new_maker, records, time_turns
from tests.bench.timing import in_turns, quiet_quantile

MESSAGES = 10_000
AIM_US = 20.0
AIM_NS = 250.0
PEER = "the same without gates"
GATES = tuple(name for name in Gates.model_fields if name != "name")
ALL = (*(f"gates.{name}.enabled=true" for name in GATES), "reference=signals")


def measure() -> list[Figure]:
    """Return the figures of the step with everything on."""
    messages = depth_messages(MESSAGES)
    return [_interpreted(messages), _compiled(messages)]


def _interpreted(messages: Messages) -> Figure:
    """Time blocks of messages in turns; the first of each is not counted."""
    gated, plain = new_maker(0, *ALL), new_maker(0)
    ours: list[list[int]] = []
    theirs: list[list[int]] = []
    for first in range(0, messages.count, BLOCK):
        block = range(first, first + BLOCK)
        taken, peers = time_turns(gated, messages, block), time_turns(plain, messages, block)
        if first > 0:
            ours.append(taken)
            theirs.append(peers)
    value, peer = (quiet_quantile(blocks, 0.50) / 1e3 for blocks in (ours, theirs))
    return Figure("interpreted_all_gates_p50", value, "us", Peer(PEER, peer), AIM_US)


def _compiled(messages: Messages) -> Figure:
    """Time the compiled turns over all messages, as ns per message."""
    import numpy as np

    loop = compiled_loop()
    columns = (
        np.array(messages.kind, np.uint8),
        np.array(messages.ticks, np.int32),
        np.array(messages.lots, np.int64),
    )

    def run(*words: str) -> Callable[[], None]:
        fresh, used = records(new_maker(0, *words)), records(new_maker(0, *words))

        def once() -> None:
            for source, target in zip(fresh, used, strict=True):
                for field in source.dtype.names:
                    target[field] = source[field]
            loop(*used, *columns, messages.count)

        return once

    ours_s, peers_s = in_turns(ROUNDS, run(*ALL), run())
    value, peer = (seconds * 1e9 / messages.count for seconds in (ours_s, peers_s))
    return Figure("compiled_all_gates_per_message", value, "ns", Peer(PEER, peer), AIM_NS)
