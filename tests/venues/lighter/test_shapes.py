"""What the stand-in says has the words and types of what the venue was recorded to say."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.recordings import recorded
from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.orders import TimeInForce

OPTIONAL = frozenset(
    {
        "maker_fee",
        "taker_fee",
        "taker_position_size_before",
        "taker_entry_quote_before",
        "taker_initial_margin_fraction_before",
        "taker_position_sign_changed",
        "maker_position_size_before",
        "maker_entry_quote_before",
        "maker_initial_margin_fraction_before",
        "maker_position_sign_changed",
        "base_interest_rate",
        "mid_price",
        "next_cursor",
        "total_discount",
        "total_funding_paid_out",
    }
)
"""What the venue leaves out in some messages and says in others."""


def traded() -> Client:
    """Return a client of a market in which it has a position, an order and trades."""
    client = opened(funding_s=5.0)
    channels = ("orders", "trades", "positions", "assets")
    client.subscribe(*(f"account_all_{name}/{ACCOUNT}" for name in channels))
    client.subscribe(f"user_stats/{ACCOUNT}", f"account_tx/{ACCOUNT}", "height")
    client.subscribe("order_book/0", "ticker/0", "trade/0", "market_stats/0")
    client.subscribe("market_stats/all")
    client.pass_time(2.0)
    client.place(1, Price=305_000, TimeInForce=TimeInForce.IOC)
    client.place(2, Price=290_000)
    client.pass_time(10.0)
    return client


@pytest.fixture(scope="module")
def client() -> Client:
    """Give the tests one client, whose frames are kept by `frames`."""
    return traded()


@pytest.fixture(scope="module")
def frames(client: Client) -> dict[str, Any]:
    """Give the last frame by type and channel."""
    return {f"{f['type']} {f.get('channel', '')}": f for f in client.frames()}


def example(name: str) -> Any:
    """Return a recorded message."""
    folder: Path = recorded("payloads") / "nautilus" / "lighter"
    return json.loads((folder / name).read_text())


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return how two messages differ in words and types; of lists and maps by number, one row."""
    if isinstance(theirs, list) and isinstance(ours, list):
        return differences(ours[0], theirs[0], f"{path}[]") if ours and theirs else []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if theirs and all(key.isdecimal() for key in theirs):
            return differences(next(iter(ours.values())), next(iter(theirs.values())), f"{path}.#")
        odd = {key for key in ours.keys() ^ theirs.keys() if key not in OPTIONAL}
        found = [f"{path}.{key} is only on one side" for key in sorted(odd)]
        for key in ours.keys() & theirs.keys():
            found += differences(ours[key], theirs[key], f"{path}.{key}")
        return found
    numbers = (int, float)
    if type(ours) is type(theirs) or (isinstance(ours, numbers) and isinstance(theirs, numbers)):
        return []
    return [f"{path} is {type(ours).__name__}, recorded as {type(theirs).__name__}"]


@pytest.mark.parametrize(
    ("frame", "recording"),
    [
        ("subscribed/order_book order_book:0", "ws_order_book_subscribed.json"),
        ("update/order_book order_book:0", "ws_order_book_update.json"),
        ("subscribed/ticker ticker:0", "ws_ticker_subscribed.json"),
        ("update/ticker ticker:0", "ws_ticker_update.json"),
        ("update/trade trade:0", "ws_trade_update.json"),
        ("subscribed/market_stats market_stats:0", "ws_market_stats_subscribed_single.json"),
        ("update/market_stats market_stats:all", "ws_market_stats_update_all.json"),
        ("update/height height", "ws_height_update.json"),
        (
            f"update/account_all_positions account_all_positions:{ACCOUNT}",
            "ws_account_all_positions_update.json",
        ),
        (
            f"update/account_all_trades account_all_trades:{ACCOUNT}",
            "ws_account_all_trades_update.json",
        ),
        (
            f"update/account_all_assets account_all_assets:{ACCOUNT}",
            "ws_account_all_assets_update.json",
        ),
        (f"update/user_stats user_stats:{ACCOUNT}", "ws_user_stats_update.json"),
    ],
)
def test_a_frame_has_the_recorded_shape(frames: dict[str, Any], frame: str, recording: str) -> None:
    assert differences(frames[frame], example(recording)) == []


def test_an_order_has_the_recorded_shape(frames: dict[str, Any]) -> None:
    ours = frames[f"update/account_all_orders account_all_orders:{ACCOUNT}"]["orders"]["0"][0]
    theirs = example("ws_account_orders_update.json")["orders"]["0"][0]
    assert differences(ours, theirs) == []


@pytest.mark.parametrize(
    ("path", "words", "recording"),
    [
        ("account", {"by": "index", "value": ACCOUNT}, "http_account.json"),
        ("nextNonce", {"account_index": ACCOUNT, "api_key_index": 4}, "http_next_nonce.json"),
        ("orderBookDetails", {"market_id": 0}, "http_order_book_details.json"),
        ("orderBookOrders", {"market_id": 0, "limit": 5}, "http_order_book_orders.json"),
        ("orderBooks", {}, "http_order_books.json"),
        ("accountActiveOrders", {"account_index": ACCOUNT, "market_id": 0}, "http_orders.json"),
        ("accountInactiveOrders", {"account_index": ACCOUNT, "limit": 1}, "http_orders.json"),
        ("recentTrades", {"market_id": 0, "limit": 5}, "http_recent_trades.json"),
        ("trades", {"account_index": ACCOUNT, "limit": 5}, "http_recent_trades.json"),
        ("fundings", {"market_id": 0}, "http_fundings.json"),
    ],
)
def test_an_answer_has_the_recorded_shape(
    client: Client, path: str, words: dict[str, Any], recording: str
) -> None:
    status, body = client.get(path, **words)
    assert status == 200
    assert differences(body, example(recording)) == []


@pytest.mark.parametrize(
    ("model", "path", "words"),
    [
        ("AccountApiKeys", "apikeys", {"account_index": ACCOUNT, "api_key_index": 4}),
        ("AccountLimits", "accountLimits", {"account_index": ACCOUNT}),
        ("DetailedAccounts", "account", {"by": "index", "value": ACCOUNT}),
        ("FundingRates", "funding-rates", {}),
        ("Fundings", "fundings", {"market_id": 0}),
        ("NextNonce", "nextNonce", {"account_index": ACCOUNT, "api_key_index": 4}),
        ("OrderBookDetails", "orderBookDetails", {"market_id": 0}),
        ("OrderBookOrders", "orderBookOrders", {"market_id": 0, "limit": 5}),
        ("OrderBooks", "orderBooks", {}),
        ("Orders", "accountActiveOrders", {"account_index": ACCOUNT, "market_id": 0}),
        ("PositionFundings", "positionFunding", {"account_index": ACCOUNT}),
        ("Trades", "trades", {"account_index": ACCOUNT, "limit": 5}),
        ("Txs", "accountTxs", {"account_index": ACCOUNT, "limit": 5}),
        ("ZkLighterInfo", "info", {}),
    ],
)
def test_an_answer_has_the_types_of_the_sdk(
    client: Client, model: str, path: str, words: dict[str, Any]
) -> None:
    from lighter import models

    status, body = client.get(path, **words)
    assert status == 200
    wrong = []
    try:
        getattr(models, model).model_validate(body)
    except ValidationError as error:
        wrong = [each for each in error.errors() if each["type"] != "missing"]
        wrong = [each for each in wrong if each["input"] is not None]
    assert wrong == [], "only types count: the venue itself leaves out what is zero, or says null"
    rows = [value for value in body.values() if isinstance(value, list)]
    assert any(rows) or not rows
