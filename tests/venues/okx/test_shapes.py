"""What the stand-in says has the words and types of recorded messages, and ours reads both."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.ccxt.okx_words import OkxWords
from connectors.ccxt.words import OwnFill, OwnOrder, OwnWallet
from connectors.model.events import FILLED, LIQUIDATION, MAKER
from tests.recordings import recorded
from tests.venues.bybit.test_shapes import missing
from tests.venues.okx.client import Client, opened


@pytest.fixture(scope="module")
def client() -> Client:
    """Give the tests one client, which has a position and trades."""
    client = opened()
    client.listen("orders", "positions", "account")
    client.place("a1", px="90500.0", ordType="ioc")
    return client


@pytest.fixture(scope="module")
def frames(client: Client) -> dict[str, Any]:
    """Give the last frame by its channel."""
    return {frame["arg"]["channel"]: frame for frame in client.frames() if "data" in frame}


def example(name: str) -> Any:
    """Return a recorded message."""
    folder: Path = recorded("payloads") / "nautilus" / "okx"
    return json.loads((folder / f"{name}.json").read_text())


def test_orders_have_the_words_of_recorded_ones(frames: dict[str, Any], client: Client) -> None:
    assert missing(frames["orders"], example("ws_orders")) == []
    pending = client.get("/api/v5/trade/orders-history", instType="SWAP", instId="BTC-USDT-SWAP")
    assert missing(pending, example("http_get_orders_pending")) == []


def said_in(name: str) -> list[Any]:
    said = OkxWords().private_word(example(name))
    assert isinstance(said, list)
    return said


def test_recorded_orders_are_read_with_their_trades() -> None:
    order, fill = said_in("ws_orders")
    assert isinstance(order, OwnOrder)
    assert isinstance(fill, OwnFill)
    assert (order.kind, fill.role, fill.fee) == (FILLED, MAKER, None)
    assert fill.trade_id == "2497956918703120384:1518905529"


@pytest.mark.parametrize("name", ["ws_orders_liquidation", "ws_orders_adl"])
def test_recorded_liquidations_are_of_no_order_of_ours(name: str) -> None:
    (fill,) = said_in(name)
    assert isinstance(fill, OwnFill)
    assert (fill.role, fill.client_text) == (LIQUIDATION, "")


def test_a_recorded_account_without_totals_is_that_of_its_settling_currency() -> None:
    (wallet,) = said_in("ws_account")
    assert isinstance(wallet, OwnWallet)
    assert str(wallet.equity) == "100.52768569797846"
    assert wallet.maintenance == 0


def test_what_is_over_is_read_as_over(frames: dict[str, Any]) -> None:
    said = OkxWords().private_word(frames["orders"])
    assert isinstance(said, list)
    order, fill = said
    assert isinstance(order, OwnOrder)
    assert isinstance(fill, OwnFill)
    assert order.kind == FILLED
    assert fill.fee is not None
    assert fill.fee.amount > 0
