"""The stand-in of KuCoin refuses and tells as its documents say."""

import json
from typing import Any

import pytest

from tests.venues.common.http import Asked
from tests.venues.common.line import Line
from tests.venues.kucoin.client import Client, opened
from tests.venues.kucoin.guard import headers_for
from tests.venues.kucoin.keys import READ_KEY, READ_SECRET

PATH, QUERY = "/api/v1/orders", "status=active&symbol=XBTUSDTM"


def asked(client: Client, query: str = QUERY, ahead_ms: int = 0, **changes: str) -> Any:
    now_ms = client.venue.exchange.now_ms + ahead_ms
    headers = headers_for(client.key, client.secret, now_ms, f"GET{PATH}?{QUERY}") | changes
    plan = client.venue.ask(Asked("GET", PATH, {}, headers, b"", query=query))
    return json.loads(plan.answer.body)["code"]


def test_a_request_is_let_in_by_key_word_signature_and_without_a_broker() -> None:
    client = opened(has_crowd=False)
    assert asked(client) == "200000"
    assert asked(client, "status=active&symbol=ETHUSDTM") == "400005"
    assert asked(client, **{"kc-api-key": "nobody's"}) == "400003"
    assert asked(client, **{"kc-api-passphrase": "another"}) == "400004"
    assert asked(client, **{"kc-api-key-version": "1"}) == "400001"
    assert asked(client, **{"kc-api-partner": "somebody"}) == "100001"


@pytest.mark.parametrize("ahead_ms", [-5_001, 5_001])
def test_a_stamp_that_is_old_or_of_the_future_is_refused(ahead_ms: int) -> None:
    assert asked(opened(has_crowd=False), ahead_ms=ahead_ms) == "400002"


def test_a_key_that_only_reads_places_nothing_and_listens() -> None:
    client = opened(has_crowd=False)
    reader = Client(client.venue, READ_KEY, READ_SECRET)
    assert reader.get(PATH, symbol="XBTUSDTM")["code"] == "200000"
    assert reader.place("a1")["code"] == "400007"
    assert reader.listen().take()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": "89000.05"}, "100001"),
        ({"size": 0}, "100001"),
        ({"size": "1"}, "100001"),
        ({"leverage": None}, "100001"),
        ({"marginMode": "ISOLATED"}, "330005"),
        ({"marginMode": None}, "330005"),
        ({"symbol": "NOUSDTM"}, "100003"),
        ({"type": "later"}, "100001"),
        ({"timeInForce": "IOC"}, "100001"),
        ({"reduceOnly": True}, "300009"),
        ({"size": 900_000}, "300003"),
        ({"clientOid": ""}, "100001"),
        ({"remark": "hello"}, "100001"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_code(change: Any, code: str) -> None:
    client = opened(has_crowd=False)
    assert client.place("a1", **change)["code"] == code
    assert client.place("a2")["code"] == "200000"


def test_a_token_opens_one_connection_and_is_then_worth_nothing() -> None:
    client = opened(has_crowd=False)
    line = client.listen()
    assert json.loads(line.take()[0])["type"] == "welcome"
    assert not client.venue.admits(line.target)
    assert not client.venue.admits("/endpoint?token=made-up")


def test_an_order_is_told_open_then_matched_then_filled() -> None:
    client = opened()
    line = client.listen()
    client.take("a1", 3, price="91000")
    frames = [json.loads(frame) for frame in line.take()]
    told = [f["data"]["type"] for f in frames if f.get("topic", "").endswith("tradeOrders")]
    assert told == ["open", "match", "filled"]


def test_each_change_of_a_book_has_the_next_number_after_the_snapshot() -> None:
    client = opened()
    answer = client.asked("POST", "/api/v1/bullet-public")
    line = Line(target=f"/endpoint?token={answer['data']['token']}")
    session = client.venue.connect(line)
    words = {"id": "1", "type": "subscribe", "topic": "/contractMarket/level2:XBTUSDTM"}
    session.hear(json.dumps(words).encode())
    number = client.get("/api/v1/level2/snapshot", symbol="XBTUSDTM")["data"]["sequence"]
    line.take()
    client.pass_time(2.0)
    frames = [json.loads(frame) for frame in line.take()]
    numbers = [frame["data"]["sequence"] for frame in frames]
    assert numbers == list(range(number + 1, number + 1 + len(numbers)))
    assert len(numbers) > 10


def test_whoever_asks_too_much_is_told_what_is_left() -> None:
    client = opened(has_crowd=False, weight_per_30s=10)
    codes = [client.get(PATH, symbol="XBTUSDTM")["code"] for _ in range(6)]
    assert codes == ["200000"] * 5 + ["429000"]
