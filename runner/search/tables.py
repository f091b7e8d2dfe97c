"""Write a search's trials and a walk forward as CSV, for whoever goes on with them."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from runner.report.exact import plain
from runner.report.files import replacement
from runner.search.leg import Found
from runner.search.walk import Step, Walk
from runner.sweep.board import Row

_WALK_HEADS = (
    *("fold", "train_from_ns", "train_to_ns", "test_from_ns", "test_to_ns", "trials"),
    *("chosen", "settings", "train_net", "train_sharpe_annual", "train_deflated_sharpe"),
    *("test_net", "test_sharpe_annual", "test_max_drawdown", "test_fills", "test_exit"),
)


def write_trials(path: Path, found: Found) -> None:
    """Replace `path` with one line a trial, in the order in which they were asked."""
    objectives = found.jobs.first.settings.search.objectives
    front = {trial.number for trial in found.front}
    keys = list(found.jobs.space)
    heads = ("trial", *keys, *objectives, "short_of_fills", "is_on_front", "exit", "directory")

    def lines() -> Iterable[Sequence[str]]:
        for trial in found.trials:
            own = dict(word.split("=", 1) for word in trial.done.job.words)
            values = trial.values or ("",) * len(objectives)
            yield (
                str(trial.number),
                *(own.get(key, "") for key in keys),
                *(str(value) for value in values),
                str(trial.misses),
                str(int(trial.number in front)),
                str(trial.done.ending.code),
                str(trial.done.job.directory),
            )

    _write(path, heads, lines())


def write_walk(path: Path, walk: Walk) -> None:
    """Replace `path` with one line a fold; moments are ns since 1970, empty at the tape's ends."""
    _write(path, _WALK_HEADS, map(_step, walk.steps))


def _step(step: Step) -> Sequence[str]:
    before, after, best = step.inside, step.outside, step.found.best
    moments = (*step.fold.train, *step.fold.test)
    return (
        str(step.fold.number),
        *("" if moment is None else str(moment) for moment in moments),
        str(len(step.found.trials)),
        "" if best is None else str(best.number),
        "" if best is None else best.done.job.told,
        _net(before),
        _sharpe(before),
        _figure(before.deflated if before else None),
        _net(after),
        _sharpe(after),
        _figure(after.inside.drawdown if after and after.inside else None),
        str(after.score.fills) if after and after.score else "",
        "" if step.tested is None else str(step.tested.ending.code),
    )


def _net(row: Row | None) -> str:
    return "" if row is None or row.net is None else plain(row.net)


def _sharpe(row: Row | None) -> str:
    return "" if row is None else _figure(row.annual(row.inside))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _write(path: Path, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with replacement(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(lines)
