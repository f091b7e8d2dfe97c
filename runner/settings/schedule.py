"""Describe what happens by the clock: jobs of the house, and what is asked of markets.

What is asked of markets is a state of the moment, in the zone that it names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.cron import Cron
from runner.settings.fields import Block, Checked, Exact, Real, rule
from runner.settings.moment import moment_ns
from runner.settings.zone import Week, Zone

MOST_MOMENTS = 1000
ALL = "all"

StepS = Annotated[float, Real(0.1, 3600)]
SlippageBps = Annotated[float, Real(0, 1000)]
Line = Annotated[str, Cron(null=False)]
LineOrNull = Annotated[str | None, Cron()]
ZoneName = Annotated[str, Zone()]


@dataclass(frozen=True)
class Names(Checked):
    """`all`, or a list of markets; stored as a tuple, None for all."""

    def expected(self) -> str:
        """Return the forms in words."""
        return "all, or a list of markets such as [btc,eth]"

    def check(self, value: object) -> tuple[str, ...] | None:
        """Return the names."""
        if value == ALL:
            return None
        if not isinstance(value, (list, tuple)) or not value:
            raise ValueError
        if not all(isinstance(name, str) for name in value) or len(set(value)) != len(value):
            raise ValueError
        return tuple(value)


Markets = Annotated[tuple[str, ...] | None, Names()]


@dataclass(frozen=True)
class Moments(Checked):
    """A list of moments in UTC; stored as nanoseconds since the epoch, in order."""

    def expected(self) -> str:
        """Return the form in words."""
        return "a list of moments, in UTC unless they say another, such as [2026-12-10T13:30:00]"

    def check(self, value: object) -> tuple[int, ...]:
        """Return the moments in order."""
        if not isinstance(value, (list, tuple)) or len(value) > MOST_MOMENTS:
            raise ValueError
        if not all(isinstance(item, (str, int)) and item is not True for item in value):
            raise ValueError
        return tuple(sorted({moment_ns(str(item)) for item in value}))


class Job(Block):
    """A moment that comes again: every so many seconds, or by a cron line in UTC."""

    every_s: Annotated[float | None, Real(0.1, 31_536_000, null=True)]
    cron: LineOrNull

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.every_s is None) == (self.cron is None):
            raise rule(
                f"expected one of every_s and cron, was "
                f"{'neither' if self.cron is None else 'both'}; the other is null"
            )
        return self


class Hours(Block):
    """When markets are quoted, by the clock of a zone."""

    markets: Markets
    zone: ZoneName
    windows: Annotated[tuple[tuple[int, int], ...], Week()]


class Pause(Block):
    """Times around events in which markets are not quoted."""

    markets: Markets
    zone: ZoneName
    cron: LineOrNull
    at: Annotated[tuple[int, ...], Moments()]
    before_s: Annotated[float, Real(0, 604_800)]
    after_s: Annotated[float, Real(0, 604_800)]

    @model_validator(mode="after")
    def _it_has_moments_and_a_length(self) -> Self:
        if (self.cron is None) == (not self.at):
            raise rule(
                f"expected one of cron and at, was {'neither' if self.cron is None else 'both'};"
                " the other is null or []"
            )
        if self.before_s + self.after_s <= 0:
            raise rule("expected before_s or after_s above 0, was 0 and 0")
        return self


class Moves(Block):
    """How a position is taken down to where it should be, by orders that take."""

    step_s: StepS
    max_slippage_bps: SlippageBps
    within_s: Annotated[float, Real(10, 86_400)]


class Flattening(Moves):
    """Moments at which positions are closed."""

    markets: Markets
    zone: ZoneName
    cron: Line


class Rebalance(Moves):
    """Moments from which on markets lean towards another position."""

    zone: ZoneName
    cron: Line
    target_base: Mapping[str, Annotated[Decimal, Exact(-1_000_000_000, 1_000_000_000)]] | None
    weights: Mapping[str, Annotated[float, Real(-100, 100)]] | None
    capital: Annotated[Decimal | None, Exact(0, 1_000_000_000_000, above=True, null=True)]
    by: Literal["quotes", "orders"]
    tolerance_clips: Annotated[float, Real(0, 1000)]

    @model_validator(mode="after")
    def _it_has_one_kind_of_target(self) -> Self:
        if bool(self.target_base) == bool(self.weights):
            raise rule(
                f"expected one of target_base and weights, was"
                f" {'both' if self.weights else 'neither'}; the other is null"
            )
        if self.weights and self.capital is None:
            raise rule("expected the capital that weights are shares of, was null")
        return self


class HedgeSweep(Block):
    """Moments at which what hedges is to hedge the inside of its band too."""

    markets: Markets
    zone: ZoneName
    cron: Line
    within_s: Annotated[float, Real(10, 86_400)]


class Refit(Block):
    """What the job `recalibrate` fits to, and how far it may move what is in use."""

    lookback_s: Annotated[float, Real(60, 604_800)]
    within_s: Annotated[float, Real(1, 3600)]
    max_step_frac: Annotated[float, Real(0, 1, above=True)]
    max_factor: Annotated[float, Real(1, 10, above=True)]


JobName = Literal["metrics", "housekeeping", "refresh", "report", "recalibrate", "funding_scan"]


class Schedule(Block):
    """What is asked for by the clock."""

    jobs: Mapping[JobName, Job]
    refit: Refit
    hours: Mapping[str, Hours]
    pauses: Mapping[str, Pause]
    rebalances: Mapping[str, Rebalance]
    flattens: Mapping[str, Flattening]
    hedge_sweeps: Mapping[str, HedgeSweep]

    @property
    def asks_of_markets(self) -> bool:
        """Tell whether anything is asked of a market."""
        entries = (self.hours, self.pauses, self.rebalances, self.flattens, self.hedge_sweeps)
        return any(entries) or self.refits

    @property
    def refits(self) -> bool:
        """Tell whether rates are fitted anew at moments that a replay knows too."""
        job = self.jobs.get("recalibrate")
        return job is not None and job.cron is not None
