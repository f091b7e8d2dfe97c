"""What the stand-in says has at least the words, and the types, of recorded messages."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.recordings import recorded
from tests.venues.bybit.client import Client, opened
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.scenes import rest

SPELLED_OTHERWISE = frozenset({"totalPerpUpl"})
"""What the recorded message spells in another way than the venue's reference."""


@pytest.fixture(scope="module")
def client() -> Client:
    """Give the tests one client, which has a position, an order and trades."""
    client = opened(funding_s=5.0)
    client.listen("order", "execution", "execution.fast", "position", "wallet")
    topics = ("orderbook.1", "orderbook.50", "publicTrade", "tickers")
    client.public.subscribe(*(f"{topic}.{BTC}" for topic in topics))
    rest(client, "1", price="90500", timeInForce="IOC")
    rest(client, "2")
    client.cancel("2")
    rest(client, "3")
    client.pass_time(10.0)
    return client


@pytest.fixture(scope="module")
def frames(client: Client) -> dict[str, Any]:
    """Give the last frame by topic and type."""
    told = client.private.frames() + client.public.frames()
    return {f"{f.get('topic')} {f.get('type', '')}".strip(): f for f in told}


def example(name: str) -> Any:
    """Return a recorded message."""
    folder: Path = recorded("payloads") / "nautilus" / "bybit"
    return json.loads((folder / f"{name}.json").read_text())


def missing(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return which recorded words we lack or say as another type; of lists one row is looked at."""
    if isinstance(theirs, list) and isinstance(ours, list):
        return missing(ours[0], theirs[0], f"{path}[]") if ours and theirs else []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = []
        for key in theirs.keys() - SPELLED_OTHERWISE:
            if key not in ours:
                found.append(f"{path}.{key} is missing")
            else:
                found += missing(ours[key], theirs[key], f"{path}.{key}")
        return found
    if None in (ours, theirs) or type(ours) is type(theirs):
        return []
    return [f"{path} is {type(ours).__name__}, recorded as {type(theirs).__name__}"]


@pytest.mark.parametrize(
    ("frame", "recording"),
    [
        (f"orderbook.1.{BTC} snapshot", "ws_orderbook_snapshot"),
        (f"orderbook.50.{BTC} delta", "ws_orderbook_delta"),
        (f"publicTrade.{BTC} snapshot", "ws_public_trade"),
        ("order", "ws_account_order"),
        ("execution", "ws_account_execution"),
        ("execution.fast", "ws_account_execution_fast"),
        ("position", "ws_account_position"),
        ("wallet", "ws_account_wallet"),
    ],
)
def test_a_frame_has_the_recorded_words(frames: dict[str, Any], frame: str, recording: str) -> None:
    assert missing(frames[frame], example(recording)) == []


def test_a_ticker_has_the_recorded_words() -> None:
    client = opened()
    client.public.subscribe(f"tickers.{BTC}")
    (first,) = client.public.frames(f"tickers.{BTC}")
    assert missing(first, example("ws_ticker_linear")) == []


@pytest.mark.parametrize(
    ("path", "words", "recording"),
    [
        ("account/info", {}, "http_get_account_info"),
        ("account/fee-rate", {"symbol": BTC}, "http_get_fee_rate"),
        ("account/wallet-balance", {"accountType": "UNIFIED"}, "http_get_wallet_balance"),
        ("execution/list", {"execType": "Trade"}, "http_get_executions"),
        ("market/funding/history", {"symbol": BTC}, "http_get_funding_history"),
        ("market/instruments-info", {}, "http_get_instruments_linear"),
        ("market/kline", {"symbol": BTC, "interval": "1"}, "http_get_klines_linear"),
        ("market/orderbook", {"symbol": BTC}, "http_get_orderbook"),
        ("market/recent-trade", {"symbol": BTC}, "http_get_trades_recent"),
        ("order/history", {}, "http_get_orders_history"),
        ("order/realtime", {"symbol": BTC}, "http_get_orders_realtime"),
        ("position/list", {"symbol": BTC}, "http_get_positions"),
    ],
)
def test_an_answer_has_the_recorded_words(
    client: Client, path: str, words: dict[str, Any], recording: str
) -> None:
    answer = client.get(f"/v5/{path}", category="linear", **words)
    assert answer["retCode"] == 0
    assert missing(answer, example(recording)) == []


def test_an_acknowledgement_over_a_stream_has_the_recorded_words(client: Client) -> None:
    client.authenticate(client.trade)
    header = {"X-BAPI-TIMESTAMP": str(client.venue.exchange.now_ms)}
    order = client.order("4")
    client.trade.hear(op="order.create", reqId="order-req-001", header=header, args=[order])
    assert missing(client.trade.frames()[-1], example("ws_order_response")) == []
