"""Hyperliquid's account is cleared from outside of the adapter, beside it and without it."""

import asyncio
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from connectors.calls import Request
from connectors.ccxt import hyperliquid_rescue
from connectors.ccxt.hyperliquid_rescue import AHEAD_MS, HyperliquidRescue, made
from connectors.ccxt.hyperliquid_signing import Nonces, Signer
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED, CANCELLED
from tests.connectors.ccxt.hyperliquid_trader import Trader, trading
from tests.venues.common.memory import asked
from tests.venues.hyperliquid.client import Client, opened
from tests.venues.hyperliquid.keys import ADDRESS, AGENT_KEY

URL = "http://venue"


def rescue_of(venue: Any, *symbols: str) -> HyperliquidRescue:
    def ask(request: Request) -> Any:
        return msgspec.json.decode(venue.ask(asked(request)).answer.body)

    signer = Signer(AGENT_KEY, False, Nonces(AHEAD_MS))
    return HyperliquidRescue("hyperliquid", URL, ADDRESS, signer, symbols or ("BTC", "ETH"), ask)


def crowded() -> Client:
    """Return a client with more orders than one cancel names, in two markets."""
    client = opened(has_crowd=False)
    client.place(*(client.order(str(n)) for n in range(1, 26)))
    client.place(client.order("90", a=0, p="80000", s="0.001"))
    return client


@pytest.fixture(autouse=True)
def no_pause() -> Any:
    with patch.object(hyperliquid_rescue, "PAUSE_S", 0.0):
        yield


def test_all_that_rests_is_cancelled_however_much_that_is() -> None:
    client = crowded()
    rescue = rescue_of(client.venue)
    rescue.ready()
    assert rescue.resting() == 26
    rescue.cancel_all()
    assert (rescue.resting(), client.account.live_orders()) == (0, [])


def test_only_our_markets_are_cleared() -> None:
    client = crowded()
    rescue_of(client.venue, "ETH").cancel_all()
    assert [order.symbol for order in client.account.live_orders()] == ["BTC"]


def test_a_venue_that_refuses_is_told_with_its_reason() -> None:
    client = crowded()
    client.account.keys.clear()
    with pytest.raises(VenueError, match=r"cancel them by hand") as raised:
        rescue_of(client.venue, "ETH").cancel_all()
    assert "does not exist" in str(raised.value)


def test_a_rescue_beside_the_adapter_spends_nonces_of_its_own() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 4)]
        await asyncio.sleep(1)
        rescue_of(stand.there).cancel_all()
        after = stand.place(5)
        await asyncio.sleep(1)
        assert {tuple(stand.heard(order)) for order in orders} == {(ACCEPTED, CANCELLED)}
        assert stand.heard(after) == [ACCEPTED]
        assert len(set(stand.there.guard.seen)) == len(stand.there.guard.seen)

    trading(act, has_crowd=False)


WORDS = {
    "venue": "hyperliquid",
    "network": "testnet",
    "rest_url": URL,
    "key_env": "ADDRESS",
    "secret_env": "AGENT_KEY",
    "symbols": "BTC,ETH",
}


def test_a_watchdog_finds_the_key_among_its_secrets_or_says_which_is_missing() -> None:
    secrets = {"ADDRESS": ADDRESS, "AGENT_KEY": AGENT_KEY}
    made(WORDS, secrets, lambda: 0).ready()
    with pytest.raises(VenueError, match="expected AGENT_KEY to hold"):
        made(WORDS, {"ADDRESS": ADDRESS}, lambda: 0)
