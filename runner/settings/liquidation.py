"""Describe how far a position is kept from its liquidation."""

from typing import Annotated, Self

from pydantic import model_validator

from runner.settings.fields import Block, Real, rule


class Liquidation(Block):
    """Stages by what is left of the margin's buffer, and by sigmas of a minute; the nearer."""

    enabled: bool
    warn_buffer_frac: Annotated[float, Real(0, 1)]
    reduce_buffer_frac: Annotated[float, Real(0, 1)]
    emergency_buffer_frac: Annotated[float, Real(0, 1)]
    warn_sigmas: Annotated[float, Real(0, 1000)]
    reduce_sigmas: Annotated[float, Real(0, 1000)]
    emergency_sigmas: Annotated[float, Real(0, 1000)]
    release_frac: Annotated[float, Real(0, 1)]
    step_frac: Annotated[float, Real(0, 1, above=True)]
    step_s: Annotated[float, Real(0.1, 3600)]
    pause_s: Annotated[float, Real(0, 86_400)]
    slippage_bps: Annotated[float, Real(0, 1000)]
    maintenance_frac: Annotated[float, Real(0, 0.5)]

    @model_validator(mode="after")
    def _stages_follow_each_other(self) -> Self:
        for unit in ("buffer_frac", "sigmas"):
            warn, less, urgent = (
                getattr(self, f"{stage}_{unit}") for stage in ("warn", "reduce", "emergency")
            )
            if not warn >= less >= urgent:
                raise rule(
                    f"expected warn_{unit}, reduce_{unit} and emergency_{unit} to fall, was"
                    f" {warn:g}, {less:g} and {urgent:g}"
                )
        return self
