"""The stand-in's public streams: sequences, deltas, and the same seed twice."""

from typing import Any

from tests.venues.lighter.client import Client, opened


def folded(frames: list[Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Apply a snapshot and its updates; return bids and asks by price."""
    sides: dict[str, dict[str, str]] = {"bids": {}, "asks": {}}
    for frame in frames:
        for name, levels in sides.items():
            for row in frame["order_book"][name]:
                levels[row["price"]] = row["size"]
                if float(row["size"]) == 0.0:
                    del levels[row["price"]]
    return sides["bids"], sides["asks"]


def books(client: Client) -> list[Any]:
    """Take the frames of the first market's book."""
    return [f for f in client.frames() if f.get("channel") == "order_book:0"]


def test_each_update_begins_with_the_nonce_that_the_one_before_ended_with() -> None:
    client = opened()
    client.subscribe("order_book/0")
    client.pass_time(5.0)
    snapshot, *updates = books(client)
    assert snapshot["type"] == "subscribed/order_book"
    assert len(updates) > 40
    last = snapshot["order_book"]["nonce"]
    for update in updates:
        assert update["order_book"]["begin_nonce"] == last
        last = update["order_book"]["nonce"]


def test_a_snapshot_and_its_updates_give_the_next_snapshot() -> None:
    first = opened()
    first.subscribe("order_book/0")
    first.pass_time(5.0)
    second = Client(first.venue)
    second.hear(type="subscribe", channel="order_book/0")
    first.pass_time(0.01)
    snapshot = [f for f in second.frames() if f.get("channel") == "order_book:0"][:1]
    until = snapshot[0]["order_book"]["nonce"]
    known = [f for f in books(first) if f["order_book"]["nonce"] <= until]
    assert folded(known) == folded(snapshot)


def test_a_book_is_never_crossed() -> None:
    client = opened()
    client.subscribe("ticker/0", "ticker/1")
    client.pass_time(10.0)
    tickers = client.frames("update/ticker")
    assert len(tickers) > 50
    for frame in tickers:
        assert float(frame["ticker"]["b"]["price"]) < float(frame["ticker"]["a"]["price"])


def test_the_same_seed_gives_the_same_frames() -> None:
    def session(seed: int) -> list[Any]:
        client = opened(seed=seed)
        client.subscribe("order_book/0", "trade/0", "market_stats/all")
        client.pass_time(3.0)
        return client.frames()

    assert session(1) == session(1)
    assert session(1) != session(2)


def test_a_channel_is_subscribed_once_and_left_once() -> None:
    client = opened()
    client.subscribe("trade/0", "trade/0", "nothing/0")
    client.hear(type="unsubscribe", channel="trade/0")
    client.hear(type="unsubscribe", channel="trade/0")
    errors = [f["error"]["code"] for f in client.frames() if "error" in f]
    assert errors == [30003, 30005, 30002]


def test_what_is_too_much_is_refused() -> None:
    client = opened()
    for _ in range(201):
        client.hear(type="ping")
    frames = client.frames()
    assert sum(f.get("type") == "pong" for f in frames) == 200
    assert frames[-1]["error"]["code"] == 30009


def test_a_silent_client_is_cut_off_and_one_that_pings_is_not() -> None:
    silent, loud = opened(), opened()
    for _ in range(5):
        silent.pass_time(40.0)
        loud.pass_time(40.0)
        loud.hear(type="pong")
    assert silent.line.closing == (1008, "no pong")
    assert loud.line.closing is None
