"""Give markets their watch over liquidation, from settings."""

from collections.abc import Sequence

from connectors.margined import Margined
from runner.engine.brink import Brink
from runner.engine.station import Station
from runner.engine.warnings import Warn
from runner.settings import Bybit, Exchange, Lighter, Market, Sim, VenueSettings
from runner.settings.liquidation import Liquidation
from strategies.liquidation_state import LiquidationKnobs

MOST_AGE_NS = 60_000_000_000
"""How old the last word may be: a venue is asked every few seconds."""


def set_liquidation(knobs: LiquidationKnobs, chosen: Liquidation, market: Market) -> None:
    """Write a market's stages. One that never holds a position, or owns what it holds, has none."""
    knobs.on = chosen.enabled and market.role != "lead" and not market.instrument.is_spot
    knobs.warn_frac = chosen.warn_buffer_frac
    knobs.reduce_frac = chosen.reduce_buffer_frac
    knobs.urgent_frac = chosen.emergency_buffer_frac
    knobs.warn_sigmas = chosen.warn_sigmas
    knobs.reduce_sigmas = chosen.reduce_sigmas
    knobs.urgent_sigmas = chosen.emergency_sigmas
    knobs.release_frac = chosen.release_frac
    knobs.step_frac = chosen.step_frac
    knobs.step_ns = int(chosen.step_s * 1e9)
    knobs.pause_ns = int(chosen.pause_s * 1e9)
    knobs.slippage_bps = chosen.slippage_bps
    knobs.most_age_ns = MOST_AGE_NS
    knobs.maintenance_frac = chosen.maintenance_frac
    leverage = _leverage(market.venue)
    knobs.initial_frac = 0.0 if leverage is None else 1.0 / leverage


def _leverage(venue: VenueSettings) -> float | None:
    """Return the leverage that a venue's positions are margined with; None where nobody says."""
    match venue:
        case Bybit() | Exchange():
            chosen = venue.leverage
        case Lighter() | Sim():
            chosen = venue.margin.leverage
        case _:
            chosen = None
    return None if chosen is None else float(chosen)


def watch_brinks(stations: Sequence[Station], warn: Warn) -> None:
    """Let every market whose venue lends hear where its position would be liquidated."""
    for station in stations:
        venue = station.reconciler.venue
        is_wanted = station.worker.market.desk.params.liquidation.on
        if is_wanted and isinstance(venue, Margined) and venue.lends(station.name):
            station.brink = Brink(station.worker, venue, warn)
