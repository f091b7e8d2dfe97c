"""Write down how a trial ended, whole, so that a later start ranks it as if it had run it."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from runner.config.sweep import Job
from runner.guard import Ending
from runner.report.pnl import Pnl
from runner.sweep.grid import Done
from runner.sweep.score import Score

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that has ended: its job, its score, and what it came to.

    `values` are the objectives', None for a failure; `misses` is by how many fills it falls short
    of `sweep.min_fills` (0: it may be chosen).
    """

    done: Done
    score: Score | None
    values: tuple[float, ...] | None
    misses: int

    @property
    def number(self) -> int:
        """The trial's number in its study."""
        return self.done.job.number

    @property
    def can_be_chosen(self) -> bool:
        """Whether it counts among those that one may be chosen from."""
        return self.values is not None and not self.misses


def plain_of(trial: Trial) -> Plain:
    """Return a trial as plain values."""
    score = trial.score
    pnl = score.pnl if score is not None else None
    return {
        "directory": str(trial.done.job.directory),
        "ending": asdict(trial.done.ending),
        "score": None if score is None else {**asdict(score), "pnl": None},
        "pnl": None if pnl is None else {k: _text(value) for k, value in asdict(pnl).items()},
        "values": trial.values,
        "misses": trial.misses,
    }


def trial_of(plain: Plain, job: Job) -> Trial:
    """Return the trial that was written down; `job` is the same, composed anew."""
    pnl, values = plain["pnl"], plain["values"]
    money = None if pnl is None else Pnl(**{key: _decimal(text) for key, text in pnl.items()})
    score = plain["score"]
    return Trial(
        Done(replace(job, directory=Path(plain["directory"])), Ending(**plain["ending"])),
        None
        if score is None
        else Score(**{**score, "pnl": money, "returns": tuple(score["returns"])}),
        None if values is None else tuple(values),
        plain["misses"],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Any:
    return None if text is None else Decimal(text)
