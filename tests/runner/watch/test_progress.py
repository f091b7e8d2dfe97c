import io
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from runner.watch.progress import Plain, progress_of, rows_text


class Ticking:
    """A clock that a test moves."""

    ns = 0

    def now_ns(self) -> int:
        """Return the moment."""
        return self.ns

    def monotonic_ns(self) -> int:
        """Return the moment."""
        return self.ns

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Jump there."""
        self.ns = wall_ns


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Return what a terminal returns."""
        return True


def watch(name: str) -> Any:
    """Return the watch settings that progress reads."""
    return SimpleNamespace(name=name)


def test_plain_output_tells_each_tenth_with_speed_and_what_is_left() -> None:
    out, clock = io.StringIO(), Ticking()
    with progress_of(watch("lines"), 4_000_000, out, clock) as progress:
        progress.compiling()
        progress.advance(0)
        clock.ns += 9_000_000_000  # compiling, which is not in the speed
        for _ in range(20):
            clock.ns += 100_000_000
            progress.advance(200_000)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("compiling")
    assert lines[1] == "replay 10 % of 4.0 M rows, 2.0 M rows/s, 2 s left"
    assert lines[-1] == "replay 100 % of 4.0 M rows, 2.0 M rows/s, 0 s left"
    assert len(lines) == 11


def test_a_table_draws_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    clock, terminal, pipe = Ticking(), Terminal(), io.StringIO()
    for out in (terminal, pipe):
        with progress_of(watch("table"), 100, out, clock) as progress:
            progress.compiling()
            progress.advance(100)
    assert "100%" in terminal.getvalue()
    assert pipe.getvalue().endswith("replay 100 % of 100 rows\n")


def test_none_says_nothing() -> None:
    out = Terminal()
    with progress_of(watch("none"), 100, out, Ticking()) as progress:
        progress.compiling()
        progress.advance(100)
    assert out.getvalue() == ""


def test_many_threads_lose_no_row() -> None:
    out = io.StringIO()
    progress = Plain(out, Ticking(), 8_000)

    def work() -> None:
        for _ in range(1_000):
            progress.advance(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert out.getvalue().splitlines()[-1].startswith("replay 100 %")
    assert len(out.getvalue().splitlines()) == 10


def test_a_closed_output_does_not_reach_the_replay() -> None:
    out = io.StringIO()
    out.close()
    Plain(out, Ticking(), 10).advance(10)


def test_no_rows_at_all() -> None:
    out = io.StringIO()
    Plain(out, Ticking(), 0).advance(0)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("rows", "text"), [(950, "950 rows"), (81_000, "81 k rows"), (8_100_000, "8.1 M rows")]
)
def test_rows_text(rows: float, text: str) -> None:
    assert rows_text(rows) == text
