"""Say what a live view shows of each market, and what every view keeps to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MarketView:
    """One market at one moment. Prices are text as the venue writes them, empty where none is.

    `net_quote` is None while the mark that it needs is unknown. `age_s` is the age of the last
    market data, None before the first. Reasons are names, as `strategies.reasons.names` gives them.
    Markouts are medians after 1 s over the last fills of a side, `uptime_frac` is the share of time
    with orders on both sides; None: nothing known yet.
    """

    name: str
    quote: str
    mid: str
    bid: str
    ask: str
    inventory_clips: float
    sigma_bps: float
    net_quote: Decimal | None
    fills: int
    bid_reasons: tuple[str, ...]
    ask_reasons: tuple[str, ...]
    age_s: float | None
    bid_markout_bps: float | None = None
    ask_markout_bps: float | None = None
    uptime_frac: float | None = None


class Watch(Protocol):
    """Show views while a run runs. It reads only, and a broken output never reaches the run."""

    def start(self) -> None:
        """Open the view; import here what it needs, before the run begins."""

    def update(self, views: Sequence[MarketView], now_ns: int) -> None:
        """Show the markets as of `now_ns`. May be called as often as one likes."""

    def tell(self, health: str) -> None:
        """Show from now on how the deploy is: `green`, or `red: ` and why."""

    def expose(self, held: str) -> None:
        """Show from now on what all markets hold together, in one line."""

    def stop(self) -> None:
        """Show the last state and leave the terminal as it was."""


class Quiet:
    """Show nothing."""

    def start(self) -> None:
        """Do nothing."""

    def update(self, views: Sequence[MarketView], now_ns: int) -> None:
        """Do nothing."""

    def tell(self, health: str) -> None:
        """Do nothing."""

    def expose(self, held: str) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""
