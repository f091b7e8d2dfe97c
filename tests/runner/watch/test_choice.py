import io

from runner.watch.choice import watch_of
from runner.watch.lines import Lines
from runner.watch.table import Table
from runner.watch.view import Quiet
from tests.runner.watch.views import BTC, NOW_NS


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Return what a terminal returns."""
        return True


def test_each_name_has_its_view() -> None:
    assert isinstance(watch_of("table", "paper", Terminal(), 1), Table)
    assert isinstance(watch_of("lines", "paper", Terminal(), 1), Lines)
    quiet = watch_of("none", "paper", io.StringIO(), 1)
    assert isinstance(quiet, Quiet)
    quiet.start()
    quiet.update([BTC], NOW_NS)
    quiet.stop()


def test_a_table_becomes_slow_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    watch = watch_of("table", "paper", out, 250_000_000)
    for k in range(20):
        watch.update([BTC], NOW_NS + k * 250_000_000)
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue()
