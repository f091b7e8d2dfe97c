"""Describe the gates: each may pull, widen or shrink a side or leave, and is off unless enabled."""

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


class Regime(Gate):
    """Quote in ranges only."""

    max_adx: Annotated[float, Real(0, 100)]
    release_adx: Annotated[float, Real(0, 100)]
    bar_s: Annotated[float, Real(0.1, 86_400)]

    @model_validator(mode="after")
    def _it_releases_lower(self) -> Self:
        if self.release_adx > self.max_adx:
            raise rule(
                f"expected release_adx at or under max_adx, was {self.release_adx:g} over"
                f" {self.max_adx:g}"
            )
        return self


class Toxicity(Gate):
    """Stand back from market orders that excite each other."""

    calm_score: Annotated[float, Real(-10, 100)]
    toxic_score: Annotated[float, Real(-10, 100)]
    wider_units: Annotated[float, Real(0, 100)]
    baseline_per_s: Annotated[float, Real(0, 1000, above=True)]
    self_per_s: Annotated[float, Real(0, 1000)]
    cross_per_s: Annotated[float, Real(0, 1000)]
    decay_per_s: Annotated[float, Real(0, 1000, above=True)]
    sweep_gap_ms: Annotated[int, Whole(0, 60_000)]

    @model_validator(mode="after")
    def _orders_die_out(self) -> Self:
        if self.self_per_s + self.cross_per_s >= self.decay_per_s or self.self_per_s == 0.0:
            raise rule(
                f"expected self_per_s above 0 and self_per_s + cross_per_s under decay_per_s, or"
                f" orders would beget orders without end, was {self.self_per_s:g} +"
                f" {self.cross_per_s:g} and {self.decay_per_s:g}"
            )
        if self.toxic_score <= self.calm_score:
            raise rule(
                f"expected toxic_score above calm_score, was {self.toxic_score:g} and"
                f" {self.calm_score:g}"
            )
        return self


class BadFills(Gate):
    """Pause a side whose fills turn out bad."""

    rule: Literal["t", "median"]
    threshold_units: Annotated[float, Real(0, 100)]
    errors: Annotated[float, Real(0, 100)]
    min_fills: Annotated[int, Whole(1, 200)]
    median_bps: Bps
    pause_s: PauseS
    probe_frac: Annotated[float, Real(0, 1, above=True)]
    probe_fills: Annotated[int, Whole(1, 200)]
    release_units: Annotated[float, Real(0, 100)]


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


class Leaving(Gate):
    """How a gate takes the position out."""

    slippage_bps: Bps
    retry_s: Annotated[float, Real(0.1, 86_400)]
    pause_s: PauseS


class StopLoss(Leaving):
    """Leave a position that has lost too much."""

    loss_bps: Annotated[float, Real(0, 10_000, above=True)]


class TakeProfit(Leaving):
    """Leave a position that has earned enough."""

    profit_bps: Annotated[float, Real(0, 10_000, above=True)]
    release_bps: Annotated[float, Real(-10_000, 10_000)]

    @model_validator(mode="after")
    def _it_releases_lower(self) -> Self:
        if self.release_bps > self.profit_bps:
            raise rule(
                f"expected release_bps at or under profit_bps, was {self.release_bps:g} over"
                f" {self.profit_bps:g}"
            )
        return self


class Timeout(Leaving):
    """Leave a position that has been open for too long."""

    after_s: Annotated[float, Real(0, 604_800, above=True)]


class AgeExit(Leaving):
    """Leave part of an old losing position where staying is expected to cost more."""

    after_s: Annotated[float, Real(0, 604_800, above=True)]
    share_frac: Annotated[float, Real(0, 1, above=True)]
    offset: Literal["unit", "ticks"]
    loss_units: Annotated[float, Real(0, 100)]
    loss_ticks: Annotated[float, Real(0, 10_000)]


class Gates(Block):
    """The gates of a market, in the order in which they are looked at."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a set of gates")]
    hours: Hours
    funding: Funding
    book_spread: BookSpread
    flip_rate: FlipRate
    regime: Regime
    net_loss: NetLoss
    guard: Guard
    side_fills: SideFills
    toxicity: Toxicity
    cooldown: Cooldown
    bad_fills: BadFills
    ladder: Ladder
    economics: Economics
    stop_loss: StopLoss
    take_profit: TakeProfit
    timeout: Timeout
    age_exit: AgeExit
