"""Measure what the event loop feels of commands: how late it gets, and how long each keeps it.

*Sending* is to an account whose streams are silent: what remains is to sign, to send and to cancel,
and the answers to that. Other processes make a loop late too, even where it idles; they add little
to the processor time that its thread takes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from time import thread_time_ns

from tests.bench.figures import Figure, Peer
from tests.bench.lag import Lag, lag_of_loop
from tests.bench.orders_ours import Ours
from tests.bench.timing import quantile, quiet_quantile

BLOCKS = 14
COMMANDS = 30
"""Of a block, every other one a cancel."""
EVERY_S = 0.02
NOISE = 1.5
AIM = "aim: no more than without, but for noise of a half"
SHARES = {"p50": 0.5, "p99": 0.99, "max": 1.0}


@dataclass(slots=True)
class Felt:
    """What a loop has felt, block by block: lags [ns], and processor time of a command [ns]."""

    lags_ns: list[list[float]] = field(default_factory=list)
    taken_ns: list[float] = field(default_factory=list)

    async def take(self, lag: Lag, work: Callable[[], Awaitable[None]]) -> None:
        """Measure a block of work."""
        lag.take()
        before_ns = thread_time_ns()
        await work()
        self.taken_ns.append((thread_time_ns() - before_ns) / COMMANDS)
        self.lags_ns.append(lag.take())


async def lags(ours: Ours, deaf: Ours) -> list[Figure]:
    """Return the figures of a loop that idles, that only sends, and that trades, in turns."""
    idle, sending, trading = Felt(), Felt(), Felt()
    with lag_of_loop() as lag:
        await Felt().take(lag, _idle)
        for _ in range(BLOCKS):
            await idle.take(lag, _idle)
            await sending.take(lag, lambda: _trade(deaf))
            await trading.take(lag, lambda: _trade(ours))
    return [*_figures("of_sending_", idle, sending), *_figures("", idle, trading)]


def _figures(what: str, idle: Felt, busy: Felt) -> Iterator[Figure]:
    """Yield the figures of the quiet blocks of a shared machine."""
    for name, share in SHARES.items():
        idle_us = quiet_quantile(idle.lags_ns, share) / 1e3
        yield Figure(
            f"loop_lag_{what}at_50_commands_a_second_{name}",
            quiet_quantile(busy.lags_ns, share) / 1e3,
            "µs",
            Peer("the same loop without orders, in turns", idle_us),
            idle_us * NOISE,
            note=AIM if name == "p50" and not what else "",
        )
    extra_ns = quantile(busy.taken_ns, 0.5) - quantile(idle.taken_ns, 0.5)
    yield Figure(f"loop_time_{what}a_command", extra_ns / 1e3, "µs")


async def _idle() -> None:
    for _ in range(COMMANDS):
        await asyncio.sleep(EVERY_S)


async def _trade(ours: Ours) -> None:
    """Place and cancel for a while."""
    for _ in range(COMMANDS // 2):
        client_id = ours.next_id()
        ours.place(client_id)
        await asyncio.sleep(EVERY_S)
        ours.cancel(client_id)
        await asyncio.sleep(EVERY_S)
