"""Describe how a deploy starts again, is killed, and is cleared up after."""

from typing import Annotated, Literal

from runner.settings.fields import Block, Real, Text, Whole
from runner.settings.venue import Sim


class Paper(Block):
    """What paper does with an account that is already there, and what it trades on."""

    account: Literal["resume", "fresh"]
    exchange: Sim
    """The simulated exchange of markets whose prices are a real venue's; its fees are that
    venue's."""


class Start(Block):
    """When a deploy that crashes again and again is no longer started."""

    max_crashes: Annotated[int | None, Whole(1, 1000, null=True)]
    crash_window_s: Annotated[float, Real(1, 86_400)]


class Kill(Block):
    """What is written down with a kill."""

    reason: Annotated[str | None, Text(r"[^\x00-\x1f\x7f]{1,200}", "a line of text", null=True)]


class Flatten(Block):
    """What mode=flatten does beside cancelling our orders."""

    close: bool
    foreign: bool
    within_s: Annotated[float, Real(5, 3600)]


class Backup(Block):
    """Copies of a deploy's books."""

    path: Annotated[str | None, Text(r"[^\x00-\x1f\x7f]{1,4096}", "a directory", null=True)]
    keep: Annotated[int, Whole(1, 10_000)]


class Bundle(Block):
    """What mode=bundle packs."""

    run: Annotated[str | None, Text(r"[^\x00-\x1f\x7f]{1,4096}", "a directory", null=True)]
    most_mb: Annotated[int, Whole(1, 4096)]
