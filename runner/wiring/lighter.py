"""Make Lighter from settings."""

import os
import random
from collections.abc import Sequence

from connectors.calls import Calls, Patience
from connectors.http import HttpSender
from connectors.lighter.adapter import Holder, LighterVenue
from connectors.lighter.budgets import Budgets, Caps
from connectors.lighter.expected import Expectations, Expected, margin_terms
from connectors.lighter.library import PrivateKey
from connectors.lighter.manner import Manner
from connectors.lighter.network import Network
from connectors.lighter.rest import Rest
from connectors.lighter.signer import ThreadSigner
from connectors.lighter.terms import Terms
from connectors.lighter.trading import (
    countdown_of,
    emergency_of,
    leverage_of,
    orders_of,
    signer_of,
)
from connectors.model.errors import ConfigError
from connectors.venue import RescueWords
from connectors.websocket import WebSocket
from runner.engine.clock import Clock
from runner.engine.warnings import Warn
from runner.settings import Lighter, Settings
from runner.wiring.markets import instrument_of, is_read_only
from runner.wiring.wallets import require_own_currencies


def lighter_venue(
    settings: Settings, names: Sequence[str], clock: Clock, warn: Warn
) -> LighterVenue:
    """Return Lighter for the named markets: with its account when live, and with orders when armed.

    Raises ConfigError where the account or its key is not said.
    """
    chosen = _chosen(settings, names[0])
    terms = terms_of(chosen)
    budgets = Budgets(terms.caps)
    # Chance only spreads reconnections: it is no part of what a seed makes repeatable.
    rng = random.Random()
    sender = HttpSender()
    rest = Rest(terms.rest_url, Calls(sender, budgets.reads, clock, rng, Patience()))
    network = Network(terms, budgets, rest, WebSocket(), clock, rng, warn, sender.close)
    instruments = {name: instrument_of(settings.markets[name].instrument) for name in names}
    if is_read_only(settings):
        return LighterVenue(network, instruments)
    require_own_currencies(settings, names, "lighter")
    account, key = _account_of(names[0], chosen)
    signer = signer_of(account, chosen.key_index, key, chosen.chain_id)
    holder = Holder(account, signer)
    expected = expectations_of(settings, names)
    if not settings.armed or settings.mode.name == "doctor":
        venue = LighterVenue(network, instruments, holder)
        venue.expected = expected
        return venue
    cancels = _cancel_signer_of(names[0], chosen, account, key)
    orders = orders_of(network, sender, signer, manner=manner_of(chosen), cancel_signer=cancels)
    venue = LighterVenue(network, instruments, holder, orders)
    venue.expected, venue.leverage = expected, leverage_of(network, sender, signer)
    venue.cancel_all_out_of_loop = emergency_of(
        chosen.rest_url, account, *_key_of_cancels(names[0], chosen, key), chosen.chain_id
    )
    if settings.mode.name != "live":
        return venue
    venue.rescue = _rescue_of(names[0], chosen, account)
    if chosen.cancel_all_after_s is not None:
        venue.countdown = countdown_of(network, orders, signer, chosen.cancel_all_after_s)
    return venue


def _account_of(name: str, chosen: Lighter) -> tuple[int, PrivateKey]:
    """Return the account and its key, which is read from the environment."""
    if chosen.account_index is None:
        raise ConfigError(
            f"markets.{name}.venue.account_index: expected the account that trades, with mode=live"
        )
    return chosen.account_index, _key_of(f"markets.{name}.venue.key_env", chosen.key_env)


def _cancel_signer_of(
    name: str, chosen: Lighter, account: int, key: PrivateKey
) -> ThreadSigner | None:
    """Return the signer of the key that cancels have for themselves, where there is one."""
    if chosen.cancel_key_index is None:
        return None
    return signer_of(account, *_key_of_cancels(name, chosen, key), chosen.chain_id)


def _key_of_cancels(name: str, chosen: Lighter, key: PrivateKey) -> tuple[int, PrivateKey]:
    """Return index and key that cancel: those of cancels alone, or those of orders."""
    if chosen.cancel_key_index is None:
        return chosen.key_index, key
    path = f"markets.{name}.venue.cancel_key_env"
    return chosen.cancel_key_index, _key_of(path, chosen.cancel_key_env)


def _key_of(path: str, variable: str) -> PrivateKey:
    key = os.environ.get(variable)
    if not key:
        raise ConfigError(
            f"{path}: expected the environment variable {variable} to hold the private half of the"
            " API key, was not set"
        )
    return PrivateKey(key)


def _rescue_of(name: str, chosen: Lighter, account: int) -> RescueWords:
    """Return what a watchdog needs, with a key of its own where it has one."""
    key_env, key_index = chosen.key_env, chosen.key_index
    if chosen.watchdog_key_env is not None and chosen.watchdog_key_index is not None:
        key_env, key_index = chosen.watchdog_key_env, chosen.watchdog_key_index
        _key_of(f"markets.{name}.venue.watchdog_key_env", key_env)
    words: dict[str, str | int] = {
        "rest_url": chosen.rest_url,
        "chain_id": chosen.chain_id,
        "account": account,
        "key_index": key_index,
        "key_env": key_env,
    }
    return RescueWords("connectors.lighter.rescue:made", words)


def manner_of(chosen: Lighter) -> Manner:
    """Return how commands are sent."""
    return Manner(
        skips_nonces=chosen.nonces == "skip",
        waits_for_answers=chosen.wait_answer,
        counts_each=chosen.batch_counts_each,
        signs_ahead=chosen.presign_cancels,
    )


def expectations_of(settings: Settings, names: Sequence[str]) -> Expectations:
    """Return what a deploy expects of its account."""
    chosen = _chosen(settings, names[0])
    expected = {name: _expected(settings, name) for name in names}
    return Expectations(chosen.key_index, expected, chosen.cancel_key_index)


def _chosen(settings: Settings, name: str) -> Lighter:
    chosen = settings.markets[name].venue
    if not isinstance(chosen, Lighter):
        raise TypeError(f"expected settings of lighter, was {type(chosen).__name__}")
    return chosen


def _expected(settings: Settings, name: str) -> Expected:
    chosen = _chosen(settings, name)
    mode, leverage = chosen.margin.mode, chosen.margin.leverage
    margin = None if mode is None or leverage is None else margin_terms(mode, leverage)
    return Expected(
        chosen.maker_fee_bps,
        chosen.taker_fee_bps,
        margin,
        chosen.set_leverage,
        settings.markets[name].max_position_quote,
    )


def terms_of(chosen: Lighter) -> Terms:
    """Return a network as the adapter knows it."""
    return Terms(
        rest_url=chosen.rest_url,
        ws_url=chosen.ws_url,
        caps=Caps(
            connections=chosen.connections_per_min,
            messages=chosen.messages_per_min,
            messages_in_flight=chosen.messages_in_flight,
            reads=chosen.reads_per_min,
            reads_have_weight=chosen.reads_have_weight,
            subscriptions=chosen.subscriptions_per_connection,
            sends=chosen.sends_per_min,
        ),
        has_ticker=chosen.ticker,
        max_silence_s=chosen.max_silence_s,
        ping_every_s=chosen.ping_every_s,
        max_age_s=chosen.max_connection_age_s,
        relist_every_s=chosen.relist_every_s,
        funding_every_s=chosen.funding_every_s,
    )
