import io

import pytest

from runner.report.figures import MINUS, NONE
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


def ascii_only(line: str) -> str:
    """Return a line with plain signs: a true minus as -, nothing known as _."""
    return line.replace(MINUS, "-").replace(NONE, "_")


@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 130, 200])
@pytest.mark.parametrize("height", [8, 12, 24, 60])
@pytest.mark.parametrize("markets", [1, 2, 20])
def test_it_fits_the_terminal(width: int, height: int, markets: int) -> None:
    lines = picture(coins(markets), width, height)
    assert max(map(len, lines)) <= width
    assert len(lines) <= height


def test_eighty_columns_show_every_figure_and_the_reasons_beneath() -> None:
    assert [ascii_only(line.rstrip()) for line in picture([BTC, ETH])[2:]] == [
        "market        mid      bid       ask  clips  sigma      net  fills   age",
        "btc     100000.15  99995.2  100004.9  -1.25   0.51  +0.1234  1,204  0.0s",
        "  bid kept  ask size skew, kept",
        "eth      3500.125        _   3500.45  -1.25   0.51  -0.0231      3     _",
        "  bid inventory limit  ask _",
        "",
        "net +0.1003 USDT   fills 1,207",
    ]


def test_a_wide_terminal_has_the_reasons_beside() -> None:
    lines = picture([BTC, ETH], 130)
    assert lines[3].endswith("0.0s  bid kept  ask size skew, kept")
    assert len(lines) == 7


def test_a_narrow_one_drops_columns_from_the_least_needed() -> None:
    assert " ".join(picture([BTC], 62)[2].split()) == "market mid bid ask clips net fills"
    assert " ".join(picture([BTC], 44)[2].split()) == "market bid ask net fills"


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


def test_the_heading_says_how_the_deploy_is() -> None:
    out = Terminal()
    table = Table("paper", out)
    table.start()
    table.tell("red: btc: halted")
    table.update([BTC], NOW_NS)
    table.stop()
    assert "red: btc: halted" in out.getvalue()
