"""The life of orders at the stand-in: placed, traded, changed, cancelled, refused."""

from typing import Any

import pytest

from connectors.model.events import MAKER, TAKER
from tests.stage.truth import Accepted, Ended, Refused, Traded
from tests.venues.bybit.client import AT_ONCE_S, Client
from tests.venues.bybit.floor import BTC, crowd_rests, crowd_takes, quiet


def placed(client: Client, link: str, **fields: Any) -> None:
    """Place an order and let it come to the book."""
    assert client.place(link, **fields)["retCode"] == 0
    client.pass_time(AT_ONCE_S)


def test_an_order_is_acknowledged_then_rests_then_trades_in_parts_then_is_cancelled() -> None:
    client = quiet()
    assert client.place("42")["result"]["orderLinkId"] == "42"
    assert client.private.frames() == []
    client.pass_time(AT_ONCE_S)
    (row,) = client.private.rows("order")
    assert (row["orderStatus"], row["orderLinkId"], row["side"]) == ("New", "42", "Buy")
    crowd_takes(client, True, 899_000, 4)
    frames = client.private.frames()
    assert [frame["topic"] for frame in frames] == ["execution", "order", "position", "wallet"]
    (execution,), (row,), (position,), (wallet,) = (frame["data"] for frame in frames)
    assert (execution["execQty"], execution["isMaker"], execution["leavesQty"]) == (
        "0.004",
        True,
        "0.006",
    )
    assert (row["orderStatus"], row["cumExecQty"], row["leavesQty"]) == (
        "PartiallyFilled",
        "0.004",
        "0.006",
    )
    assert (position["side"], position["size"], position["entryPrice"]) == ("Buy", "0.004", "89900")
    assert wallet["coin"][0]["walletBalance"] == "99999.92808"
    assert client.cancel("42")["retCode"] == 0
    client.pass_time(AT_ONCE_S)
    (row,) = client.private.rows("order")
    assert (row["orderStatus"], row["cancelType"], row["rejectReason"]) == (
        "Cancelled",
        "CancelByUser",
        "EC_PerCancelRequest",
    )


def test_the_truth_log_has_the_same_life() -> None:
    client = quiet()
    placed(client, "42")
    crowd_takes(client, True, 899_000, 4)
    client.cancel("42")
    client.pass_time(AT_ONCE_S)
    truth = client.venue.truth
    (accepted,), (traded,), (ended,) = truth.of(Accepted), truth.of(Traded), truth.of(Ended)
    assert (accepted.client_id, accepted.ticks, accepted.lots) == (42, 899_000, 10)
    assert (traded.lots, traded.role, str(traded.fee)) == (4, MAKER, "0.07192000")
    assert (ended.why, ended.open_lots) == ("CancelByUser", 6)


def test_a_taker_pays_the_takers_fee_and_trades_at_the_makers_price() -> None:
    client = quiet()
    crowd_rests(client, True, 900_100, 50)
    placed(client, "1", price="90020", timeInForce="IOC")
    (traded,) = client.venue.truth.of(Traded)
    assert (traded.role, traded.ticks, traded.lots) == (TAKER, 900_100, 10)
    assert str(traded.fee) == "0.49505500"


def test_a_post_only_order_that_would_trade_is_acknowledged_and_then_cancelled() -> None:
    client = quiet()
    crowd_rests(client, True, 900_100, 50)
    placed(client, "7", price="90010")
    (row,) = client.private.rows("order")
    assert (row["orderStatus"], row["rejectReason"]) == (
        "Cancelled",
        "EC_PostOnlyWillTakeLiquidity",
    )
    assert [refused.why for refused in client.venue.truth.of(Refused)] == [row["rejectReason"]]


@pytest.mark.parametrize(
    ("tif", "qty", "status", "filled", "reason"),
    [
        ("IOC", "0.080", "Cancelled", "0.050", "EC_CancelForNoFullFill"),
        ("FOK", "0.080", "Cancelled", "0.000", "EC_CancelForNoFullFill"),
        ("FOK", "0.050", "Filled", "0.050", "EC_NoError"),
        ("GTC", "0.080", "PartiallyFilled", "0.050", "EC_NoError"),
    ],
)
def test_each_time_in_force_leaves_its_own_rest(
    tif: str, qty: str, status: str, filled: str, reason: str
) -> None:
    client = quiet()
    crowd_rests(client, True, 900_100, 50)
    placed(client, "1", price="90010", timeInForce=tif, qty=qty)
    row = client.private.rows("order")[-1]
    assert (row["orderStatus"], row["cumExecQty"], row["rejectReason"]) == (status, filled, reason)


REFUSED: dict[str, tuple[int, dict[str, Any]]] = {
    "a word given before": (110072, {"orderLinkId": "1"}),
    "a word too long": (10001, {"orderLinkId": "x" * 37}),
    "a word of other letters": (10001, {"orderLinkId": "a b"}),
    "no side": (10001, {"side": "buy"}),
    "no size": (10001, {"qty": "0"}),
    "a size between two lots": (10001, {"qty": "0.0105"}),
    "a size too large": (10001, {"qty": "2000"}),
    "a price between two ticks": (10001, {"price": "89900.05"}),
    "a price beyond the limit": (110003, {"price": "95000"}),
    "too little worth": (110094, {"price": "4000", "qty": "0.001"}),
    "too much worth": (110007, {"qty": "100"}),
    "another market": (10001, {"symbol": "XRPUSDT"}),
    "another category": (10001, {"category": "swap"}),
    "nothing to reduce": (110017, {"reduceOnly": True}),
    "the other position mode": (10001, {"positionIdx": 1}),
    "a trigger": (10001, {"triggerPrice": "91000"}),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_wrong_at_the_door_is_refused(name: str) -> None:
    client = quiet()
    placed(client, "1")
    code, fields = REFUSED[name]
    assert client.place("2", **fields)["retCode"] == code
    assert [order.link_id for order in client.account.live_orders()] == ["1"]


def test_an_amendment_keeps_its_place_only_where_it_gets_smaller() -> None:
    client = quiet()
    placed(client, "1")
    crowd_rests(client, False, 899_000, 50)
    client.amend("1", qty="0.008")
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 899_000, 3)
    assert client.account.by_link["1"].filled_lots == 3
    client.amend("1", qty="0.009")
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 899_000, 50)
    order = client.account.by_link["1"]
    assert (order.filled_lots, order.open_lots) == (3, 6)
    assert client.amend("1", qty="0.009")["retCode"] == 10001
    assert client.amend("1", qty="0.003")["retCode"] == 110064
    assert client.amend("9", qty="0.003")["retCode"] == 110001


def test_a_post_only_order_that_is_changed_to_cross_is_cancelled() -> None:
    client = quiet()
    crowd_rests(client, True, 900_100, 50)
    placed(client, "1")
    assert client.amend("1", price="90010")["retCode"] == 0
    client.pass_time(AT_ONCE_S)
    assert client.private.rows("order")[-1]["rejectReason"] == "EC_PostOnlyWillTakeLiquidity"


def test_cancel_all_takes_one_market_or_all_of_a_coin() -> None:
    client = quiet()
    placed(client, "1")
    placed(client, "2", symbol="ETHUSDT", price="2990", qty="0.1")
    answer = client.post("/v5/order/cancel-all", category="linear", symbol=BTC)
    assert [row["orderLinkId"] for row in answer["result"]["list"]] == ["1"]
    client.post("/v5/order/cancel-all", category="linear", settleCoin="USDT")
    assert client.account.live_orders() == []
    assert client.post("/v5/order/cancel-all", category="linear")["retCode"] == 10001


def test_a_batch_has_a_code_for_each_and_none_keeps_another_back() -> None:
    client = quiet()
    rows = [client.order("1"), client.order("2", qty="0"), client.order("3")]
    answer = client.post("/v5/order/create-batch", category="linear", request=rows)
    assert [code["code"] for code in answer["retExtInfo"]["list"]] == [0, 10001, 0]
    assert [row["orderId"] == "" for row in answer["result"]["list"]] == [False, True, False]
    client.pass_time(AT_ONCE_S)
    smaller = [{"symbol": BTC, "orderLinkId": link, "qty": "0.008"} for link in ("1", "9")]
    answer = client.post("/v5/order/amend-batch", category="linear", request=smaller)
    assert [code["code"] for code in answer["retExtInfo"]["list"]] == [0, 110001]
    wanted = [{"symbol": BTC, "orderLinkId": link} for link in ("1", "3", "9")]
    answer = client.post("/v5/order/cancel-batch", category="linear", request=wanted)
    assert [code["code"] for code in answer["retExtInfo"]["list"]] == [0, 0, 110001]
    client.pass_time(AT_ONCE_S)
    assert client.account.live_orders() == []


@pytest.mark.parametrize(
    ("smp", "live"), [("CancelMaker", ["2"]), ("CancelTaker", ["1"]), ("CancelBoth", [])]
)
def test_orders_of_one_account_give_way_as_the_taker_says(smp: str, live: list[str]) -> None:
    client = quiet()
    placed(client, "1")
    placed(client, "2", side="Sell", timeInForce="GTC", smpType=smp)
    assert [order.link_id for order in client.account.live_orders()] == live
    assert client.venue.truth.of(Traded) == []


def test_without_prevention_an_account_trades_with_itself() -> None:
    client = quiet()
    placed(client, "1")
    placed(client, "2", side="Sell", timeInForce="GTC")
    assert [trade.client_id for trade in client.venue.truth.of(Traded)] == [1, 2]
    assert client.account.position(BTC).lots == 0


def test_a_reduce_only_order_never_turns_a_position() -> None:
    client = quiet()
    placed(client, "1", qty="0.006")
    crowd_takes(client, True, 899_000, 6)
    crowd_rests(client, False, 898_000, 90)
    taken = {"side": "Sell", "price": "89800", "timeInForce": "IOC", "reduceOnly": True}
    placed(client, "2", qty="0.050", **taken)
    assert client.account.position(BTC).lots == 0
    assert client.private.rows("order")[-1]["cancelType"] == "CancelByReduceOnly"


def test_in_hedge_mode_each_side_has_its_position() -> None:
    client = quiet()
    mode = {"category": "linear", "symbol": BTC, "mode": 3}
    assert client.post("/v5/position/switch-mode", **mode)["retCode"] == 0
    assert client.post("/v5/position/switch-mode", **mode)["retCode"] == 110025
    crowd_rests(client, True, 900_100, 50)
    crowd_rests(client, False, 899_900, 50)
    placed(client, "1", positionIdx=1, timeInForce="IOC", price="90010")
    placed(client, "2", positionIdx=2, timeInForce="IOC", price="89990", side="Sell")
    answer = client.get("/v5/position/list", category="linear", symbol=BTC)
    rows = [(row["positionIdx"], row["side"], row["size"]) for row in answer["result"]["list"]]
    assert rows == [(1, "Buy", "0.010"), (2, "Sell", "0.010")]
    assert client.post("/v5/position/switch-mode", **{**mode, "mode": 0})["retCode"] == 110024
