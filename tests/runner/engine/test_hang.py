"""A loop that hangs is ended from outside of it, with the latch set and everything cancelled."""

import io
import threading
from pathlib import Path

from runner.engine.hang import HUNG, HangWatch
from runner.engine.latch import Latch
from tests.support import MS, SECOND_NS
from tests.virtual import SetClock


class Bench:
    """A watch whose thread is the test."""

    def __init__(self, path: Path) -> None:
        self.clock = SetClock(0)
        self.latch = Latch(path / "one.kill", "one")
        self.done: list[str] = []
        self.left = threading.Event()
        self.codes: list[int] = []
        self.out = io.StringIO()
        self.watch = HangWatch(
            10 * SECOND_NS, self.clock, self.latch, [self.fail, self.cancel], self.out, self.leave
        )

    def fail(self) -> None:
        raise OSError("no route")

    def cancel(self) -> None:
        self.done.append("cancelled")
        assert self.latch.is_set()

    def leave(self, code: int) -> None:
        self.codes.append(code)
        self.left.set()

    def pass_time(self, seconds: float, *, beats: bool) -> None:
        """Let time pass in steps as the thread's; the loop beats or does not."""
        for _ in range(int(seconds * 4)):
            self.clock.time_ns += 250 * MS
            if beats:
                self.watch.beat()
            self.watch.look()
            if self.codes:
                return


def test_a_silent_loop_is_ended_after_its_time_whatever_fails_on_the_way(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.pass_time(60, beats=True)
    assert (bench.codes, bench.latch.is_set()) == ([], False)
    bench.pass_time(9.9, beats=False)
    assert bench.codes == []
    bench.pass_time(1, beats=False)
    assert bench.codes == [HUNG]
    assert bench.done == ["cancelled"]
    assert "hung for 10" in bench.latch.words()
    (line,) = bench.out.getvalue().splitlines()
    assert "OSError: no route" in line


def test_a_silent_loop_is_not_waited_for_once_somebody_has_killed_the_deploy(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.pass_time(1, beats=True)
    bench.latch.set("a person", "the price is wrong", 0)
    bench.pass_time(60, beats=True)
    bench.pass_time(3, beats=False)
    assert bench.codes == []
    bench.pass_time(0.5, beats=False)
    assert (bench.codes, bench.done) == ([HUNG], ["cancelled"])
    assert "the price is wrong" in bench.latch.words()


def test_a_loop_that_knows_of_its_kill_has_the_whole_time_for_its_end(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.watch.knows = lambda: True
    bench.latch.set("a person", "the price is wrong", 0)
    bench.pass_time(9.9, beats=False)
    assert bench.codes == []
    bench.pass_time(1, beats=False)
    assert bench.codes == [HUNG]


def test_a_process_that_slept_is_given_its_time_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.pass_time(1, beats=True)
    bench.clock.time_ns += 600 * SECOND_NS
    bench.watch.look()
    bench.pass_time(9, beats=False)
    assert bench.codes == []
    bench.pass_time(2, beats=False)
    assert bench.codes == [HUNG]


def test_the_thread_looks_by_itself_and_ends_with_its_context(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with bench.watch:
        bench.watch.most_ns = -1
        assert bench.left.wait(60)
    assert bench.codes[0] == HUNG
    assert not any(thread.name == "hang watch" for thread in threading.enumerate())
