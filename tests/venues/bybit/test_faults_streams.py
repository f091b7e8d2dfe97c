"""Faults of streams: frames lost, repeated, late and wrong; connections that end or hang."""

from itertools import pairwise
from typing import Any

from tests.stage.script import Step
from tests.stage.truth import Feed
from tests.venues.bybit.client import Client, Talk
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.scenes import BOOK, play, rest, under
from tests.venues.bybit.sessions import LINEAR, PRIVATE, TRADE


def updates(client: Client, seconds: float = 1.0) -> list[int]:
    """Return the update ids of a book that come in a while."""
    client.public.frames()
    client.pass_time(seconds)
    return [frame["data"]["u"] for frame in client.public.frames(BOOK)]


def test_a_lost_frame_leaves_a_gap_and_the_truth_log_says_so() -> None:
    client = under({"when": "update", "nth": 3, "do": "drop"}, has_crowd=True)
    told = updates(client)
    assert [b - a for a, b in pairwise(told)].count(2) == 1
    assert [feed.is_sound for feed in client.venue.truth.of(Feed)] == [True, False]


def test_frames_are_repeated_and_overtaken() -> None:
    client = under(
        {"when": "update", "nth": 3, "do": "duplicate", "copies": 2},
        {"when": "update", "nth": 5, "do": "late", "s": 0.15},
        has_crowd=True,
    )
    told = updates(client)
    assert sorted(told) != told
    assert len(told) == len(set(told)) + 1


def test_a_book_is_crossed_frozen_or_scaled() -> None:
    client = under(
        {"when": "update", "nth": 1, "do": "cross"},
        {"when": "update", "nth": 2, "do": "freeze_side", "side": "bids"},
        {"when": "update", "nth": 3, "do": "scale", "factor": "10"},
        has_crowd=True,
    )
    client.public.frames()
    client.pass_time(1.0)
    first, second, third = [frame["data"] for frame in client.public.frames(BOOK)][:3]
    assert float(first["b"][0][0]) > 90_050
    assert second["b"] == []
    assert all(float(price) > 800_000 for price, _ in third["a"])


def test_a_snapshot_is_older_than_what_follows() -> None:
    client = under(has_crowd=True)
    client.venue.gateway.add(step("snapshot", do="old_snapshot", updates=10))
    talk = Talk(client.venue, LINEAR)
    talk.subscribe(BOOK)
    client.pass_time(0.3)
    first, second = [frame["data"]["u"] for frame in talk.frames(BOOK)][:2]
    assert second - first == 11


def step(when: str, **words: Any) -> Step:
    """Return a step that waits."""
    return step_of({"when": when, **words})


def test_the_service_of_books_begins_anew_with_update_id_one() -> None:
    client = under(has_crowd=True)
    client.pass_time(0.3)
    client.public.frames()
    play(client, do="restart_books")
    client.pass_time(0.3)
    frames = client.public.frames(BOOK)
    assert (frames[0]["type"], frames[0]["data"]["u"]) == ("snapshot", 1)
    assert [frame["data"]["u"] for frame in frames[1:3]] == [2, 3]


def test_orders_are_told_with_strange_words_or_once_more_as_open() -> None:
    client = under(
        {"when": "accepted", "do": "say_status", "status": "Pondering"},
        {"when": "cancelled", "do": "say_open", "s": 0.5},
    )
    rest(client)
    assert client.private.rows("order")[0]["orderStatus"] == "Pondering"
    client.cancel("1")
    client.pass_time(1.0)
    told = [row["orderStatus"] for row in client.private.rows("order")]
    assert told == ["Cancelled", "New"]


def test_executions_share_an_id() -> None:
    client = under({"when": "filled", "times": 3, "do": "same_trade_id"})
    for link in "12":
        rest(client, link)
        play(client, do="fill_ours", market=BTC)
    told = [row["execId"] for row in client.private.rows("execution")]
    assert (len(told), len(set(told))) == (2, 1)


def test_connections_are_closed_silent_or_half_open() -> None:
    client = under(has_crowd=True)
    play(client, do="silence", stream="market", s=2.0)
    assert updates(client, 1.9) == []
    assert updates(client, 1.0) != []
    play(client, do="half_open", stream="market")
    client.pass_time(1.0)
    client.public.frames()
    assert updates(client) == []
    play(client, do="close", stream="account", code=1006)
    assert (client.private.line.is_aborted, client.trade.line.is_aborted) == (True, False)


def test_a_refused_authentication_leaves_the_connection_open_and_mute() -> None:
    client = under()
    play(client, do="reject_auth", s=5.0)
    talk = Talk(client.venue, "/v5/private")
    talk.hear(op="auth", args=[client.key, 0, "x"])
    (reply,) = talk.frames()
    assert (reply["success"], reply["ret_msg"], reply["op"]) == (False, "Params Error", "auth")
    assert talk.line.is_open
    client.pass_time(5.0)
    client.authenticate(talk)
    assert talk.session.uid is not None


def test_one_kind_of_connection_cannot_be_made() -> None:
    client = under({"when": "connect.account", "times": 2, "do": "dns_fail"})
    paths = (PRIVATE, LINEAR, TRADE, PRIVATE, PRIVATE)
    made = [client.venue.admits(path) for path in paths]
    assert made == [False, True, True, False, True]


def test_nonsense_is_delivered() -> None:
    client = under({"when": "update", "do": "garbage", "text": "{"}, has_crowd=True)
    client.public.line.take()
    client.pass_time(0.5)
    assert b"{" in client.public.line.take()
