"""Make an exchange whose market data are read from settings."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.native import hyperliquid_streams, kucoin_streams, okx_streams
from connectors.ccxt.native.binance_rest import BinanceRest
from connectors.ccxt.native.binance_streams import (
    SPOT_REST,
    SPOT_WS,
    USDM_REST,
    USDM_WS,
    binance_manner,
    binance_streams,
)
from connectors.ccxt.native.hyperliquid_rest import HyperliquidRest
from connectors.ccxt.native.kucoin_rest import KucoinRest
from connectors.ccxt.native.okx_rest import OkxRest
from connectors.ccxt.native.parts import NativeOnly, Read, Streams
from connectors.ccxt.native.rest import NO_HEADERS
from connectors.ccxt.network import Network
from connectors.http import HttpSender
from connectors.model.errors import ConfigError
from connectors.websocket import WebSocket
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import MarketData, Settings
from runner.settings.market_data import EXCHANGES
from runner.wiring.markets import instrument_of, is_read_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.ccxt.public_only import PublicOnly

HYPERLIQUID_LOOK = 85
"""Position, orders, and three questions for trades ("Rate limits")."""


def market_data_venue(
    settings: Settings, names: Sequence[str], clock: Clock, warn: Warn
) -> CcxtVenue:
    """Return an exchange for the named markets; raise ConfigError where it is to be traded."""
    chosen = settings.markets[names[0]].venue
    if not isinstance(chosen, MarketData):
        raise TypeError(f"expected settings of market data, was {type(chosen).__name__}")
    if not is_read_only(settings):
        raise ConfigError(
            f"markets.{names[0]}.venue: expected mode=record or paper with {chosen.name}, was"
            f" mode={settings.mode.name}: its account has been held against nothing yet"
        )
    sender = HttpSender()
    reads = chosen.reads_per_s
    weight = look_weight(chosen)
    caps = Caps(chosen.requests_per_5s, 1, 1, 1, reads, chosen.connections_per_min, weight)
    # Chance only spreads reconnections: it is no part of what a seed makes repeatable.
    rng = random.Random()
    network = Network(
        chosen.name, Budgets(caps), sender, WebSocket(), clock, rng, warn, sender.close
    )
    parts = (
        _native(chosen, network) if chosen.public == "native" else _through_ccxt(chosen, network)
    )
    instruments = {name: instrument_of(settings.markets[name].instrument) for name in names}
    return CcxtVenue(network, parts, instruments)


def _native(chosen: MarketData, network: Network) -> NativeOnly:
    """Return what reads an exchange without ccxt."""
    return NativeOnly(network, _read_of(chosen, network), chosen.relist_every_s)


def streams_of(chosen: MarketData, network: Network) -> Streams:
    """Return what makes the streams of an exchange's market data."""
    if chosen.public == "native":
        return _read_of(chosen, network).streams
    return _through_ccxt(chosen, network).public


def _read_of(chosen: MarketData, network: Network) -> Read:
    match EXCHANGES[chosen.name]:
        case "okx":
            return _okx(chosen, network)
        case "hyperliquid":
            return _hyperliquid(chosen, network)
        case "kucoinfutures":
            return _kucoin(chosen, network)
        case "mexc":
            return _mexc(chosen, network)
        case _:
            return _binance(chosen, network)


def look_weight(chosen: MarketData) -> int | None:
    """Return what a look weighs where the venue weighs reads."""
    return HYPERLIQUID_LOOK if EXCHANGES[chosen.name] == "hyperliquid" else None


def _binance(chosen: MarketData, network: Network) -> Read:
    is_spot = EXCHANGES[chosen.name] == "binance"
    known = (SPOT_REST, SPOT_WS) if is_spot else (USDM_REST, USDM_WS)
    rest_url, ws_url = chosen.rest_url or known[0], chosen.ws_url or known[1]
    rest = BinanceRest(network, rest_url, is_spot, network.clock.now_ns)
    manner = binance_manner(chosen.max_silence_s, chosen.ping_every_s)
    return Read(rest, binance_streams(network, ws_url, rest, is_spot, manner))


def _mexc(chosen: MarketData, network: Network) -> Read:
    from connectors.ccxt.native.mexc_rest import REST, MexcRest
    from connectors.ccxt.native.mexc_streams import WS, mexc_manner, mexc_streams

    rest = MexcRest(network, chosen.rest_url or REST, network.clock.now_ns)
    manner = mexc_manner(chosen.max_silence_s, chosen.ping_every_s)
    return Read(rest, mexc_streams(network, chosen.ws_url or WS, rest, manner))


def _okx(chosen: MarketData, network: Network) -> Read:
    marks = okx_streams.DEMO if chosen.network == "demo" else NO_HEADERS
    rest = OkxRest(network, chosen.rest_url or okx_streams.REST, marks)
    manner = okx_streams.okx_manner(chosen.max_silence_s, chosen.ping_every_s)
    ws_url = chosen.ws_url or okx_streams.WS
    return Read(rest, okx_streams.okx_streams(network, ws_url, manner))


def _hyperliquid(chosen: MarketData, network: Network) -> Read:
    rest = HyperliquidRest(network, chosen.rest_url or hyperliquid_streams.REST)
    manner = hyperliquid_streams.hyperliquid_manner(chosen.max_silence_s, chosen.ping_every_s)
    ws_url = chosen.ws_url or hyperliquid_streams.WS
    return Read(rest, hyperliquid_streams.hyperliquid_streams(network, ws_url, manner))


def _kucoin(chosen: MarketData, network: Network) -> Read:
    rest = KucoinRest(network, chosen.rest_url or kucoin_streams.REST)
    manner = kucoin_streams.kucoin_manner(chosen.max_silence_s, chosen.ping_every_s)
    return Read(rest, kucoin_streams.kucoin_streams(network, chosen.ws_url, rest, manner))


def _through_ccxt(chosen: MarketData, network: Network) -> PublicOnly:
    """Return what reads an exchange by ccxt's parsers."""
    from connectors.ccxt.public_only import PublicOnly, PublicTerms

    terms = PublicTerms(
        EXCHANGES[chosen.name],
        chosen.rest_url,
        chosen.ws_url,
        chosen.max_silence_s,
        chosen.ping_every_s,
        chosen.relist_every_s,
    )
    return PublicOnly(network, terms)
