"""Make Bybit from settings."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.native.bybit_rest import BybitRest
from connectors.ccxt.native.bybit_streams import bybit_manner, bybit_streams
from connectors.ccxt.native.parts import NativeOnly, Read
from connectors.ccxt.network import Network
from connectors.http import HttpSender
from connectors.websocket import WebSocket
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import Bybit, Settings
from runner.wiring.keys import keys_of
from runner.wiring.markets import instrument_of, is_read_only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connectors.ccxt.bybit import Terms
    from connectors.ccxt.bybit_safety import Safety


def bybit_venue(settings: Settings, names: Sequence[str], clock: Clock, warn: Warn) -> CcxtVenue:
    """Return Bybit for the named markets: with its account when live, and with orders when armed.

    Raises ConfigError where the key is not there.
    """
    chosen = settings.markets[names[0]].venue
    if not isinstance(chosen, Bybit):
        raise TypeError(f"expected settings of bybit, was {type(chosen).__name__}")
    sender = HttpSender()
    # Chance only spreads reconnections: it is no part of what a seed makes repeatable.
    network = Network(
        chosen.name,
        Budgets(caps_of(chosen)),
        sender,
        WebSocket(),
        clock,
        random.Random(),
        warn,
        sender.close,
    )
    instruments = {name: instrument_of(settings.markets[name].instrument) for name in names}
    has_account = not is_read_only(settings)
    if not has_account and chosen.public == "native":
        return CcxtVenue(network, _read_only(network, chosen), instruments)
    from connectors.ccxt.bybit import Bybit as Parts

    variables = {"key_env": chosen.key_env, "secret_env": chosen.secret_env}
    keys = keys_of(names[0], variables) if has_account else None
    sends = has_account and settings.armed
    parts = Parts(network, terms_of(chosen), keys, sends, safety_of(chosen))
    venue = CcxtVenue(network, parts, instruments)
    if sends:
        venue.cancel_all_out_of_loop = parts.emergency(tuple(instruments.values()))
    return venue


def terms_of(chosen: Bybit) -> Terms:
    """Return a network as the adapter knows it."""
    from connectors.ccxt.bybit import Terms

    return Terms(
        rest_url=chosen.rest_url,
        public_url=chosen.public_url,
        private_url=chosen.private_url,
        trade_url=chosen.trade_url,
        account_name=chosen.account,
        max_silence_s=chosen.max_silence_s,
        ping_every_s=chosen.ping_every_s,
        relist_every_s=chosen.relist_every_s,
        is_native=chosen.public == "native",
    )


def _read_only(network: Network, chosen: Bybit) -> NativeOnly:
    """Return the market data alone, without ccxt."""
    manner = bybit_manner(chosen.max_silence_s, chosen.ping_every_s)
    streams = bybit_streams(network, chosen.public_url, manner)
    read = Read(BybitRest(network, chosen.rest_url), streams)
    return NativeOnly(network, read, chosen.relist_every_s)


def caps_of(chosen: Bybit) -> Caps:
    """Return what the venue allows, as the adapter knows it."""
    return Caps(
        requests_per_5s=chosen.requests_per_5s,
        places_per_s=chosen.places_per_s,
        cancels_per_s=chosen.cancels_per_s,
        amends_per_s=chosen.amends_per_s,
        reads_per_s=chosen.reads_per_s,
        connections_per_min=chosen.connections_per_min,
    )


def safety_of(chosen: Bybit) -> Safety:
    """Return what the account is to be like."""
    from connectors.ccxt.bybit_safety import Safety

    mode = None if chosen.margin_mode == "as_it_is" else chosen.margin_mode
    return Safety(mode, chosen.leverage, chosen.disconnect_cancel_s)
