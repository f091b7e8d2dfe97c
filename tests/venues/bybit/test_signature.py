"""Who may ask: signatures over what was sent, times within the window, keys that only read."""

import json
from typing import Any

import pytest

from tests.venues.bybit.client import AT_ONCE_S, Client, Talk, opened
from tests.venues.bybit.floor import quiet
from tests.venues.bybit.guard import headers_for, signed
from tests.venues.bybit.keys import READ_KEY, READ_SECRET, SECRET
from tests.venues.common.http import Asked

INFO = "/v5/account/info"


def code(client: Client, headers: dict[str, str], query: str = "") -> int:
    """Return the code with which a read is met."""
    answer = client.venue.ask(Asked("GET", INFO, {}, headers, query=query)).answer
    return int(json.loads(answer.body)["retCode"])


def test_a_signature_is_that_of_rfc_4231() -> None:
    assert signed("Jefe", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@pytest.mark.parametrize(
    ("shift_ms", "window", "expected"),
    [
        (0, "5000", 0),
        (-5_000, "5000", 0),
        (-5_001, "5000", 10002),
        (999, "5000", 0),
        (1_000, "5000", 10002),
        (-9_000, "10000", 0),
        (0, "soon", 10001),
    ],
)
def test_a_request_counts_within_its_window_by_the_venues_clock(
    shift_ms: int, window: str, expected: int
) -> None:
    client = opened(has_crowd=False, skew_ms=3_600_000)
    stamp = client.venue.exchange.now_ms + shift_ms
    assert code(client, headers_for(client.key, SECRET, stamp, "", window)) == expected


def test_what_is_signed_must_be_what_is_sent() -> None:
    client = quiet()
    now = client.venue.exchange.now_ms
    assert code(client, headers_for(client.key, SECRET, now, "a=1&b=2"), "a=1&b=2") == 0
    assert code(client, headers_for(client.key, SECRET, now, "a=1&b=2"), "b=2&a=1") == 10004
    assert code(client, headers_for(client.key, "other", now, "")) == 10004
    assert code(client, headers_for("NOBODY", SECRET, now, "")) == 10003
    assert code(client, {}) == 10001


def test_a_key_that_reads_does_not_trade() -> None:
    venue = opened(has_crowd=False).venue
    reader = Client(venue, READ_KEY, READ_SECRET)
    assert reader.get(INFO)["retCode"] == 0
    assert reader.place("1")["retCode"] == 10005


def test_a_path_that_is_not_there_is_not_found() -> None:
    plan = quiet().plan("GET", "/v5/account/nothing")
    assert (plan.answer.status, json.loads(plan.answer.body)["retCode"]) == (404, 10017)


def auth(talk: Talk, client: Client, shift_ms: int = 1_000, secret: str = SECRET) -> dict[str, Any]:
    """Authenticate a connection and return the reply."""
    expires = client.venue.exchange.now_ms + shift_ms
    talk.hear(op="auth", args=[client.key, expires, signed(secret, f"GET/realtime{expires}")])
    return dict(talk.frames()[-1])


def test_a_private_stream_wants_a_signature_that_has_not_expired() -> None:
    client = opened(has_crowd=False)
    client.private.subscribe("order")
    assert client.private.frames()[0]["ret_msg"] == "Request not authorized"
    assert auth(client.private, client, shift_ms=0)["success"] is False
    assert auth(client.private, client, secret="other")["success"] is False
    assert auth(client.private, client)["success"] is True
    client.private.subscribe("order", "wallet", "dcp.future")
    assert client.private.frames()[0]["success"] is True


def send(client: Client, req_id: str, op: str = "order.create", **words: Any) -> dict[str, Any]:
    """Send over the trading stream and return the reply."""
    header = {"X-BAPI-TIMESTAMP": str(client.venue.exchange.now_ms)}
    client.trade.hear(**{"reqId": req_id, "header": header, "op": op, "args": [words]})
    return dict(client.trade.frames()[-1])


def test_orders_over_a_stream_pass_the_same_door() -> None:
    client = quiet()
    assert send(client, "0", **client.order("1"))["retCode"] == 10005
    assert auth(client.trade, client)["retCode"] == 0
    assert auth(client.trade, client)["retCode"] == 20001
    reply = send(client, "1", **client.order("1"))
    assert (reply["retCode"], reply["reqId"], reply["data"]["orderLinkId"]) == (0, "1", "1")
    assert reply["header"]["X-Bapi-Limit-Status"] == "9"
    assert send(client, "1", **client.order("2"))["retCode"] == 20006
    assert send(client, "2", **client.order("1"))["retCode"] == 110072
    assert send(client, "3", "order.expand")["retCode"] == 10404
    client.pass_time(AT_ONCE_S)
    named = {"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "1"}
    assert send(client, "4", "order.amend", **named, price="89800")["retCode"] == 0
    rows = [client.order("3"), client.order("3")]
    reply = send(client, "5", "order.create-batch", category="linear", request=rows)
    assert [row["code"] for row in reply["retExtInfo"]["list"]] == [0, 110072]
    assert send(client, "6", "order.cancel", **named)["retCode"] == 0


def test_an_order_over_a_stream_has_a_time_and_a_window_of_its_own() -> None:
    client = quiet()
    auth(client.trade, client)
    old = {"X-BAPI-TIMESTAMP": str(client.venue.exchange.now_ms - 9_000)}
    for header, expected in (
        (old, 10002),
        ({**old, "X-BAPI-RECV-WINDOW": "10000"}, 0),
        ({}, 10001),
    ):
        client.trade.hear(op="order.create", header=header, args=[client.order("1")])
        assert client.trade.frames()[-1]["retCode"] == expected


def test_too_many_requests_of_an_account_are_refused_until_the_second_is_over() -> None:
    client = quiet()
    codes = [client.place(str(number))["retCode"] for number in range(12)]
    assert codes == [0] * 10 + [10006] * 2
    answer = client.plan("POST", "/v5/order/create", **client.order("x")).answer
    assert answer.headers["X-Bapi-Limit-Status"] == "0"
    assert client.cancel("1")["retCode"] == 110001
    client.pass_time(1.0)
    assert client.place("y")["retCode"] == 0


def test_a_batch_counts_by_its_orders() -> None:
    client = quiet()
    rows = [client.order(str(number)) for number in range(10)]
    first = client.plan("POST", "/v5/order/create-batch", category="linear", request=rows).answer
    assert first.headers["X-Bapi-Limit-Status"] == "0"
    again = client.post("/v5/order/create-batch", category="linear", request=rows[:1])
    assert again["retCode"] == 10006


def test_too_many_requests_of_an_address_ban_it() -> None:
    client = quiet()
    for _ in range(600):
        client.venue.ask(Asked("GET", "/v5/market/time"))
    assert client.plan("GET", "/v5/market/time").answer.status == 403
    client.pass_time(599.0)
    assert client.plan("GET", "/v5/market/time").answer.status == 403
    client.pass_time(2.0)
    assert client.get("/v5/market/time")["retCode"] == 0
