import io

from runner.watch.lines import Lines, lines_of
from tests.runner.watch.views import BTC, ETH, NOW_NS

SECOND = 1_000_000_000


class Broken(io.StringIO):
    """A pipe that nobody reads."""

    writes = 0

    def write(self, text: str) -> int:
        """Fail as a closed pipe does."""
        self.writes += 1
        raise BrokenPipeError


def test_one_line_a_market() -> None:
    assert lines_of([BTC, ETH], NOW_NS) == [
        "12:00:31 btc  mid 100000.15  bid 99995.2  ask 100004.9  clips -1.25  sigma 0.51"
        "  net +0.1234 USDT  fills 1,204  1s -0.41/+0.12  up 87%  age 0.0s"
        "  bid: kept; ask: size skew, kept\n",
        "12:00:31 eth  mid  3500.125  bid       -  ask  3500.45  clips -1.25  sigma 0.51"
        "  net -0.0231 USDT  fills     3  1s           -  up   -  age    -"
        "  bid: inventory limit; ask: -\n",
    ]
    assert lines_of([], NOW_NS) == []


def test_lines_come_at_their_pace_and_the_last_state_at_the_end() -> None:
    out = io.StringIO()
    lines = Lines(out, 5 * SECOND)
    lines.start()
    for second in range(12):
        lines.update([BTC], NOW_NS + second * SECOND)
    lines.stop()
    lines.stop()
    assert [line[:8] for line in out.getvalue().splitlines()] == [
        "12:00:31",
        "12:00:36",
        "12:00:41",
        "12:00:42",
    ]


def test_a_closed_pipe_ends_the_view_and_not_the_run() -> None:
    out = Broken()
    lines = Lines(out, SECOND)
    for second in range(3):
        lines.update([BTC], NOW_NS + second * SECOND)
    assert out.writes == 1


def test_a_closed_stream_ends_the_view_and_not_the_run() -> None:
    out = io.StringIO()
    out.close()
    Lines(out, SECOND).update([BTC], NOW_NS)


def test_health_has_a_line_of_its_own_when_it_is_no_longer_what_was_told() -> None:
    out = io.StringIO()
    lines = Lines(out, SECOND)
    for second, health in enumerate(("green", "red: btc: halted", "red: btc: halted", "green")):
        lines.tell(health)
        lines.update([BTC], NOW_NS + second * SECOND)
    told = [line for line in out.getvalue().splitlines() if " health " in line]
    assert told == ["12:00:32 health red: btc: halted", "12:00:34 health green"]
