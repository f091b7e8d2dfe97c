"""Each fault does what its word says, and nothing before its step is reached."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.stage.truth import Fault, Feed, Paid, Traded
from tests.venues.common.http import Asked, Fate, Plan
from tests.venues.common.truth import Executed
from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.faults import FAULTS
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.scenario import read, step_of
from tests.venues.lighter.transactions import TxType

OWN = ("orders", "trades", "positions", "assets")


def under(*steps: dict[str, Any], has_crowd: bool = False, **setup: Any) -> Client:
    """Return a client of a venue that plays a script, listening to its account and one book."""
    script = tuple(step_of(step) for step in steps)
    client = opened(script=script, has_crowd=has_crowd, **setup)
    client.subscribe(*(f"account_all_{name}/{ACCOUNT}" for name in OWN), "order_book/0")
    return client


def asked(client: Client, path: str, **words: str) -> Plan:
    """Return how a request is met."""
    headers = {"authorization": client.token()}
    return client.venue.ask(Asked("GET", f"/api/v1/{path}", words, headers))


def placed(client: Client, client_index: int = 1, **fields: int) -> None:
    """Place an order and let it rest."""
    client.place(client_index, **fields)
    client.pass_time(0.01)


def held(client: Client) -> int:
    """Return the position in the first market."""
    return client.venue.exchange.accounts[ACCOUNT].position(0).lots


def resting(client: Client) -> list[int]:
    """Return the indexes of what rests."""
    return [o.client_index for o in client.venue.exchange.accounts[ACCOUNT].live_orders()]


@pytest.mark.parametrize(
    ("name", "words", "fate", "carried_out"),
    [
        ("drop_request", {}, Fate.NEVER, False),
        ("drop_response", {}, Fate.NEVER, True),
        ("reset", {"is_processed": False}, Fate.RESET, False),
        ("reset", {"is_processed": True}, Fate.RESET, True),
        ("slow_body", {}, Fate.CUT, True),
        ("delay", {"s": 2.0}, Fate.ARRIVES, True),
        ("delay", {"s": 2.0, "is_processed": False}, Fate.LATER, False),
        ("http", {"status": 502}, Fate.ARRIVES, False),
        ("http", {"status": 200, "is_processed": True}, Fate.ARRIVES, True),
        ("too_many", {}, Fate.ARRIVES, False),
        ("refuse", {"code": 21506}, Fate.ARRIVES, False),
    ],
)
def test_a_transaction_on_its_way(
    name: str, words: dict[str, Any], fate: Fate, carried_out: bool
) -> None:
    client = under({"when": "place", "nth": 2, "do": name, **words})
    placed(client, 1)
    info = client.signed_tx(TxType.CREATE, **client.order(2))
    plan = client.venue.ask(
        Asked("POST", "/api/v1/sendTx", {"tx_type": "14", "tx_info": _json(info)})
    )
    client.pass_time(0.01)
    assert plan.fate is fate
    assert resting(client) == ([1, 2] if carried_out else [1])
    assert [fault.what for fault in client.venue.truth.of(Fault)] == [name]


def test_too_many_says_how_long_to_wait() -> None:
    plan = asked(under({"when": "info", "do": "too_many", "retry_after_s": 7}), "info")
    assert (plan.answer.status, plan.answer.headers["retry-after"]) == (429, "7")


def test_a_ban_refuses_all_requests_until_its_end() -> None:
    client = under({"at_s": 1.0, "do": "ban", "s": 30})
    assert client.get("info")[0] == 200
    client.pass_time(1.0)
    assert client.get("info")[0] == 429
    client.pass_time(30.0)
    assert client.get("info")[0] == 200


def test_a_bare_error_names_no_request() -> None:
    client = under({"when": "ws", "do": "bare_error", "code": 21104})
    client.frames()
    data = {
        "id": "mine",
        "tx_type": 14,
        "tx_info": client.signed_tx(TxType.CREATE, **client.order(1)),
    }
    client.hear(type="jsonapi/sendtx", data=data)
    client.pass_time(0.01)
    assert client.frames() == [{"error": {"code": 21104, "message": "invalid nonce"}}]


def test_nothing_connects_while_the_name_does_not_resolve() -> None:
    client = under({"when": "connect", "do": "dns_fail", "times": 2})
    assert [client.venue.admits() for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("name", ["false_empty", "not_found"])
def test_a_list_is_empty_that_is_not(name: str) -> None:
    client = under({"when": "orders", "do": name})
    placed(client)
    ask = {"account_index": ACCOUNT, "market_id": 0}
    assert client.get("accountActiveOrders", **ask)[1]["orders"] == []
    assert len(client.get("accountActiveOrders", **ask)[1]["orders"]) == 1


def test_a_share_of_a_list_is_missing() -> None:
    client = under({"when": "orders", "do": "subset", "frac": 0.5})
    for index in range(1, 21):
        placed(client, index)
    rows = client.get("accountActiveOrders", account_index=ACCOUNT, market_id=0)[1]["orders"]
    assert 0 < len(rows) < 20


def test_a_stale_list_has_what_has_ended_and_lacks_what_is_new() -> None:
    client = under({"when": "orders", "do": "stale_list", "s": 2.0})
    placed(client, 1)
    client.pass_time(5.0)
    placed(client, 2)
    client.cancel(1)
    client.pass_time(0.5)
    ask = {"account_index": ACCOUNT, "market_id": 0}
    stale = client.get("accountActiveOrders", **ask)[1]["orders"]
    assert [row["client_order_index"] for row in stale] == [1]
    fresh = client.get("accountActiveOrders", **ask)[1]["orders"]
    assert [row["client_order_index"] for row in fresh] == [2]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"do": "wrong_position", "factor": 0}, [("0.0000", 1)]),
        ({"do": "wrong_position", "factor": -1}, [("0.1000", -1)]),
        ({"do": "wrong_position", "factor": 10}, [("1.0000", 1)]),
        ({"do": "omit_market", "omitted": "ETH"}, []),
    ],
)
def test_positions_are_told_wrong(step: dict[str, Any], expected: list[Any]) -> None:
    client = under({"when": "positions", **step}, {"at_s": 1.0, "do": "fill_ours", "market": "eth"})
    placed(client)
    client.pass_time(1.0)
    rows = client.get("account", by="index", value=ACCOUNT)[1]["accounts"][0]["positions"]
    assert [(row["position"], row["sign"]) for row in rows] == expected


def test_an_order_trades_before_its_acknowledgement() -> None:
    client = under({"when": "place", "do": "fill_at_once", "frac": 0.5, "s": 1.0})
    client.frames()
    client.place(1)
    client.pass_time(0.6)
    assert held(client) == 500
    assert len(client.frames("update/account_all_trades")) == 1


def test_an_order_vanishes_after_its_acknowledgement() -> None:
    client = under({"when": "execute.create", "do": "vanish"})
    client.frames()
    answer = client.place(1)
    client.pass_time(1.0)
    assert answer["code"] == 200
    assert client.orders() == []
    assert client.get("tx", by="hash", value=answer["tx_hash"])[1]["status"] == 0


def test_an_order_is_refused_after_its_acknowledgement() -> None:
    status = "canceled-position-not-allowed"
    client = under({"when": "execute.create", "do": "refuse_later", "status": status})
    client.frames()
    client.place(1)
    client.pass_time(1.0)
    assert [row["status"] for row in client.orders()] == [status]


def test_a_held_transaction_is_carried_out_much_later() -> None:
    client = under({"when": "execute.create", "do": "hold", "s": 30.0})
    placed(client)
    client.pass_time(29.0)
    assert resting(client) == []
    client.pass_time(2.0)
    assert resting(client) == [1]


def test_a_lost_nonce_refuses_what_follows() -> None:
    client = under({"when": "execute.create", "do": "lose_nonce"})
    placed(client, 1)
    assert client.place(2)["code"] == 21104
    assert [done.error for done in client.venue.truth.of(Executed)] == [21711]


def test_nonces_that_another_process_uses_are_gone() -> None:
    client = under({"at_s": 1.0, "do": "use_nonces", "count": 3})
    placed(client, 1)
    client.pass_time(1.0)
    assert client.place(2)["code"] == 21104


@pytest.mark.parametrize(("frac", "ends"), [(1.0, "filled"), (0.5, "canceled")])
def test_an_order_trades_just_before_its_cancel(frac: float, ends: str) -> None:
    client = under({"when": "execute.cancel", "do": "fill_during_cancel", "frac": frac})
    placed(client)
    client.cancel(1)
    client.pass_time(0.01)
    assert held(client) == 1_000 * frac
    assert client.orders()[-1]["status"] == ends


def test_an_order_trades_just_before_its_change() -> None:
    client = under({"when": "execute.modify", "do": "fill_during_modify", "frac": 0.4})
    placed(client)
    fields = {"MarketIndex": 0, "Index": 1, "BaseAmount": 1_000, "Price": 298_000}
    client.send(TxType.MODIFY, **fields, TriggerPrice=0)
    client.pass_time(0.01)
    (order,) = client.venue.exchange.accounts[ACCOUNT].live_orders()
    assert (held(client), order.open_lots) == (400, 600)


def test_a_trade_comes_after_its_order_was_told_as_cancelled() -> None:
    client = under({"when": "execute.cancel", "do": "cancel_then_fill", "s": 1.0})
    placed(client)
    client.cancel(1)
    client.pass_time(0.01)
    assert client.orders()[-1]["status"] == "canceled"
    client.pass_time(1.0)
    assert len(client.frames("update/account_all_trades")) == 1
    assert held(client) == 1_000
    assert resting(client) == []


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


def test_a_market_bursts_leaps_and_stalls() -> None:
    client = under(has_crowd=True)
    client.pass_time(1.0)
    client.frames()
    client.venue.play(step_of({"do": "burst", "market": "ETH", "moves": 50}))
    assert len(client.frames("update/order_book")) >= 45
    before = client.venue.exchange.floors[0].mark_ticks
    client.venue.play(step_of({"do": "leap", "market": "ETH", "bps": 100}))
    assert client.venue.exchange.floors[0].mark_ticks / before == pytest.approx(1.01, abs=1e-3)
    client.venue.play(step_of({"do": "stall", "market": "ETH", "s": 2.0}))
    client.pass_time(0.1)
    client.frames()
    client.pass_time(1.8)
    assert client.frames("update/order_book") == []
    client.pass_time(1.0)
    assert client.frames("update/order_book") != []


def test_a_side_is_empty() -> None:
    client = under({"at_s": 1.0, "do": "empty_side", "market": "eth"}, has_crowd=True)
    client.pass_time(1.5)
    assert client.venue.exchange.floors[0].book.bids.best_ticks is None
    client.pass_time(10.0)
    assert client.venue.exchange.floors[0].book.bids.best_ticks is not None


def test_a_market_halts_and_its_description_changes() -> None:
    client = under({"at_s": 1.0, "do": "inactive", "market": "eth"})
    client.pass_time(1.0)
    assert client.place(1)["code"] == 21605
    (row,) = client.get("orderBookDetails", market_id=0)[1]["order_book_details"]
    assert row["status"] == "inactive"
    words = {"status": "active", "min_lots": 5_000}
    client.venue.play(step_of({"do": "change_market", "market": "ETH", "words": words}))
    client.nonce = 1
    assert client.place(1)["code"] == 21706


def test_ours_are_filled_in_pieces_of_one_moment() -> None:
    client = under({"at_s": 1.0, "do": "fill_ours", "market": "eth", "pieces": 250})
    placed(client)
    client.pass_time(1.0)
    trades = client.venue.truth.of(Traded)
    assert len(trades) == 250
    assert len({trade.ns for trade in trades}) == 1
    assert held(client) == 1_000


def test_lists_are_cut_and_a_cursor_leads_on() -> None:
    client = under({"at_s": 1.0, "do": "page_size", "rows": 10})
    placed(client)
    client.pass_time(1.0)
    client.venue.play(step_of({"do": "fill_ours", "market": "ETH", "pieces": 25}))
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        _, body = client.get("trades", account_index=ACCOUNT, limit=100, cursor=cursor)
        found += [row["trade_id"] for row in body["trades"]]
        cursor = body.get("next_cursor")
    assert len(found) == len(set(found)) == 25


def test_the_venue_ends_ours_and_others_use_the_account() -> None:
    client = under()
    placed(client)
    client.venue.play(step_of({"do": "foreign_order", "market": "ETH", "side": "sell"}))
    client.venue.play(step_of({"do": "end_ours", "market": "ETH", "why": "canceled-liquidation"}))
    assert resting(client) == [0]
    told = [row["status"] for row in client.orders()]
    assert told == ["open", "open", "canceled-liquidation"]


def test_the_account_trades_without_an_order_and_a_trade_is_taken_back() -> None:
    client = under()
    play = client.venue.play
    play(step_of({"do": "foreign_trade", "market": "ETH", "side": "buy", "lots": 700}))
    assert held(client) == 700
    play(step_of({"do": "bust", "market": "ETH"}))
    assert held(client) == 0
    play(step_of({"do": "foreign_trade", "market": "ETH", "side": "buy", "lots": 700}))
    play(step_of({"do": "foreign_trade", "market": "ETH", "kind": "liquidation"}))
    assert held(client) == 0
    kinds = [trade.kind for trade in client.venue.truth.of(Traded)]
    assert kinds == ["order", "market-settlement", "order", "liquidation"]


def test_a_forced_upgrade_refuses_every_signature() -> None:
    client = under({"at_s": 1.0, "do": "force_upgrade"})
    client.pass_time(1.0)
    assert client.place(1)["code"] == 21136
    client.venue.play(step_of({"do": "force_upgrade", "is_forced": False}))
    client.nonce = 1
    assert client.place(1)["code"] == 200


def test_fees_funding_and_transfers() -> None:
    client = under({"at_s": 0.0, "do": "fees", "maker_1e6": -20})
    placed(client)
    play = client.venue.play
    play(step_of({"do": "fill_ours", "market": "ETH"}))
    assert client.venue.truth.of(Traded)[0].fee < 0
    play(step_of({"do": "settle_funding", "market": "ETH", "rate_1e6": 100}))
    play(step_of({"do": "pay", "amount": "-50000"}))
    kinds = [(paid.what, paid.amount < 0) for paid in client.venue.truth.of(Paid)]
    assert kinds == [("funding", True), ("transfer", True)]


def test_margin_quota_and_leverage_run_short() -> None:
    client = under({"at_s": 1.0, "do": "set_leverage", "market": "eth", "margin_1e4": 10_000})
    client.pass_time(1.0)
    assert client.place(1, BaseAmount=1_000_000)["code"] == 21739
    play = client.venue.play
    play(step_of({"do": "set_collateral", "usdc": 100}))
    client.nonce = 1
    assert client.place(1)["code"] == 21739
    play(step_of({"do": "set_collateral", "usdc": 1_000_000}))
    play(step_of({"do": "set_quota", "left": 0}))
    client.nonce = 1
    assert client.place(1)["status"] == 429


def test_a_wrong_step_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        step_of({"do": "nothing"})
    with pytest.raises(ValueError, match="was \\['speed'\\]"):
        step_of({"do": "late", "s": 1.0, "speed": 2})
    file = tmp_path / "script.yaml"
    file.write_text("- {at_s: 8, do: silence, stream: market}\n")
    (step,) = read(file)
    assert (step.name, step.at_s) == ("silence", 8)


def test_a_running_venue_takes_steps_at_its_control() -> None:
    client = under()

    def control(**words: Any) -> int:
        raw = _json(words).encode()
        return client.venue.ask(Asked("POST", "/control", raw=raw)).answer.status

    assert control(do="refuse", when="place", code=21506) == 200
    assert control(do="nothing") == 400
    assert control(account=8001, keys={"4": "00" * 40}) == 200
    assert client.place(1)["code"] == 21506
    effects = client.venue.ask(Asked("GET", "/control")).answer.body
    assert b'"refuse":1' in effects
    assert 8001 in client.venue.exchange.accounts


def test_every_fault_has_a_test() -> None:
    text = Path(__file__).read_text()
    assert [name for name in FAULTS if f'"{name}"' not in text] == []


def _json(words: Any) -> str:

    return json.dumps(words)
