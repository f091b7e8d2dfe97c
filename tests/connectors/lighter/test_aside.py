"""Work goes to a thread of its own, one piece after the other, and comes back to its own loop."""

import asyncio
import threading

import pytest

from connectors.lighter.aside import Aside

HERE = "somewhere else"


def test_work_is_done_in_the_order_in_which_it_was_asked_for_on_one_other_thread() -> None:
    done: list[tuple[int, str]] = []

    async def main() -> list[int]:
        aside = Aside(HERE)

        def work(number: int) -> int:
            done.append((number, threading.current_thread().name))
            return number * number

        squares = await asyncio.gather(*(aside.do(lambda k=k: work(k)) for k in range(50)))
        aside.close()
        return list(squares)

    assert asyncio.run(main()) == [k * k for k in range(50)]
    assert done == [(k, HERE) for k in range(50)]


def test_what_work_raises_is_raised_where_it_is_waited_for_and_the_next_is_done() -> None:
    async def main() -> str:
        aside = Aside(HERE)

        def fail() -> str:
            raise KeyError("of work")

        with pytest.raises(KeyError, match="of work"):
            await aside.do(fail)
        try:
            return await aside.do(lambda: "well")
        finally:
            aside.close()

    assert asyncio.run(main()) == "well"


def test_who_gives_up_waiting_disturbs_nobody() -> None:
    held, begun = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        held.wait()

    async def main() -> list[int]:
        aside, later = Aside(HERE), []
        first = asyncio.create_task(aside.do(hold))
        second = asyncio.create_task(aside.do(lambda: later.append(2)))
        third = asyncio.create_task(aside.do(lambda: later.append(3)))
        await asyncio.to_thread(begun.wait)
        first.cancel()
        second.cancel()
        await asyncio.wait((first, second))
        held.set()
        await third
        aside.close()
        return later

    assert asyncio.run(main()) == [3]


def test_closed_it_begins_nothing_and_leaves_nobody_waiting() -> None:
    held, begun = threading.Event(), threading.Event()

    def hold() -> str:
        begun.set()
        held.wait()
        return "done"

    async def main() -> tuple[str, bool]:
        aside = Aside(HERE)
        under_way = asyncio.create_task(aside.do(hold))
        await asyncio.to_thread(begun.wait)
        waiting = asyncio.create_task(aside.do(lambda: None))
        await asyncio.sleep(0)
        aside.close()
        held.set()
        await asyncio.wait((under_way, waiting))
        with pytest.raises(RuntimeError, match=HERE):
            await aside.do(lambda: None)
        return under_way.result(), waiting.cancelled()

    assert asyncio.run(main()) == ("done", True)
