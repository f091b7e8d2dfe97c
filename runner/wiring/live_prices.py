"""Read the prices that paper trades on from real venues: what is public, and nothing is asked."""

from collections.abc import Mapping

from connectors.sim.live import LiveSource
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import Settings
from runner.wiring.stand_in import real_markets
from runner.wiring.venues import venues_of


def public_venues(settings: Settings, clock: Clock, warn: Warn) -> dict[str, Venue]:
    """Return the real venues of a paper deploy by name, each read and never asked for more."""
    names = set(real_markets(settings))
    if not names:
        return {}
    chosen = {name: settings.markets[name] for name in settings.markets if name in names}
    return venues_of(settings.model_copy(update={"markets": chosen}), clock, None, warn)


def sources_of(
    settings: Settings, venues: Mapping[str, Venue]
) -> dict[Venue, dict[str, LiveSource]]:
    """Return what each real venue fills, by market."""
    found: dict[Venue, dict[str, LiveSource]] = {venue: {} for venue in venues.values()}
    for name in real_markets(settings):
        found[venues[settings.markets[name].venue.name]][name] = LiveSource()
    return found
