"""How the jobs of a sweep are ranked."""

from typing import Annotated

from runner.settings.fields import Block, Real, Whole


class Sweep(Block):
    """What `-m` makes of its jobs' results."""

    min_fills: Annotated[int, Whole(0, 1_000_000)]
    survivors: Annotated[int | None, Whole(1, 1_000_000, null=True)]
    split: Annotated[float | None, Real(0.1, 0.9, null=True)]
