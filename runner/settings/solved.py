"""Describe the strategies whose skew is solved for: GLFT, and Cartea and Jaimungal."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Real, rule
from runner.settings.strategy import Quoting


class Solved(Quoting):
    """What both have: how the value function is solved, and what drifts or gives way."""

    method: Literal["auto", "closed", "exact"]
    value_refresh_s: Annotated[float, Real(0, 3600)]
    value_tolerance_frac: Annotated[float, Real(0, 1)]
    drift_bps_per_s: Annotated[float, Real(-10, 10)]
    impact_bps: Annotated[float, Real(0, 100)]

    @model_validator(mode="after")
    def _skew_is_the_models(self) -> Self:
        if self.skew not in ("saturated", "at_limit"):
            raise rule(
                f"expected skew=saturated or skew=at_limit with a strategy that solves for its"
                f" skew, was skew={self.skew}"
            )
        return self


class Glft(Solved):
    """Gueant, Lehalle and Fernandez-Tapia."""

    execution_gamma: Annotated[float | None, Real(0, 1, null=True)]
    """Null: gamma. 0: no risk of the execution itself."""


class CarteaJaimungal(Solved):
    """Cartea and Jaimungal: penalties of inventory, held and at the end."""

    running_penalty_bps_per_s: Annotated[float | None, Real(0, 100, above=True, null=True)]
    """Of a squared clip; null: from gamma."""
    terminal_penalty_bps: Annotated[float, Real(0, 1000)]
    """Of a squared clip."""
