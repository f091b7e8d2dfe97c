"""Make an exchange whose market data are read from settings."""

import random
from collections.abc import Sequence

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.network import Network
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.http import HttpSender
from connectors.model.errors import ConfigError
from connectors.websocket import WebSocket
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import MarketData, Settings
from runner.settings.market_data import EXCHANGES
from runner.wiring.markets import instrument_of


def market_data_venue(
    settings: Settings, names: Sequence[str], clock: Clock, warn: Warn
) -> CcxtVenue:
    """Return an exchange for the named markets; raise ConfigError where it is to be traded."""
    chosen = settings.markets[names[0]].venue
    if not isinstance(chosen, MarketData):
        raise TypeError(f"expected settings of market data, was {type(chosen).__name__}")
    if settings.mode.name != "record":
        raise ConfigError(
            f"markets.{names[0]}.venue: expected mode=record with {chosen.name}, was"
            f" mode={settings.mode.name}: its account has been held against nothing yet"
        )
    sender = HttpSender()
    reads = chosen.reads_per_s
    caps = Caps(chosen.requests_per_5s, 1, 1, 1, reads, chosen.connections_per_min)
    # Chance only spreads reconnections: it is no part of what a seed makes repeatable.
    rng = random.Random()
    network = Network(
        chosen.name, Budgets(caps), sender, WebSocket(), clock, rng, warn, sender.close
    )
    terms = PublicTerms(
        EXCHANGES[chosen.name],
        chosen.rest_url,
        chosen.ws_url,
        chosen.max_silence_s,
        chosen.ping_every_s,
        chosen.relist_every_s,
    )
    instruments = {name: instrument_of(settings.markets[name].instrument) for name in names}
    return CcxtVenue(network, PublicOnly(network, terms), instruments)
