"""Make the venues of a paper deploy: the simulated one, and those that packages bring.

A package's entry point (group ``mmrunner.venues``) loads an object with ``Settings``, a class
derived from `runner.settings.VenueSettings`; ``connect(settings, markets, clock)``, which returns
a venue that keeps `connectors.venue.Venue` for the named markets; and ``SIMULATED``, True when no
order of it is real.
"""

from pathlib import Path
from typing import Any

from connectors.model.errors import ConfigError
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import Bybit, Exchange, Lighter, MarketData, Settings, Sim
from runner.settings.registry import VENUES, entry_point
from runner.settings.unoffered import UNOFFERED, Unoffered
from runner.wiring.markets import enabled_markets, is_read_only
from runner.wiring.sim import SIM, Feeds, paper_venue


def markets_by_venue(settings: Settings) -> dict[str, list[str]]:
    """Return the names of the enabled markets by the venue that each has chosen."""
    chosen: dict[str, list[str]] = {}
    for name, market in enabled_markets(settings).items():
        chosen.setdefault(market.venue.name, []).append(name)
    return chosen


def require_simulated(settings: Settings) -> None:
    """Raise ConfigError when a venue of a paper deploy would send real orders."""
    for name, markets in markets_by_venue(settings).items():
        if name == SIM:
            continue
        if name in VENUES or not getattr(_brought(name), "SIMULATED", False):
            raise ConfigError(
                f"markets.{markets[0]}.venue: expected a simulated venue on paper, was {name}"
            )


def require_real(settings: Settings) -> None:
    """Raise ConfigError when a venue of a live deploy is a simulated one."""
    for name, markets in markets_by_venue(settings).items():
        if VENUES.get(name) is Unoffered:
            raise _unoffered(name, markets[0])
        if name == SIM or (name not in VENUES and getattr(_brought(name), "SIMULATED", False)):
            raise ConfigError(
                f"markets.{markets[0]}.venue: expected a real venue with mode=live, was {name};"
                " mode=paper trades on simulated ones"
            )


def has_account(settings: Settings) -> bool:
    """Tell whether a deploy names an account of a real venue, by its id or by the venue's index."""
    markets = enabled_markets(settings).values()
    is_named = any(isinstance(m.venue, Lighter) and m.venue.account_index for m in markets)
    return (is_named or settings.account_id is not None) and not is_simulated(settings)


def is_simulated(settings: Settings) -> bool:
    """Tell whether a deploy trades on simulated venues. Raises ConfigError where only some are."""
    try:
        require_simulated(settings)
    except ConfigError:
        require_real(settings)
        return False
    return True


def venues_of(
    settings: Settings,
    clock: Clock,
    account_path: Path | None,
    warn: Warn,
    feeds: Feeds | None = None,
) -> dict[str, Venue]:
    """Return every venue of a deploy by its name; without a path the account is in memory.

    `feeds` are the real prices that some simulated markets have.
    """
    venues: dict[str, Venue] = {}
    for name, markets in markets_by_venue(settings).items():
        model = VENUES.get(name)
        if model is Sim:
            venues[name] = paper_venue(settings, markets, clock, account_path, feeds)
        elif model is Lighter:
            from runner.wiring.lighter import lighter_venue

            venues[name] = lighter_venue(settings, markets, clock, warn)
        elif model is Bybit:
            from runner.wiring.bybit import bybit_venue

            venues[name] = bybit_venue(settings, markets, clock, warn)
        elif model is Exchange and not is_read_only(settings):
            from runner.wiring.exchange import exchange_venue

            venues[name] = exchange_venue(settings, markets, clock, warn)
        elif model in (MarketData, Exchange):
            from runner.wiring.market_data import market_data_venue

            venues[name] = market_data_venue(settings, markets, clock, warn)
        elif model is Unoffered:
            raise _unoffered(name, markets[0])
        else:
            venues[name] = _brought(name).connect(settings, tuple(markets), clock)
    return venues


def _unoffered(name: str, market: str) -> ConfigError:
    return ConfigError(f"markets.{market}.venue: {name} is not offered: {UNOFFERED[name]}")


def _brought(name: str) -> Any:
    found = entry_point("venue", name)
    brought = found.load() if found is not None else None
    if not callable(getattr(brought, "connect", None)):
        raise ConfigError(
            f"venue {name}: expected its entry point to have connect(), was {brought}"
        )
    return brought
