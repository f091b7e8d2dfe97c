"""Watch what a currency is worth that is meant to be worth one of the reporting currency.

Further off than the limit, nothing adds exposure in it; it is let go once it is back within a
smaller distance, so that a price at the limit does not switch at every tick. What it is worth is
the mid of a market of the deploy that trades it, or else the configured rate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from connectors.model.kernel import kernel


@kernel
def is_off_peg(was_off: bool, away: int, depeg: int, release: int) -> bool:
    """Tell whether a currency is off its peg, so far away; `release` is under `depeg`."""
    return away > release if was_off else away > depeg


@dataclass(frozen=True, slots=True)
class PegSteps:
    """Par, and the two distances from it, in half ticks of the market that is looked at."""

    par_half_ticks: int
    depeg_half_ticks: int
    release_half_ticks: int


class Source(Protocol):
    """Whose mid says what the currency is worth."""

    mark_half_ticks: int

    def look(self) -> None:
        """Take the mark if there is a sound one."""

    def is_marked(self, now_ns: int, most_age_ns: int) -> bool:
        """Tell whether the mark may be relied on."""


@dataclass(slots=True)
class Peg:
    """One currency. Without a `source` it stays as it `is_off` by the configured rate."""

    currency: str
    steps: PegSteps
    source: Source | None
    warn: Callable[[int, str, str], None]
    is_off: bool = False

    def look(self) -> bool:
        """Look at the source's mark; tell whether the currency is off its peg now and was not, or
        the other way about."""
        if self.source is None:
            return False
        self.source.look()
        if self.source.mark_half_ticks <= 0:
            return False
        was_off, steps = self.is_off, self.steps
        away = abs(self.source.mark_half_ticks - steps.par_half_ticks)
        self.is_off = is_off_peg(was_off, away, steps.depeg_half_ticks, steps.release_half_ticks)
        return self.is_off != was_off

    def follow(self, now_ns: int) -> None:
        """Look, and tell a person what has changed."""
        if self.look():
            is_off = f"{self.currency} is off its peg: no order adds exposure in it"
            self.warn(now_ns, "", is_off if self.is_off else f"{self.currency} is at its peg again")

    def holds(self, now_ns: int, most_age_ns: int) -> bool:
        """Tell whether exposure in the currency may not grow: it is off, or nobody knows."""
        self.follow(now_ns)
        is_known = self.source is None or self.source.is_marked(now_ns, most_age_ns)
        return self.is_off or not is_known
