"""The stand-in of Binance's USD-M futures refuses and tells as its documents say."""

import json
from typing import Any

import pytest

from tests.venues.binance.client import Client, opened
from tests.venues.binance.guard import signed
from tests.venues.binance.keys import READ_KEY, READ_SECRET
from tests.venues.common.http import Asked

BOOK = "/fapi/v1/openOrders"


def asked(client: Client, query: str, key: str = "") -> Any:
    headers = {"x-mbx-apikey": key or client.key}
    plan = client.venue.ask(Asked("GET", BOOK, {}, headers, b"", query=query))
    return json.loads(plan.answer.body)


def words(client: Client, ahead_ms: int = 0) -> dict[str, object]:
    stamp_ms = client.venue.exchange.now_ms + ahead_ms
    return {"symbol": "BTCUSDT", "recvWindow": 5000, "timestamp": stamp_ms}


def test_a_request_is_let_in_by_its_signature_alone() -> None:
    client = opened(has_crowd=False)
    assert asked(client, signed(client.secret, words(client))) == []
    assert asked(client, signed("another", words(client)))["code"] == -1022
    sound = signed(client.secret, words(client))
    assert asked(client, sound.replace("BTCUSDT", "ETHUSDT"))["code"] == -1022
    assert asked(client, sound.partition("&signature=")[0])["code"] == -1102
    assert asked(client, sound, key="nobody's")["code"] == -2015


@pytest.mark.parametrize("ahead_ms", [-6_000, 1_500])
def test_a_stamp_that_is_old_or_of_the_future_is_refused(ahead_ms: int) -> None:
    client = opened(has_crowd=False)
    assert asked(client, signed(client.secret, words(client, ahead_ms)))["code"] == -1021


def test_a_key_that_only_reads_places_nothing() -> None:
    client = opened(has_crowd=False)
    reader = Client(client.venue, READ_KEY, READ_SECRET)
    assert reader.ask("GET", BOOK, symbol="BTCUSDT") == []
    assert reader.place("1")["code"] == -2015


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": "91000.0"}, -5022),
        ({"price": "89000.05"}, -1111),
        ({"quantity": "0.0005"}, -1111),
        ({"quantity": "0.001"}, -4164),
        ({"symbol": "NOUSDT"}, -1121),
        ({"timeInForce": "XXX"}, -1102),
        ({"reduceOnly": "true"}, -2022),
        ({"quantity": "900.000"}, -2019),
    ],
)
def test_an_order_is_refused_with_the_venues_code(change: dict[str, str], code: int) -> None:
    client = opened()
    assert client.place("1", **change)["code"] == code
    assert client.account.live_orders() == []


def test_an_id_serves_once_while_its_order_rests() -> None:
    client = opened(has_crowd=False)
    assert client.place("1")["status"] == "NEW"
    assert client.place("1")["code"] == -4116
    gone = client.ask("DELETE", "/fapi/v1/order", symbol="BTCUSDT", origClientOrderId="1")
    assert gone["status"] == "CANCELED"
    again = client.ask("DELETE", "/fapi/v1/order", symbol="BTCUSDT", origClientOrderId="1")
    assert again["code"] == -2011
    assert [event["o"]["x"] for event in client.events("ORDER_TRADE_UPDATE")] == ["NEW", "CANCELED"]


def test_an_order_and_its_trades_are_told_together() -> None:
    client = opened()
    client.place("1", price="90500.0", timeInForce="IOC")
    events = [event["o"] for event in client.events("ORDER_TRADE_UPDATE")]
    assert [event["x"] for event in events][:2] == ["NEW", "TRADE"]
    assert events[-1]["X"] == "FILLED"
    trades = client.ask("GET", "/fapi/v1/userTrades", symbol="BTCUSDT")
    assert [trade["id"] for trade in trades] == [e["t"] for e in events if e["x"] == "TRADE"]
    assert "clientOrderId" not in trades[0]


def test_a_countdown_cancels_one_market_alone() -> None:
    client = opened(has_crowd=False)
    client.place("1")
    client.place("2", symbol="ETHUSDT", price="2900.00", quantity="0.100")
    path = "/fapi/v1/countdownCancelAll"
    told = client.ask("POST", path, symbol="BTCUSDT", countdownTime=10_000)
    assert told == {"symbol": "BTCUSDT", "countdownTime": "10000"}
    client.pass_time(11)
    assert [order.link_id for order in client.account.live_orders()] == ["2"]


def test_what_is_set_already_is_refused_for_the_margin_type_alone() -> None:
    client = opened(has_crowd=False)
    kind = {"symbol": "BTCUSDT", "marginType": "ISOLATED"}
    assert client.ask("POST", "/fapi/v1/marginType", **kind)["code"] == 200
    assert client.ask("POST", "/fapi/v1/marginType", **kind)["code"] == -4046
    for _ in range(2):
        set_to = client.ask("POST", "/fapi/v1/leverage", symbol="BTCUSDT", leverage=7)
        assert set_to["leverage"] == 7
