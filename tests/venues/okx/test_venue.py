"""The stand-in of OKX refuses and tells as its documents say."""

import json
from typing import Any

import pytest

from tests.venues.common.http import Asked
from tests.venues.okx.client import TRADE, Client, opened
from tests.venues.okx.guard import DEMO, headers_for
from tests.venues.okx.keys import READ_KEY, READ_SECRET

BOOK = f"{TRADE}orders-pending"
QUERY = "instType=SWAP&instId=BTC-USDT-SWAP"
BTC, ETH = "BTC-USDT-SWAP", "ETH-USDT-SWAP"


def asked(client: Client, query: str = QUERY, ahead_ms: int = 0, **changes: str) -> Any:
    now_ms = client.venue.exchange.now_ms + ahead_ms
    headers = headers_for(client.key, client.secret, now_ms, "GET", BOOK, QUERY, "") | changes
    plan = client.venue.ask(Asked("GET", BOOK, {}, headers, b"", query=query))
    return json.loads(plan.answer.body)


def test_a_request_is_let_in_by_key_word_signature_and_environment() -> None:
    client = opened(has_crowd=False)
    assert asked(client)["data"] == []
    assert asked(client, "instType=SWAP&instId=ETH-USDT-SWAP")["code"] == "50113"
    assert asked(client, **{"ok-access-key": "nobody's"})["code"] == "50111"
    assert asked(client, **{"ok-access-passphrase": "another"})["code"] == "50105"
    assert asked(client, **{DEMO: "0"})["code"] == "50101"


@pytest.mark.parametrize("ahead_ms", [-31_000, 31_000])
def test_a_stamp_that_is_old_or_of_the_future_is_refused(ahead_ms: int) -> None:
    assert asked(opened(has_crowd=False), ahead_ms=ahead_ms)["code"] == "50102"


def test_a_key_that_only_reads_places_nothing() -> None:
    client = opened(has_crowd=False)
    reader = Client(client.venue, READ_KEY, READ_SECRET)
    assert reader.get(BOOK, instType="SWAP", instId=BTC)["code"] == "0"
    assert reader.post(f"{TRADE}order", reader.order("a1"))["code"] == "50120"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"px": "89000.05"}, "51000"),
        ({"px": "99000.0"}, "51006"),
        ({"sz": "0.005"}, "51121"),
        ({"sz": "0"}, "51020"),
        ({"instId": "NO-USDT-SWAP"}, "51001"),
        ({"ordType": "later"}, "51000"),
        ({"reduceOnly": True}, "51169"),
        ({"sz": "9000"}, "51008"),
        ({"tdMode": "isolated"}, "51000"),
        ({"clOrdId": "with-a-dash"}, "51000"),
        ({"tag": "somebody"}, "51000"),
    ],
)
def test_an_order_is_refused_with_the_venues_code(change: dict[str, Any], code: str) -> None:
    client = opened()
    assert client.place("a1", **change)["sCode"] == code
    assert client.account.live_orders() == []


def test_what_comes_after_its_end_is_refused_and_a_cancel_has_none() -> None:
    client = opened(has_crowd=False)
    assert client.post(f"{TRADE}order", client.order("a1"), life_ms=-1)["code"] == "50036"
    client.place("a2")
    cancel = {"instId": BTC, "clOrdId": "a2"}
    assert client.post(f"{TRADE}cancel-order", cancel, life_ms=-1)["code"] == "0"


def test_an_id_serves_once() -> None:
    client = opened(has_crowd=False)
    assert client.place("a1")["sCode"] == "0"
    assert client.place("a1")["sCode"] == "51016"
    cancel = {"instId": BTC, "clOrdId": "a1"}
    assert client.post(f"{TRADE}cancel-order", cancel)["code"] == "0"
    client.pass_time(0.01)
    again = client.post(f"{TRADE}cancel-order", cancel)
    assert (again["code"], again["data"][0]["sCode"]) == ("1", "51400")
    assert client.place("a1")["sCode"] == "51016"


def test_a_batch_says_of_each_order_what_became_of_it() -> None:
    client = opened(has_crowd=False)
    rows = [client.order("a1"), client.order("a2", sz="0"), client.order("a3")]
    said = client.post(f"{TRADE}batch-orders", rows)
    assert said["code"] == "2"
    assert [row["sCode"] for row in said["data"]] == ["0", "51020", "0"]
    client.pass_time(0.01)
    assert {order.link_id for order in client.account.live_orders()} == {"a1", "a3"}


def test_a_post_only_order_that_would_take_is_taken_and_cancelled() -> None:
    client = opened()
    client.listen("orders")
    assert client.place("a1", px="91000.0")["sCode"] == "0"
    (row,) = client.frames("orders")[-1]["data"]
    assert (row["state"], row["cancelSource"], row["accFillSz"]) == ("canceled", "31", "0.00")


def test_an_order_and_its_trades_are_told_together_and_read_as_told() -> None:
    client = opened()
    client.listen("orders")
    client.place("a1", px="90500.0", ordType="ioc", instId=BTC)
    rows = [row for frame in client.frames("orders") for row in frame["data"]]
    told = [row["tradeId"] for row in rows if row["tradeId"]]
    assert rows[-1]["state"] == "filled"
    read = client.get(f"{TRADE}fills", instType="SWAP", instId=BTC)["data"]
    assert [row["tradeId"] for row in reversed(read)] == told
    assert {row["clOrdId"] for row in read} == {"a1"}


def test_a_countdown_cancels_all_of_the_account() -> None:
    client = opened(has_crowd=False)
    client.place("a1")
    client.place("a2", instId=ETH, px="2900.00")
    (said,) = client.post(f"{TRADE}cancel-all-after", {"timeOut": "10"})["data"]
    assert int(said["triggerTime"]) - int(said["ts"]) == 10_000
    assert client.post(f"{TRADE}cancel-all-after", {"timeOut": "200"})["code"] == "51000"
    client.pass_time(11)
    assert client.account.live_orders() == []


def test_lists_are_told_page_by_page() -> None:
    client = opened(has_crowd=False, orders_per_2s=None)
    for number in range(5):
        client.place(f"a{number}")
    words = {"instType": "SWAP", "instId": BTC, "limit": 3}
    first = client.get(BOOK, **words)["data"]
    rest = client.get(BOOK, **words, after=first[-1]["ordId"])["data"]
    assert [row["clOrdId"] for row in (*first, *rest)] == ["a4", "a3", "a2", "a1", "a0"]


def test_who_sends_too_many_orders_is_refused() -> None:
    client = opened(has_crowd=False, orders_per_2s=3)
    codes = [
        client.post(f"{TRADE}order", client.order(f"a{number}"))["code"] for number in range(5)
    ]
    assert codes == ["0", "0", "0", "50011", "50011"]


def test_a_connection_without_a_word_ends() -> None:
    client = opened(has_crowd=False)
    client.session.hear(b"ping")
    assert client.line.take() == [b"pong"]
    client.pass_time(36)
    assert client.line.closing is not None
