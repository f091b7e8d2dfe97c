"""Faults of requests, of what is read, and of what follows an acknowledgement."""

from typing import Any

import pytest

from tests.stage.truth import Fault
from tests.venues.common.http import Asked, Fate
from tests.venues.common.truth import Executed
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.scenes import as_json, asked, held, placed, resting, under
from tests.venues.lighter.transactions import TxType


@pytest.mark.parametrize(
    ("name", "words", "fate", "carried_out"),
    [
        ("drop_request", {}, Fate.NEVER, False),
        ("drop_response", {}, Fate.NEVER, True),
        ("dns_fail", {}, Fate.UNSENT, False),
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
        Asked("POST", "/api/v1/sendTx", {"tx_type": "14", "tx_info": as_json(info)})
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


def test_the_orders_of_one_side_may_be_refused() -> None:
    client = under({"when": "place", "times": 9, "do": "refuse_side", "side": "sell"})
    placed(client, 1)
    client.place(2, IsAsk=1, Price=310_000)
    client.pass_time(0.01)
    assert resting(client) == [1]


def test_a_batch_may_be_let_in_in_part_and_refused() -> None:
    client = under({"when": "batch", "do": "refuse_batch", "code": 21739, "let_in": 1})
    both = [(TxType.CREATE, client.signed_tx(TxType.CREATE, **client.order(n))) for n in (1, 2)]
    assert client.batch(*both)["code"] == 21739
    client.pass_time(0.01)
    assert resting(client) == [1]


def test_so_many_connections_are_opened_in_a_minute_and_no_more() -> None:
    client = under(limits=Limits(connects_per_min=3))
    assert [client.venue.admits() for _ in range(4)] == [True, True, True, False]
    client.pass_time(60.0)
    assert client.venue.admits()


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


def test_what_a_higher_nonce_has_overtaken_is_never_carried_out() -> None:
    client = under({"when": "execute.create", "do": "hold", "s": 30.0})
    placed(client, 1)
    placed(client, 2)
    client.pass_time(31.0)
    assert resting(client) == [2]
    assert [done.error for done in client.venue.truth.of(Executed)] == [0, 21104]


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
