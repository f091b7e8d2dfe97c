"""The stand-in of Hyperliquid refuses and tells as its documents say."""

from typing import Any

import pytest

from tests.venues.hyperliquid.client import Client, opened
from tests.venues.hyperliquid.keys import ADDRESS

CLOID = "0x" + "0" * 31


def cancel(*links: str) -> dict[str, Any]:
    rows = [{"asset": 1, "cloid": f"0x{int(link):032x}"} for link in links]
    return {"type": "cancelByCloid", "cancels": rows}


def test_an_order_rests_is_listed_and_is_cancelled() -> None:
    client = opened(has_crowd=False)
    client.listen("orderUpdates")
    (said,) = client.place(client.order("1"))
    assert set(said) == {"resting"}
    (row,) = client.info("frontendOpenOrders")
    assert (row["coin"], row["limitPx"], row["sz"], row["origSz"]) == (
        "ETH",
        "2900.0",
        "0.01",
        "0.01",
    )
    assert client.act(cancel("1"))["response"]["data"]["statuses"] == ["success"]
    told = [frame["data"][0]["status"] for frame in client.frames("orderUpdates")]
    assert told == ["open", "canceled"]
    (gone,) = client.act(cancel("1"))["response"]["data"]["statuses"]
    assert "never placed, already canceled, or filled" in gone["error"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"p": "2900.05"}, "divisible by tick size"),
        ({"p": "2900.005"}, "divisible by tick size"),
        ({"s": "0.00001"}, "invalid size"),
        ({"s": "0.003"}, "minimum value of $10"),
        ({"p": "3100"}, "Post only order would have immediately matched"),
        ({"p": "2900", "tif": "Ioc"}, "could not immediately match"),
        ({"b": False, "p": "3100", "r": True}, "Reduce only order would increase"),
        ({"s": "9000"}, "Insufficient margin"),
    ],
)
def test_an_order_is_refused_in_the_venues_words(change: dict[str, Any], why: str) -> None:
    client = opened()
    (said,) = client.place(client.order("1", **change))
    assert why in said["error"]
    assert client.account.live_orders() == []


def test_a_whole_price_may_have_more_than_five_digits() -> None:
    client = opened(has_crowd=False)
    said = client.place(
        client.order("1", a=0, p="100001", s="0.001", b=False),
        client.order("2", a=0, p="100001.1", s="0.001", b=False),
    )
    assert "resting" in said[0]
    assert "divisible by tick size" in said[1]["error"]


def test_a_batch_says_of_each_order_what_became_of_it() -> None:
    client = opened(has_crowd=False)
    said = client.place(client.order("1"), client.order("2", s="0.003"), client.order("3"))
    assert ["resting" in row for row in said] == [True, False, True]


def test_an_id_serves_once() -> None:
    client = opened(has_crowd=False)
    client.place(client.order("1"))
    assert "Duplicate" in client.place(client.order("1"))[0]["error"]


def test_who_has_signed_is_known_by_the_signature_alone() -> None:
    client = opened(has_crowd=False)
    stranger = Client(client.venue, "0x" + "77" * 32)
    (said,) = stranger.place(stranger.order("1"))
    assert "does not exist" in said


def test_a_nonce_serves_once_and_not_below_the_hundred_highest() -> None:
    client = opened(has_crowd=False)
    now_ms = client.venue.exchange.now_ms
    assert client.act({"type": "noop"}, now_ms)["status"] == "ok"
    assert "nonce" in client.act({"type": "noop"}, now_ms)["response"]
    assert client.act({"type": "noop"}, now_ms - 5)["status"] == "ok"
    for number in range(1, 100):
        client.act({"type": "noop"}, now_ms + number)
    assert "nonce" in client.act({"type": "noop"}, now_ms - 10)["response"]
    assert "nonce" in client.act({"type": "noop"}, now_ms + 2 * 86_400_000)["response"]


def test_an_action_after_its_end_is_not_carried_out() -> None:
    client = opened(has_crowd=False)
    assert "expired" in client.place(client.order("1"), life_ms=-1)[0]
    assert client.account.live_orders() == []


def test_a_builder_is_refused_and_so_is_a_countdown() -> None:
    client = opened(has_crowd=False)
    action = {"type": "order", "orders": [client.order("1")], "grouping": "na"}
    assert client.act({**action, "builder": {"b": ADDRESS, "f": 0}})["status"] == "err"
    now_ms = client.venue.exchange.now_ms
    said = client.act({"type": "scheduleCancel", "time": now_ms + 60_000})
    assert "enough volume" in said["response"]


def test_a_trade_is_told_with_our_id_and_read_as_told() -> None:
    client = opened()
    client.listen("userFills", "clearinghouseState")
    (said,) = client.place(client.order("1", p="3010", tif="Ioc"))
    assert said["filled"]["totalSz"] == "0.01"
    frames = client.frames("userFills")
    assert frames[0]["data"]["isSnapshot"] is True
    told = [row for frame in frames[1:] for row in frame["data"]["fills"]]
    assert client.info("userFillsByTime", startTime=0) == told
    assert {(row["cloid"], row["crossed"]) for row in told} == {(CLOID + "1", True)}
    state = client.info("clearinghouseState")
    assert [held["position"]["szi"] for held in state["assetPositions"]] == ["0.01"]


def test_a_connection_without_a_word_ends() -> None:
    client = opened(has_crowd=False)
    client.session.hear(b'{"method":"ping"}')
    assert client.frames("pong")
    client.pass_time(70)
    assert client.line.closing is not None
