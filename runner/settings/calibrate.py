"""Say what `mode=calibrate` shows beside its fits."""

from typing import Annotated

from runner.settings.fields import Block, Real, Whole


class Calibrate(Block):
    """Whether markets are held against each other, and what a tape needs to be ranked."""

    screen: bool
    min_minutes: Annotated[float, Real(1, 1_000_000)]
    min_orders: Annotated[int, Whole(30, 1_000_000_000)]
    min_fills: Annotated[int, Whole(10, 1_000_000_000)]
