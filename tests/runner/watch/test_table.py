import io

import pytest

from runner.watch.table import Table, draw
from runner.watch.view import MarketView
from tests.runner.watch.views import BTC, ETH, NOW_NS, coins

HEADING = "paper \u00b7 default   12:00:31 UTC"


class Terminal(io.StringIO):
    """A terminal that may go away."""

    gone = False
    writes = 0

    def isatty(self) -> bool:
        """Return what a terminal returns."""
        return True

    def write(self, text: str) -> int:
        """Fail when the terminal has gone."""
        self.writes += 1
        if self.gone:
            raise OSError(5, "Input/output error")
        return super().write(text)


def picture(views: list[MarketView], width: int = 80, height: int = 24) -> list[str]:
    """Return the lines of a table."""
    return draw(views, HEADING, width, height).plain.split("\n")


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 130, 200])
@pytest.mark.parametrize("height", [8, 12, 24, 60])
@pytest.mark.parametrize("markets", [1, 2, 20])
def test_it_fits_the_terminal(width: int, height: int, markets: int) -> None:
    lines = picture(coins(markets), width, height)
    assert max(map(len, lines)) <= width
    assert len(lines) <= height


def test_eighty_columns_show_every_figure_and_the_reasons_beneath() -> None:
    assert [line.rstrip() for line in picture([BTC, ETH])] == [
        HEADING,
        "",
        "market        mid      bid       ask  clips  sigma      net  fills   age",
        "btc     100000.15  99995.2  100004.9  \u22121.25   0.51  +0.1234  1,204  0.0s",
        "  bid kept  ask size skew, kept",
        "eth      3500.125        \u2013   3500.45  \u22121.25   0.51  \u22120.0231      3     \u2013",
        "  bid inventory limit  ask \u2013",
        "",
        "net +0.1003 USDT   fills 1,207",
    ]


def test_a_wide_terminal_has_the_reasons_beside() -> None:
    lines = picture([BTC, ETH], 130)
    assert lines[3].endswith("0.0s  bid kept  ask size skew, kept")
    assert len(lines) == 7


def test_a_narrow_one_drops_columns_from_the_least_needed() -> None:
    assert picture([BTC], 66)[2].split() == "market mid bid ask clips net fills".split()
    assert picture([BTC], 44)[2].split() == "market bid ask net fills".split()


def test_more_markets_than_lines_are_counted() -> None:
    lines = picture(coins(20), 80, 12)
    assert lines[-3] == "and 14 more"
    assert lines[-1] == "net +2.468 USDT   fills 24,080"


def test_before_the_first_batch_there_is_only_a_heading() -> None:
    assert picture([]) == [HEADING]


def test_it_draws_at_most_four_times_a_second_and_once_more_at_the_end() -> None:
    terminal = Terminal()
    table = Table("paper", terminal, 60_000_000_000)
    table.start()
    counts = []
    for k in range(11):
        before = terminal.writes
        table.update([BTC], NOW_NS + k * 100_000_000)
        counts.append(terminal.writes > before)
    assert counts == [k in (0, 3, 6, 9) for k in range(11)]
    table.stop()
    assert "0:01 of 1:00" in terminal.getvalue()


def test_a_terminal_that_has_gone_does_not_reach_the_run() -> None:
    terminal = Terminal()
    table = Table("paper", terminal)
    table.start()
    terminal.gone = True
    table.update([BTC], NOW_NS)
    table.update([BTC], NOW_NS + 10**9)
    table.stop()
