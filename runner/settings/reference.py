"""Describe what a market is taken to be worth: its own mid, or more."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Numbers, Real, Text, rule

Beta = Annotated[float, Real(-100, 100)]
CapBps = Annotated[float, Real(0, 1000)]

CELLS = 40
"""Four spreads of ten buckets."""


class Reference(Block):
    """The fair value of a market."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a reference")]
    price: Literal["mid", "weighted", "micro"]
    imbalance_bps: Beta
    """At an imbalance of 1."""
    imbalance_cap_bps: CapBps
    flow_bps: Beta
    """For each deviation of the order flow."""
    flow_cap_bps: CapBps
    flow_memory_s: Annotated[float, Real(0, 3600, above=True)]
    lead: Annotated[str | None, Text("[a-z0-9_]{1,64}", "the name of a market", null=True)]
    lead_half_life_s: Annotated[float, Real(0.1, 86_400)]
    lead_max_age_ms: Annotated[float, Real(200, 600_000)]
    """A lead that says nothing new is told ten times a second."""
    lead_cap_bps: CapBps
    max_bps: CapBps
    microprice_ticks: Annotated[tuple[float, ...] | None, Numbers(CELLS, -1000, 1000, null=True)]

    @model_validator(mode="after")
    def _a_micro_price_counts_the_queue_once(self) -> Self:
        if self.price != "mid" and self.imbalance_bps != 0.0:
            raise rule(
                f"expected imbalance_bps 0 with price={self.price}, which has the imbalance in it"
                f" already, was {self.imbalance_bps:g}"
            )
        return self
