"""Let the simulated exchange stand in for real venues: on paper with their prices, and in a replay.

A market of a real venue is one of the simulated exchange with that venue's fees. From there on
paper, its tape and its replay are as they are for any simulated market.
"""

from connectors.model.errors import ConfigError
from runner.settings import Market, Settings, Sim
from runner.settings.registry import VENUES
from runner.wiring.markets import enabled_markets


def real_markets(settings: Settings) -> list[str]:
    """Return the enabled markets of built-in venues that are real."""
    return [
        name
        for name, market in enabled_markets(settings).items()
        if not isinstance(market.venue, Sim) and market.venue.name in VENUES
    ]


def simulated(settings: Settings) -> Settings:
    """Return a deploy with each market of a real venue at the simulated exchange.

    Raises ConfigError for a spot market without a wallet to begin with.
    """
    changed = {name: _stood_in(settings, name) for name in real_markets(settings)}
    if not changed:
        return settings
    return settings.model_copy(update={"markets": {**settings.markets, **changed}})


def _stood_in(settings: Settings, name: str) -> Market:
    market = settings.markets[name]
    if market.instrument.is_spot and market.role != "lead":
        for key in ("wallet_base", "wallet_quote"):
            if getattr(market, key) is None:
                raise ConfigError(
                    f"markets.{name}.{key}: expected what the simulated wallet begins with, was"
                    " null"
                )
    venue = market.venue
    fees = {"maker_fee_bps": venue.maker_fee_bps, "taker_fee_bps": venue.taker_fee_bps}
    amends = {"amends": venue.can_amend}
    return market.model_copy(
        update={"venue": settings.paper.exchange.model_copy(update=fees | amends)}
    )
