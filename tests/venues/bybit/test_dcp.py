"""Orders are cancelled when nobody listens for longer than was asked for, and only then."""

from typing import Any

from tests.stage.truth import Ended
from tests.venues.bybit.client import Client, Talk, opened
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.scenes import rest, resting
from tests.venues.bybit.sessions import PRIVATE


def guarded(seconds: int = 10, **words: Any) -> Client:
    """Return a client with an order and the switch set."""
    client = opened(has_crowd=False)
    words = {"timeWindow": seconds, "product": "DERIVATIVES"} | words
    assert client.post("/v5/order/disconnected-cancel-all", **words)["retCode"] == 0
    rest(client)
    return client


def listening(client: Client) -> Talk:
    """Open a connection that arms the switch."""
    talk = Talk(client.venue, PRIVATE)
    client.authenticate(talk)
    talk.subscribe("order", "dcp.future")
    return talk


def test_orders_end_once_the_window_has_passed_without_a_listener() -> None:
    client = guarded()
    client.venue.hang_up(listening(client).session)
    client.pass_time(9.5)
    assert resting(client) == ["1"]
    client.pass_time(1.0)
    assert resting(client) == []
    assert [ended.why for ended in client.venue.truth.of(Ended)] == ["CancelByDCP"]


def test_a_listener_who_comes_back_in_time_stops_it() -> None:
    client = guarded()
    client.venue.hang_up(listening(client).session)
    client.pass_time(9.0)
    talk = listening(client)
    client.pass_time(20.0)
    assert resting(client) == ["1"]
    client.venue.hang_up(talk.session)
    client.pass_time(11.0)
    assert resting(client) == []


def test_another_listener_is_enough() -> None:
    client = guarded()
    first, _ = listening(client), listening(client)
    client.venue.hang_up(first.session)
    client.pass_time(20.0)
    assert resting(client) == ["1"]


def test_a_connection_that_is_not_heard_any_more_counts_as_lost() -> None:
    client = guarded()
    listening(client)
    client.pass_time(29.0)
    assert resting(client) == ["1"]
    client.pass_time(12.0)
    assert resting(client) == []


def test_it_stays_quiet_where_it_was_not_armed() -> None:
    unset = opened(has_crowd=False)
    rest(unset)
    unset.venue.hang_up(listening(unset).session)
    unset.pass_time(60.0)
    deaf = guarded()
    deaf.authenticate()
    deaf.venue.hang_up(deaf.private.session)
    deaf.pass_time(60.0)
    other = guarded(product="OPTIONS")
    other.venue.hang_up(listening(other).session)
    other.pass_time(60.0)
    assert [resting(client) for client in (unset, deaf, other)] == [["1"]] * 3


def test_the_window_is_bounded_and_can_be_read() -> None:
    client = guarded(40)
    for seconds in (2, 301, "10"):
        words = {"timeWindow": seconds, "product": "DERIVATIVES"}
        assert client.post("/v5/order/disconnected-cancel-all", **words)["retCode"] == 10001
    (row,) = client.get("/v5/account/query-dcp-info")["result"]["dcpInfos"]
    assert row == {"product": "DERIVATIVES", "dcpStatus": "ON", "timeWindow": "40"}
    assert client.get("/v5/order/realtime", category="linear", symbol=BTC)["retCode"] == 0
