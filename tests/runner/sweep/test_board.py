"""Jobs are ranked by what is left of their Sharpe ratio; the others say why they are not."""

import csv
import math
import random
from decimal import Decimal
from pathlib import Path

from runner.config.sweep import Job
from runner.guard import Ending
from runner.report.pnl import Pnl
from runner.report.steps import moments_of
from runner.sweep.board import Board, board_of, part_of
from runner.sweep.grid import Done
from runner.sweep.heat import maps_of
from runner.sweep.run import write_leaderboard
from runner.sweep.score import Score
from runner.sweep.table import table_lines
from tests.deploys import settings_for

SETTINGS = settings_for("mode=replay", "market=btc")
ZERO = Decimal(0)


def score(drift: float, fills: int = 1000, seed: int = 1) -> Score:
    """Return a score whose returns wander about a drift."""
    source = random.Random(seed)
    returns = tuple(drift + source.gauss(0.0, 1.0) for _ in range(200))
    net = Decimal(str(round(sum(returns), 2)))
    pnl = Pnl(gross=net, fees=ZERO, funding=ZERO, net=net, unrealised=ZERO)
    return Score("USDT", pnl, fills, 0.1, 0.5, 2.0, 60.0, 0, returns)


def done(number: int, *words: str, line: str = "", code: int = 0) -> Done:
    """Return a job that has ended."""
    job = Job(number, words, SETTINGS, Path(f"/x/{number}"), None)  # type: ignore[arg-type]
    return Done(job, Ending(code, line))


def board(split: float | None = None) -> Board:
    """Return a board of a grid of four, a job without enough fills, and one that failed."""
    words = [(f"gamma={g}", f"kappa={k}", "market=btc") for g in ("0.1", "0.2") for k in ("1", "2")]
    ended = [done(number, *own) for number, own in enumerate(words)]
    ended += [done(4, "gamma=0.3", "kappa=1", "market=btc")]
    ended += [done(5, "gamma=0.3", "kappa=2", "market=btc", line="torn", code=2)]
    scores = {d.job.directory: score(0.2 * d.job.number, seed=d.job.number) for d in ended[:4]}
    scores[ended[4].job.directory] = score(5.0, fills=3)
    return board_of(ended, scores, 500, split)


def test_the_best_comes_first_and_what_is_not_ranked_last() -> None:
    found = board()
    assert [row.done.job.number for row in found.rows] == [3, 2, 1, 0, 4, 5]
    assert [row.why for row in found.rows] == ["", "", "", "", "fewer than 500 fills", "torn"]
    assert found.ranked == 4
    assert 3.0 < found.trials <= 4.0
    values = [row.deflated for row in found.rows[:4] if row.deflated is not None]
    assert values == sorted(values, reverse=True)


def test_a_job_is_ranked_by_the_part_that_the_split_leaves_in() -> None:
    early, late = done(0, "seed=1"), done(1, "seed=2")
    good, bad = score(1.0).returns[:100], score(-1.0).returns[100:]
    one, two = score(0.0), score(0.0)
    scores = {
        early.job.directory: Score(*_fields(one)[:-1], good + bad),
        late.job.directory: Score(*_fields(two)[:-1], bad + good),
    }
    found = board_of([early, late], scores, 0, 0.5)
    assert [row.done.job.number for row in found.rows] == [0, 1]
    first = found.rows[0]
    assert first.inside is not None
    assert first.outside is not None
    assert first.inside.net > 0 > first.outside.net
    assert math.isclose(first.inside.net + first.outside.net, sum(good + bad))


def _fields(of: Score) -> list[object]:
    return [getattr(of, name) for name in Score.__dataclass_fields__]


def test_a_drawdown_is_the_worst_fall_from_the_best() -> None:
    assert part_of([1.0, 2.0, -4.0, 1.0, -0.5]).drawdown == 4.0
    assert part_of([-1.0, -1.0]).drawdown == 2.0
    assert part_of([1.0, 1.0]).drawdown == 0.0


def test_two_knobs_make_a_map() -> None:
    (one,) = maps_of(board())
    assert (one.down, one.across, one.title) == ("gamma", "kappa", "market=btc")
    assert (one.lines, one.columns) == (("0.1", "0.2", "0.3"), ("1", "2"))
    assert [[cell.is_ranked for cell in line] for line in one.cells] == [
        [True, True],
        [True, True],
        [False, False],
    ]
    assert one.cells[2][1].net is None


def test_one_knob_makes_none() -> None:
    ended = [done(0, "gamma=0.1"), done(1, "gamma=0.2")]
    assert maps_of(board_of(ended, {}, 0, None)) == []


def test_what_is_written(tmp_path: Path) -> None:
    found = board(split=0.6)
    write_leaderboard(tmp_path, found, "Sweep <1>")
    with (tmp_path / "leaderboard.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["job"] for row in rows] == [str(r.done.job.number) for r in found.rows]
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "", ""]
    assert rows[-1]["not_ranked_because"] == "torn"
    assert (rows[0]["gamma"], rows[0]["market"], rows[0]["fills"]) == ("0.2", "btc", "1000")
    page = (tmp_path / "leaderboard.html").read_text(encoding="utf-8")
    assert "Sweep &lt;1&gt;" in page
    assert "http" not in page.split("<body>")[1]
    assert (tmp_path / "heatmap.png").read_bytes().startswith(b"\x89PNG")


def test_the_terminal_says_what_the_search_explains() -> None:
    lines = table_lines(board())
    assert lines[1].split()[:2] == ["1", "3"]
    assert "not ranked: 1 of 6 jobs: torn" in lines
    assert any(line.startswith("deflated: how probable") for line in lines)


def test_stretches_are_a_minute_or_less_and_forty_at_least() -> None:
    minute, day = 60 * 10**9, 86_400 * 10**9
    assert len(moments_of(0, 8 * minute)) == 41
    assert len(moments_of(0, 120 * minute)) == 121
    assert len(moments_of(0, 7 * day)) == 1441
    assert moments_of(5, day)[0] == 5
    assert moments_of(5, day)[-1] == day
