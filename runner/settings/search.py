"""What a search looks for, how long, and where it remembers its trials."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Checked, Place, Text, Whole, rule

Direction = Literal["maximize", "minimize"]

OBJECTIVES: Mapping[str, Direction] = {
    "net": "maximize",
    "gross": "maximize",
    "fees": "minimize",
    "fills": "maximize",
    "sharpe_annual": "maximize",
    "max_drawdown": "minimize",
    "markout_1s_bps": "maximize",
    "rms_clips": "minimize",
    "peak_clips": "minimize",
}
"""Columns of the leaderboard that can be sought, and which way each is better."""

OF_A_PART = ("net", "sharpe_annual", "max_drawdown")
"""Those that are known for a part of a job's time, and so with `sweep.split`."""


@dataclass(frozen=True)
class Names(Checked):
    """One or more of some names, each once unless `repeats`; a name alone is a list of one."""

    known: tuple[str, ...]
    null: bool = False
    repeats: bool = False

    def expected(self) -> str:
        """Return the names in words."""
        return f"a list of {', '.join(self.known)}{'' if self.repeats else ', each once'}"

    def check(self, value: object) -> tuple[str, ...]:
        """Return the names."""
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)) or not names:
            raise ValueError
        if any(name not in self.known for name in names):
            raise ValueError
        if len(set(names)) < len(names) and not self.repeats:
            raise ValueError
        return tuple(names)


class Search(Block):
    """What `hydra/sweeper=optuna` does with `-m`."""

    trials: Annotated[int, Whole(1, 100_000)]
    objectives: Annotated[tuple[str, ...], Names(tuple(OBJECTIVES))]
    directions: Annotated[
        tuple[str, ...] | None, Names(("maximize", "minimize"), null=True, repeats=True)
    ]
    sampler: Literal["tpe", "random", "cmaes", "nsga2"]
    seed: Annotated[int, Whole(0, 2_147_483_647)]
    threads: Annotated[int | None, Whole(1, 1024, null=True)]
    folds: Annotated[int | None, Whole(1, 100, null=True)]
    window: Literal["anchored", "rolling"]
    study: Annotated[
        str | None, Text("[A-Za-z0-9_.-]{1,100}", "letters, digits, _, . and -", null=True)
    ]
    storage: Annotated[Path | None, Place(null=True)]

    @property
    def ways(self) -> tuple[str, ...]:
        """Which way each objective is better."""
        return self.directions or tuple(OBJECTIVES[name] for name in self.objectives)

    @model_validator(mode="after")
    def _each_objective_has_a_direction(self) -> Self:
        if len(self.ways) != len(self.objectives):
            raise rule(
                f"expected a direction for each of {', '.join(self.objectives)},"
                f" was {', '.join(self.ways)}"
            )
        if len(self.objectives) > 1 and self.sampler == "cmaes":
            raise rule("expected one objective with sampler=cmaes, were several; nsga2 takes more")
        return self
