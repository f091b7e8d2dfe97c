"""Describe the gates: each may pull, widen or shrink one side, and is off unless enabled."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Numbers, Real, Text, Whole, rule
from runner.settings.week import Windows

Bps = Annotated[float, Real(0, 1000)]
PauseMs = Annotated[int, Whole(0, 3_600_000)]
PauseS = Annotated[float, Real(0, 86_400)]
Share = Annotated[float, Real(0, 1)]

RUNGS = 4
"""Steps of the inventory ladder."""


class Gate(Block):
    """What every gate has."""

    enabled: bool


class Hours(Gate):
    """When to quote."""

    windows: Annotated[tuple[tuple[int, int], ...], Windows()]


class Funding(Gate):
    """Pause around funding timestamps."""

    interval_h: Annotated[int, Whole(1, 24)]
    before_s: PauseS
    after_s: PauseS


class BookSpread(Gate):
    """Bounds of the book's own spread."""

    min_bps: Bps
    max_bps: Annotated[float | None, Real(0, 10_000, above=True, null=True)]

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.max_bps is not None and self.max_bps < self.min_bps:
            raise rule(
                f"expected max_bps at or above min_bps, was {self.max_bps:g} under {self.min_bps:g}"
            )
        return self


class FlipRate(Gate):
    """Pause while the weighted mid keeps crossing mid."""

    max_per_200ms: Annotated[int, Whole(1, 32)]
    pause_ms: PauseMs


class NetLoss(Gate):
    """Stop on a net result that chance does not explain."""

    floor_bps: Bps
    errors: Annotated[float, Real(0, 100)]
    min_volume_quote: Annotated[float, Real(0, 1_000_000_000_000)]


class Guard(Gate):
    """Stop adding to a large position."""

    max_frac: Share
    release_frac: Share

    @model_validator(mode="after")
    def _it_releases_lower(self) -> Self:
        if self.release_frac > self.max_frac:
            raise rule(
                f"expected release_frac at or under max_frac, was {self.release_frac:g} over"
                f" {self.max_frac:g}"
            )
        return self


class SideFills(Gate):
    """Pause a side that is filled too often."""

    max_fills: Annotated[int, Whole(1, 64)]
    window_s: Annotated[float, Real(0.001, 3600)]
    pause_s: PauseS


class Cooldown(Gate):
    """Pause a side after its fill."""

    min_ms: PauseMs
    max_ms: PauseMs

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> Self:
        if self.max_ms < self.min_ms:
            raise rule(f"expected max_ms at or above min_ms, was {self.max_ms} under {self.min_ms}")
        return self


class Ladder(Gate):
    """Step the heavy side back and down."""

    at_frac: Annotated[tuple[float, ...], Numbers(RUNGS, 0, 1, rising=True)]
    size_frac: Annotated[tuple[float, ...], Numbers(RUNGS, 0, 1)]
    offset: Literal["unit", "ticks"]
    wider_units: Annotated[tuple[float, ...], Numbers(RUNGS, 0, 100)]
    wider_ticks: Annotated[tuple[float, ...], Numbers(RUNGS, 0, 10_000)]


class Economics(Gate):
    """What the edge of an adding quote has to cover."""

    adverse_bps: Bps
    min_edge_bps: Bps


class Gates(Block):
    """The gates of a market, in the order in which they are looked at."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a set of gates")]
    hours: Hours
    funding: Funding
    book_spread: BookSpread
    flip_rate: FlipRate
    net_loss: NetLoss
    guard: Guard
    side_fills: SideFills
    cooldown: Cooldown
    ladder: Ladder
    economics: Economics
