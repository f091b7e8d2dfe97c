"""Plan the funding of one replayed market, and say what it paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.model.errors import DataError
from connectors.model.instrument import Instrument
from connectors.sim.funding import Settlement, load_funding, payment_quote
from connectors.sim.funding_schedule import recorded, regular
from connectors.sim.margin import BILLION
from connectors.tape.funding import read_funding
from runner.settings import Market, Settings, Sim
from runner.wiring.sim import sim_settings

PER_BPS = Decimal("0.0001")
HOUR_NS = 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class FundingPlan:
    """The settlements of one market's replay."""

    settlements: tuple[Settlement, ...] = ()

    def paid_quote(self, exchange: Any, instrument: Instrument) -> Decimal:
        """Return what they paid us, after the replay."""
        return payment_quote(exchange.funding, self.settlements, instrument)


def plan_funding(
    settings: Settings, name: str, exchange: Any, first_ns: int, last_ns: int
) -> FundingPlan:
    """Let a market's exchange settle funding as configured; a spot market has none.

    Raises DataError for a table that cannot be read.
    """
    market = settings.markets[name]
    venue = sim_settings(name, market)
    if market.instrument.is_spot:
        return FundingPlan()
    if venue.funding_path is not None:
        history = read_funding(venue.funding_path, venue.funding_utc_offset_h)
        found = recorded(history, first_ns, last_ns, str(venue.funding_path))
    else:
        rate = venue.funding_rate_bps * PER_BPS
        found = regular(rate, venue.funding_interval_h, first_ns, last_ns)
    if exchange.margin.is_on:
        _require_exact(name, found)
    load_funding(exchange, found)
    return FundingPlan(found)


def _require_exact(name: str, found: Sequence[Settlement]) -> None:
    """Raise DataError for a rate that margin could not count exactly."""
    for settlement in found:
        if settlement.rate * BILLION != int(settlement.rate * BILLION):
            raise DataError(
                f"markets.{name}.venue: expected funding rates of at most 9 decimals with margin,"
                f" was {settlement.rate}"
            )


def usual_funding_bps_per_h(market: Market) -> float | None:
    """Return what a perpetual's longs pay an hour: the mean of its history, or as configured.

    None for a spot market, and where neither is there. Raises DataError for a history that cannot
    be read.
    """
    venue = market.venue
    if market.instrument.is_spot or not isinstance(venue, Sim):
        return None
    if venue.funding_path is None:
        return float(venue.funding_rate_bps) / float(venue.funding_interval_h)
    history = read_funding(venue.funding_path, venue.funding_utc_offset_h)
    if len(history) < 2:
        return None
    hours = (history[-1][0] - history[0][0]) / HOUR_NS
    paid_bps = float(sum((rate for _, rate in history[1:]), Decimal(0)) / PER_BPS)
    return paid_bps / hours if hours > 0 else None
