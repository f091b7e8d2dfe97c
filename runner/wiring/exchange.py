"""Make an exchange that is traded through ccxt from settings."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from connectors.ccxt.account_parts import Setup
from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.binance import BinanceUsdm
from connectors.ccxt.binance_spot import BinanceSpot
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.hyperliquid import Hyperliquid, HyperliquidVenue
from connectors.ccxt.kucoin import Kucoin
from connectors.ccxt.native import hyperliquid_streams, kucoin_streams, mexc_rest
from connectors.ccxt.native.binance_streams import SPOT_REST
from connectors.ccxt.network import Network
from connectors.ccxt.okx import Okx
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.http import HttpSender
from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from connectors.venue import RescueWords
from connectors.websocket import WebSocket
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import Settings
from runner.settings.exchange import TRADED, Exchange
from runner.wiring.keys import keys_of
from runner.wiring.market_data import look_weight, streams_of
from runner.wiring.markets import instrument_of
from runner.wiring.wallets import require_own_currencies

if TYPE_CHECKING:
    from connectors.ccxt.mexc import Mexc

    AnyParts = BinanceUsdm | BinanceSpot | Mexc | Okx | Kucoin | Hyperliquid


def exchange_venue(settings: Settings, names: Sequence[str], clock: Clock, warn: Warn) -> CcxtVenue:
    """Return an exchange with its account for the named markets, and with orders when armed.

    Raises ConfigError where the key is not there.
    """
    chosen = settings.markets[names[0]].venue
    if not isinstance(chosen, Exchange):
        raise TypeError(f"expected settings of an exchange, was {type(chosen).__name__}")
    if chosen.is_of_spot:
        require_own_currencies(settings, names, chosen.name)
    sender = HttpSender()
    # Chance only spreads reconnections: it is no part of what a seed makes repeatable.
    rng = random.Random()
    network = Network(
        chosen.name,
        Budgets(_caps_of(chosen)),
        sender,
        WebSocket(),
        clock,
        rng,
        warn,
        sender.close,
    )
    instruments = {name: instrument_of(settings.markets[name].instrument) for name in names}
    sends = settings.armed
    symbols = [each.symbol for each in instruments.values()]
    parts = _parts_of(names[0], chosen, network, sends, symbols)
    is_metered = isinstance(parts, Hyperliquid)
    venue = (HyperliquidVenue if is_metered else ExaminedVenue)(network, parts, instruments)
    if sends and TRADED[chosen.name] in RESCUES:
        venue.rescue = _rescue_of(chosen, settings, instruments)
    if sends:
        venue.cancel_all_out_of_loop = parts.emergency(tuple(instruments.values()))
    is_live = sends and settings.mode.name == "live"
    if is_live and chosen.countdown_s is not None and isinstance(parts, BinanceUsdm | Okx):
        venue.countdown = parts.countdown(symbols, chosen.countdown_s)
    return venue


RESCUES = {
    "binance": ("connectors.ccxt.spot_rescue:binance", SPOT_REST),
    "mexc": ("connectors.ccxt.spot_rescue:mexc", mexc_rest.REST),
    "hyperliquid": ("connectors.ccxt.hyperliquid_rescue:made", hyperliquid_streams.REST),
    "kucoinfutures": ("connectors.ccxt.kucoin_rescue:made", kucoin_streams.REST),
}
"""Who makes the rescue of an exchange without a countdown, by its name in ccxt, and where that
is."""


def _rescue_of(
    chosen: Exchange, settings: Settings, instruments: Mapping[str, Instrument]
) -> RescueWords:
    """Return what a watchdog needs; raise ConfigError where none is wanted: nothing else cancels
    what rests there once this process is gone."""
    if settings.watchdog.silence_s is None:
        raise ConfigError(
            f"watchdog.silence_s: expected seconds with {chosen.name} and armed=true, was null:"
            " the venue has no countdown, so only the watchdog cancels what a dead process left"
        )
    maker, rest_url = RESCUES[TRADED[chosen.name]]
    words = {
        "venue": chosen.name,
        "network": chosen.network,
        "rest_url": chosen.rest_url or rest_url,
        "key_env": chosen.key_env,
        "secret_env": chosen.secret_env,
        "symbols": ",".join(each.symbol for each in instruments.values()),
    }
    if chosen.passphrase_env is not None:
        words["passphrase_env"] = chosen.passphrase_env
    return RescueWords(maker, words)


def _parts_of(
    market: str, chosen: Exchange, network: Network, sends: bool, symbols: Sequence[str]
) -> AnyParts:
    variables = {
        "key_env": chosen.key_env,
        "secret_env": chosen.secret_env,
        "passphrase_env": chosen.passphrase_env,
    }
    keys, streams = keys_of(market, variables), streams_of(chosen, network)
    where, terms = where_of(chosen), _terms_of(chosen)
    setup = Setup(network, where, streams, keys, terms, sends, chosen.account)
    match where.exchange:
        case "okx":
            return Okx(setup, is_demo=chosen.network == "demo")
        case "hyperliquid":
            return Hyperliquid(setup, symbols, is_mainnet=chosen.network == "mainnet")
        case "mexc":
            # Its streams are Protocol Buffers, which nobody else needs.
            from connectors.ccxt.mexc import Mexc

            return Mexc(setup)
        case "kucoinfutures":
            return Kucoin(setup)
        case "binance":
            return BinanceSpot(setup)
        case _:
            return BinanceUsdm(setup)


def where_of(chosen: Exchange) -> PublicTerms:
    """Return an exchange's places as the adapter knows them."""
    return PublicTerms(
        TRADED[chosen.name],
        chosen.rest_url,
        chosen.ws_url,
        chosen.max_silence_s,
        chosen.ping_every_s,
        chosen.relist_every_s,
    )


def _terms_of(chosen: Exchange) -> Terms:
    mode = None if chosen.margin_mode == "as_it_is" else chosen.margin_mode
    return Terms(chosen.maker_fee_bps, chosen.taker_fee_bps, mode, chosen.leverage)


def _caps_of(chosen: Exchange) -> Caps:
    return Caps(
        requests_per_5s=chosen.requests_per_5s,
        places_per_s=chosen.places_per_s,
        cancels_per_s=chosen.cancels_per_s,
        amends_per_s=chosen.amends_per_s,
        reads_per_s=chosen.reads_per_s,
        connections_per_min=chosen.connections_per_min,
        look_weight=look_weight(chosen),
    )
