"""What gets no answer is doubted when its time is over, whatever became of its neighbours."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from connectors.calls import Outcome
from connectors.lighter.commands import Command
from connectors.lighter.overdue import ANSWER_WITHIN_S, LATE, Overdue
from connectors.lighter.transactions import Cancel
from tests import virtual
from tests.virtual import VirtualClock


class Told:
    """Where it is told, and when [s]."""

    def __init__(self) -> None:
        self.open: list[tuple[int, float]] = []

    def settle(self, commands: Sequence[Command], outcome: Outcome) -> None:
        """Note what was open."""
        assert outcome is LATE
        now_s = asyncio.get_running_loop().time()
        self.open += [(c.client_id, now_s) for c in commands if not c.is_settled]


def command(client_id: int) -> Command:
    return Command("eth", client_id, 0, 1, 1, Cancel(0, client_id), 0)


def doubted(settled: set[int], count: int, every_s: float) -> list[tuple[int, float]]:
    """Send so many, one after the other, of which some are settled at once; return who was doubted
    and when."""

    async def main(clock: VirtualClock) -> list[tuple[int, float]]:
        told = Told()
        overdue = Overdue(cast(Any, told))
        began_s = asyncio.get_running_loop().time()
        for client_id in range(1, count + 1):
            sent = command(client_id)
            overdue.expect([sent])
            sent.is_settled = client_id in settled
            await asyncio.sleep(every_s)
        await asyncio.sleep(3 * ANSWER_WITHIN_S)
        return [(client_id, round(at_s - began_s, 6)) for client_id, at_s in told.open]

    return virtual.run(main)


def test_each_is_doubted_after_its_own_time() -> None:
    due = [(k, round((k - 1) * 0.7 + ANSWER_WITHIN_S, 6)) for k in range(1, 31)]
    assert doubted(set(), 30, 0.7) == due


def test_one_between_many_that_are_answered_is_doubted_in_time() -> None:
    for lost in (1, 15, 30):
        due = round((lost - 1) * 0.7 + ANSWER_WITHIN_S, 6)
        assert doubted(set(range(1, 31)) - {lost}, 30, 0.7) == [(lost, due)]


def test_the_loop_is_not_woken_for_each_that_is_answered() -> None:
    async def main(clock: VirtualClock) -> int:
        looks = 0
        overdue = Overdue(cast(Any, Told()))
        loop = asyncio.get_running_loop()
        call_at = loop.call_at

        def counted(*words: Any, **more: Any) -> asyncio.TimerHandle:
            nonlocal looks
            looks += words[1] == overdue._look
            return call_at(*words, **more)

        loop.call_at = counted  # type: ignore[method-assign]
        for client_id in range(1, 501):
            sent = command(client_id)
            overdue.expect([sent])
            sent.is_settled = True
            await asyncio.sleep(0.02)
        return looks

    assert virtual.run(main) < 5
