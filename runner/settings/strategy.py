"""Describe a strategy: how it prices, how wide, how many orders, how often."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Real, Text, Whole, rule

Frac = Annotated[float, Real(0, 1)]
Gamma = Annotated[float, Real(0.01, 1)]
LEAST_KAPPA, MOST_KAPPA = 0.5, 10.0
Kappa = Annotated[float, Real(LEAST_KAPPA, MOST_KAPPA)]
SpreadBps = Annotated[float, Real(0, 10_000)]
LockoutMs = Annotated[int, Whole(0, 600_000)]
HalfLifeS = Annotated[float, Real(0, 864_000, above=True)]
SigmaBps = Annotated[float, Real(0, 1000, above=True)]


class StrategySettings(Block):
    """What every strategy has. One of your own subclasses this, or `Quoting`, and adds its keys."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a strategy")]


class Volatility(Block):
    """How live and reference volatility are measured, in bps per square root of a second."""

    estimator: Literal["ewma", "window", "bipower"]
    live_half_life_s: HalfLifeS
    ref_half_life_s: HalfLifeS
    sample_s: Annotated[float, Real(0.1, 60)]
    """Both are measured on the same samples, or their ratio would be biased."""
    smoothing_half_life_ms: Annotated[float, Real(0, 60_000)]
    prior_bps_per_sqrt_s: SigmaBps
    floor_bps_per_sqrt_s: SigmaBps
    warmup_s: Annotated[float, Real(0, 86_400)]
    max_ratio: Annotated[float, Real(1, 100)]

    @model_validator(mode="after")
    def _prior_is_above_floor(self) -> Self:
        if self.prior_bps_per_sqrt_s < self.floor_bps_per_sqrt_s:
            raise rule(
                f"expected prior_bps_per_sqrt_s at or above floor_bps_per_sqrt_s, "
                f"was {self.prior_bps_per_sqrt_s:g} under {self.floor_bps_per_sqrt_s:g}"
            )
        return self


class Recalibration(Block):
    """How kappa and the arrival rate are fitted anew while a market is quoted."""

    every_s: Annotated[float | None, Real(1, 86_400, null=True)]
    half_life_s: HalfLifeS
    max_step_frac: Annotated[float, Real(0, 1, above=True)]
    max_factor: Annotated[float, Real(1, 20)]
    max_age_s: Annotated[float, Real(0, 604_800)]


class Quoting(StrategySettings):
    """A strategy that quotes both sides around a reservation price."""

    gamma: Gamma
    kappa: Kappa
    mode: Literal["perpetual", "session"]
    session_s: Annotated[float | None, Real(0, 604_800, above=True, null=True)]
    session_roll: bool
    min_time_left_frac: Frac
    form: Literal["variance", "linear"]
    skew: Literal["saturated", "plain", "capped", "at_limit"]
    skew_at_limit_half_spreads: Annotated[float, Real(0, 100)]
    intensity_per_s: Annotated[float, Real(0, 1000, above=True)]
    unit_horizon_s: Annotated[float, Real(0, 3600, above=True)]
    risk_horizon_s: Annotated[float, Real(0, 86_400)]
    """0: without end."""
    unit_bps: Annotated[float | None, Real(0, 1000, above=True, null=True)]
    adverse_bps: Annotated[float | None, Real(0, 1000, null=True)]
    """A side; null: `adverse_frac_of_unit` of U."""
    adverse_frac_of_unit: Annotated[float, Real(0, 10)]
    min_spread_bps: SpreadBps
    """Total, as `max_spread_bps` is."""
    max_spread_bps: SpreadBps
    min_edge_bps: Annotated[float, Real(0, 1000)]
    """Total, over twice the maker fee."""
    levels: Annotated[int, Whole(1, 8)]
    level_step_bps: Annotated[float, Real(0, 1000)]
    level_size_factor: Annotated[float, Real(0, 10, above=True)]
    size_skew: Frac
    tolerance_bps: Annotated[float, Real(0, 100)]
    refresh_ms: Annotated[int, Whole(1, 60_000)]
    fill_lockout_ms: LockoutMs
    place_lockout_ms: LockoutMs
    reject_lockout_ms: LockoutMs
    slots_per_level: Annotated[int, Whole(1, 2)]
    amend: Literal["auto", "never"]
    """auto: where the venue can."""
    volatility: Volatility
    recalibration: Recalibration

    @model_validator(mode="after")
    def _spreads_are_ordered(self) -> Self:
        if self.min_spread_bps > self.max_spread_bps:
            raise rule(
                f"expected min_spread_bps at or under max_spread_bps, "
                f"was {self.min_spread_bps:g} over {self.max_spread_bps:g}"
            )
        return self

    @model_validator(mode="after")
    def _session_has_a_length(self) -> Self:
        if (self.mode == "session") != (self.session_s is not None):
            raise rule(
                f"expected session_s with mode=session and null without, "
                f"was {self.session_s} with mode={self.mode}"
            )
        return self
