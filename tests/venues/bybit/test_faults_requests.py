"""Faults of requests: lost, late, refused, told wrongly."""

from typing import Any

import pytest

from tests.stage.truth import Accepted, Ended, Fault, Traded
from tests.venues.bybit.client import AT_ONCE_S, Client
from tests.venues.bybit.floor import BTC
from tests.venues.bybit.scenes import body, held, play, rest, resting, under
from tests.venues.common.http import Fate
from tests.venues.common.truth import Came


def planned(client: Client, link: str = "1") -> Any:
    """Return how a request to place an order is met."""
    return client.plan("POST", "/v5/order/create", **client.order(link))


@pytest.mark.parametrize(
    ("words", "fate", "rests"),
    [
        ({"do": "drop_request"}, Fate.NEVER, []),
        ({"do": "drop_response"}, Fate.NEVER, ["1"]),
        ({"do": "reset"}, Fate.RESET, ["1"]),
        ({"do": "reset", "is_processed": False}, Fate.RESET, []),
        ({"do": "slow_body"}, Fate.CUT, ["1"]),
        ({"do": "dns_fail"}, Fate.UNSENT, []),
        ({"do": "delay", "s": 3.0}, Fate.ARRIVES, ["1"]),
        ({"do": "delay", "s": 3.0, "is_processed": False}, Fate.LATER, []),
    ],
)
def test_requests_and_answers_are_lost_on_the_way(
    words: dict[str, Any], fate: Fate, rests: list[str]
) -> None:
    client = under({"when": "place", **words})
    plan = planned(client)
    client.pass_time(AT_ONCE_S)
    assert (plan.fate, resting(client)) == (fate, rests)
    assert [fault.what for fault in client.venue.truth.of(Fault)] == [words["do"]]
    came = [] if fate is Fate.UNSENT else [1]
    assert [fact.client_id for fact in client.venue.truth.of(Came)] == came
    rest(client, "2")
    assert "2" in resting(client)


def test_a_request_that_is_held_back_is_judged_by_the_time_of_its_arrival() -> None:
    client = under({"when": "place", "do": "delay", "s": 6.0, "is_processed": False})
    plan = planned(client)
    assert plan.fate is Fate.LATER
    client.pass_time(6.0)
    assert client.place("1")["retCode"] == 0


@pytest.mark.parametrize(
    ("words", "code", "rests"),
    [
        ({"do": "refuse", "code": 110007}, 110007, []),
        ({"do": "server_error"}, 10016, ["1"]),
        ({"do": "server_error", "is_processed": False}, 10016, []),
        ({"do": "too_many"}, 10006, []),
    ],
)
def test_the_venue_refuses_in_its_own_words(
    words: dict[str, Any], code: int, rests: list[str]
) -> None:
    client = under({"when": "place", **words})
    plan = planned(client)
    client.pass_time(AT_ONCE_S)
    assert (body(plan)["retCode"], resting(client)) == (code, rests)


def test_one_side_alone_is_refused() -> None:
    client = under({"when": "place", "times": 9, "do": "refuse_side", "side": "sell"})
    rest(client, "1")
    assert client.place("2", side="Sell", price="90100")["retCode"] == 110007
    client.pass_time(AT_ONCE_S)
    assert resting(client) == ["1"]


def test_a_refusal_for_too_many_tells_until_when() -> None:
    client = under({"when": "place", "do": "too_many", "retry_after_s": 2.0})
    headers = planned(client).answer.headers
    now_ms = client.venue.exchange.now_ms
    assert headers["X-Bapi-Limit-Reset-Timestamp"] == str(now_ms + 2_000)


def test_lists_are_empty_partial_or_old() -> None:
    client = under(
        {"when": "orders", "do": "false_empty"},
        {"when": "orders", "nth": 2, "do": "subset", "frac": 1.0},
        {"when": "orders", "nth": 3, "do": "stale_list", "s": 2.0},
    )
    rest(client, "1")
    client.pass_time(3.0)
    client.cancel("1")
    rest(client, "2")

    def links() -> list[str]:
        answer = client.get("/v5/order/realtime", category="linear", symbol=BTC)
        return [row["orderLinkId"] for row in answer["result"]["list"]]

    assert [links(), links(), links(), links()] == [[], [], ["1"], ["2"]]


def test_positions_are_told_wrongly() -> None:
    client = under(
        {"when": "positions", "do": "wrong_position", "factor": -10},
        {"when": "positions", "nth": 2, "do": "omit_market", "omitted": BTC},
    )
    rest(client)
    play(client, do="fill_ours", market=BTC)
    rows = []
    for _ in range(3):
        answer = client.get("/v5/position/list", category="linear", symbol=BTC)
        rows.append([(row["side"], row["size"]) for row in answer["result"]["list"]])
    assert rows == [[("Sell", "0.100")], [], [("Buy", "0.010")]]


def test_an_order_trades_before_its_acknowledgement() -> None:
    client = under({"when": "place", "do": "fill_at_once", "s": 1.0})
    plan = planned(client)
    client.pass_time(0.6)
    assert (plan.after_s, held(client)) == (1.0, 10)


def test_what_was_acknowledged_may_come_to_nothing() -> None:
    client = under({"when": "execute.create", "do": "vanish"})
    rest(client)
    assert resting(client) == []
    assert client.private.frames() == []
    assert client.venue.truth.of(Accepted) == []


def test_what_was_acknowledged_may_be_refused_after_all_or_come_late() -> None:
    client = under(
        {"when": "execute.create", "do": "refuse_later", "why": "margin"},
        {"when": "execute.create", "nth": 2, "do": "hold", "s": 5.0},
    )
    rest(client, "1")
    assert client.private.rows("order")[0]["cancelType"] == "CancelByCannotAffordOrderCost"
    rest(client, "2")
    assert resting(client) == []
    client.pass_time(5.0)
    assert resting(client) == ["2"]


def test_an_order_trades_while_it_is_cancelled_or_changed() -> None:
    client = under(
        {"when": "execute.cancel", "do": "fill_during_cancel", "frac": 0.3},
        {"when": "execute.amend", "do": "fill_during_modify"},
    )
    rest(client, "1")
    client.cancel("1")
    client.pass_time(AT_ONCE_S)
    assert (held(client), client.venue.truth.of(Ended)[0].open_lots) == (3, 7)
    rest(client, "2")
    client.amend("2", qty="0.020")
    client.pass_time(AT_ONCE_S)
    assert (held(client), resting(client)) == (13, [])


def test_a_trade_may_come_after_its_cancel_was_told() -> None:
    client = under({"when": "execute.cancel", "do": "cancel_then_fill", "s": 2.0})
    rest(client)
    client.cancel("1")
    client.pass_time(1.0)
    assert (resting(client), held(client)) == ([], 0)
    client.pass_time(2.0)
    assert (held(client), len(client.venue.truth.of(Traded))) == (10, 1)
    assert client.account.by_link["1"].status == "Cancelled"


def test_all_requests_are_refused_while_an_address_is_banned() -> None:
    client = under()
    play(client, do="ban", s=60.0)
    assert client.plan("GET", "/v5/market/time").answer.status == 403
    client.pass_time(61.0)
    assert client.get("/v5/market/time")["retCode"] == 0


def test_during_maintenance_nothing_answers_and_connections_end() -> None:
    client = under()
    play(client, do="maintenance", s=60.0)
    assert client.plan("GET", "/v5/market/time").answer.status == 503
    assert (client.private.line.closing, client.venue.admits()) == ((1001, "maintenance"), False)
    client.pass_time(61.0)
    assert client.venue.admits()


def test_lists_are_cut_into_pages() -> None:
    client = under({"at_s": 0.0, "do": "page_size", "rows": 2})
    for link in "12345":
        rest(client, link)
    found, cursor, pages = [], "", 0
    while cursor or not pages:
        words = {"category": "linear", "symbol": BTC} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/v5/order/realtime", **words)["result"]
        found += [row["orderLinkId"] for row in answer["list"]]
        cursor, pages = answer["nextPageCursor"].replace("%3A", ":"), pages + 1
    assert (found, pages) == (["5", "4", "3", "2", "1"], 3)


def test_a_skewed_clock_refuses_what_is_signed_by_the_true_time() -> None:
    client = under()
    client.venue.exchange.skew_ns = 0
    stamped = client.venue.exchange.now_ms
    play(client, do="skew", ms=20_000)
    assert client.venue.exchange.now_ms == stamped + 20_000
    answer = client.get("/v5/market/time")
    assert answer["time"] == stamped + 20_000
