"""Say what a command is made of on the event loop: `python -m tests.bench.orders_pieces`.

Each line is one sort of callback: how much of the loop's processor time a command takes there, how
often, and how long one is. It is asyncio's own loop, for uvloop cannot be looked into. Orders and
cancels take turns at the stand-in of `tests.bench.orders_venue`.
"""

import asyncio
from asyncio.events import Handle
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time_ns
from typing import Any

from tests.bench.orders import line, process
from tests.bench.orders_lag import EVERY_S
from tests.bench.orders_ours import Ours
from tests.bench.timing import quantile

COMMANDS = 300
Pieces = dict[str, list[float]]


def main() -> None:
    """Measure, and print the longest first."""
    with process("tests.bench.orders_venue") as venue:
        pieces = asyncio.run(_measured(int(line(venue))))
    print(" us/command  a command   p50 us   p99 us   max us")
    for name, taken in sorted(pieces.items(), key=lambda piece: -sum(piece[1])):
        took = (sum(taken) / COMMANDS, len(taken) / COMMANDS)
        each = [quantile(taken, share) for share in (0.5, 0.99, 1.0)]
        print(f"{took[0]:11.1f} {took[1]:10.2f} " + " ".join(f"{us:8.1f}" for us in each), name)


async def _measured(port: int) -> Pieces:
    ours = Ours(port)
    await ours.until_ready()
    with _pieces() as pieces:
        for _ in range(COMMANDS // 2):
            client_id = ours.next_id()
            ours.place(client_id)
            await asyncio.sleep(EVERY_S)
            ours.cancel(client_id)
            await asyncio.sleep(EVERY_S)
    await ours.close()
    return pieces


@contextmanager
def _pieces() -> Iterator[Pieces]:
    """Time every callback of the loop while the context is open [us]."""
    pieces: Pieces = defaultdict(list)
    plain = Handle._run

    def timed(handle: Any) -> None:
        name, before_ns = _name(handle), thread_time_ns()
        plain(handle)
        pieces[name].append((thread_time_ns() - before_ns) / 1e3)

    Handle._run = timed  # type: ignore[method-assign, assignment]
    try:
        yield pieces
    finally:
        Handle._run = plain  # type: ignore[method-assign]


def _name(handle: Any) -> str:
    """Return what a callback is; a task by what it waits for, innermost last."""
    task = getattr(handle._callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return getattr(handle._callback, "__qualname__", type(handle._callback).__name__)
    names, coroutine = [], task.get_coro()
    while coroutine is not None and hasattr(coroutine, "cr_code"):
        names.append(coroutine.cr_code.co_name)
        coroutine = coroutine.cr_await
    return "task " + " > ".join(names[-3:])


if __name__ == "__main__":
    main()
