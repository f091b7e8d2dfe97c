"""Faults of what streams say, and of connections."""

from itertools import pairwise

from tests.stage.truth import Feed, Traded
from tests.venues.lighter.client import Client
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.scenes import placed, under


def test_a_dropped_update_breaks_the_sequence_and_the_truth_knows() -> None:
    client = under({"when": "update", "nth": 5, "do": "drop", "market": "eth"}, has_crowd=True)
    client.pass_time(3.0)
    books = [f["order_book"] for f in client.frames("update/order_book")]
    joins = [a["nonce"] == b["begin_nonce"] for a, b in pairwise(books)]
    assert joins.count(False) == 1
    sound = [feed.is_sound for feed in client.venue.truth.of(Feed)]
    assert sound == [True, False]


def test_frames_come_twice_late_or_out_of_order() -> None:
    twice = under({"when": "update", "nth": 3, "do": "duplicate"}, has_crowd=True)
    late = under({"when": "update", "nth": 3, "do": "late", "s": 1.0}, has_crowd=True)
    mixed = under({"when": "update", "times": 99, "do": "reorder", "s": 0.5}, has_crowd=True)
    plain = under(has_crowd=True)
    told = {}
    for name, client in (("plain", plain), ("twice", twice), ("late", late), ("mixed", mixed)):
        client.pass_time(3.0)
        told[name] = [f["offset"] for f in client.frames("update/order_book")]
    assert len(told["twice"]) == len(told["plain"]) + 1
    assert sorted(told["late"]) == told["plain"] != told["late"]
    assert told["mixed"] != sorted(told["mixed"])


def test_garbage_comes_in_a_frames_place() -> None:
    client = under({"when": "update", "nth": 2, "do": "garbage", "text": "<"}, has_crowd=True)
    big = under({"when": "update", "nth": 2, "do": "garbage", "size": 10_000_000}, has_crowd=True)
    for each in (client, big):
        each.pass_time(1.0)
    assert b"<" in client.line.take()
    assert max(len(frame) for frame in big.line.take()) > 10_000_000


def test_a_field_says_something_else() -> None:
    words = {"order_book.asks.*.price": "NaN", "timestamp": "__drop__"}
    client = under({"when": "snapshot", "do": "edit", "words": words}, has_crowd=True)
    (frame,) = client.frames("subscribed/order_book")
    assert {row["price"] for row in frame["order_book"]["asks"]} == {"NaN"}
    assert "timestamp" not in frame


def test_a_book_is_shown_crossed() -> None:
    client = under({"when": "snapshot", "do": "cross"}, has_crowd=True)
    book = client.frames("subscribed/order_book")[0]["order_book"]
    best_ask = min(float(row["price"]) for row in book["asks"])
    assert max(float(row["price"]) for row in book["bids"]) > best_ask


def test_one_side_stands_still() -> None:
    client = under(
        {"when": "update", "times": 999, "do": "freeze_side", "side": "asks"}, has_crowd=True
    )
    client.pass_time(3.0)
    books = [f["order_book"] for f in client.frames("update/order_book")]
    assert not any(book["asks"] for book in books)
    assert any(book["bids"] for book in books)


def test_prices_are_multiplied() -> None:
    client = under({"when": "snapshot", "do": "scale", "factor": "10"}, has_crowd=True)
    book = client.frames("subscribed/order_book")[0]["order_book"]
    assert all(29_000 < float(row["price"]) < 31_000 for row in book["asks"])


def test_an_old_snapshot_does_not_join() -> None:
    client = under({"when": "snapshot", "do": "old_snapshot"}, has_crowd=True)
    client.pass_time(1.0)
    frames = [f["order_book"] for f in client.frames() if f.get("channel") == "order_book:0"]
    assert frames[1]["begin_nonce"] - frames[0]["nonce"] == 1_000


def test_orders_are_told_with_an_unknown_status_or_as_resting_again() -> None:
    client = under(
        {"when": "accepted", "do": "say_status", "status": "canceled-for-fun"},
        {"when": "cancelled", "do": "say_open", "s": 0.5},
    )
    placed(client)
    client.cancel(1)
    client.pass_time(1.0)
    told = [row["status"] for row in client.orders()]
    assert told == ["canceled-for-fun", "canceled", "open"]


def test_trades_share_an_id() -> None:
    client = under({"when": "filled", "times": 9, "do": "same_trade_id"})
    placed(client)
    for _ in range(2):
        client.venue.play(step_of({"do": "fill_ours", "market": "ETH", "frac": 0.5}))
    told = [f["trades"]["0"][0]["trade_id"] for f in client.frames("update/account_all_trades")]
    assert len(told) == 2
    assert len(set(told)) == 1
    assert len({trade.trade_id for trade in client.venue.truth.of(Traded)}) == 2


def test_connections_are_closed() -> None:
    client = under({"at_s": 1.0, "do": "close", "stream": "account", "code": 1006})
    other = Client(client.venue)
    client.pass_time(1.0)
    assert (client.line.is_aborted, other.line.is_aborted) == (True, False)
    other.venue.play(step_of({"do": "close", "code": 1012, "reason": "restart"}))
    assert other.line.closing == (1012, "restart")


def test_connections_fall_silent_for_a_while() -> None:
    client = under({"at_s": 1.0, "do": "silence", "stream": "market", "s": 2.0}, has_crowd=True)
    client.pass_time(1.0)
    client.frames()
    client.pass_time(1.9)
    assert client.frames() == []
    client.pass_time(1.0)
    assert client.frames() != []


def test_connections_hang_half_open() -> None:
    client = under({"at_s": 1.0, "do": "half_open"}, has_crowd=True)
    client.pass_time(1.0)
    client.frames()
    client.pass_time(1.0)
    assert client.frames() == []
    assert client.line.is_half_open


def test_a_shutdown_is_announced_and_comes() -> None:
    client = under({"at_s": 1.0, "do": "shutdown_notice", "ms": 3_000})
    client.pass_time(1.0)
    assert client.frames("shutdown") == [{"type": "shutdown", "close_in_ms": 3_000}]
    client.pass_time(3.0)
    assert client.line.closing == (1001, "shutdown")


def test_what_a_token_opened_is_told_no_more_when_tokens_end() -> None:
    client = under({"at_s": 1.0, "do": "expire_tokens"}, has_crowd=True)
    client.pass_time(1.0)
    client.frames()
    placed(client)
    client.pass_time(1.0)
    assert client.orders() == []
