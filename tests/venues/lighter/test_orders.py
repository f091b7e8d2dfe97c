"""The life of orders at the stand-in: placed, traded, changed, cancelled, refused."""

from typing import Any

from connectors.model.events import MAKER, TAKER
from tests.stage.truth import Accepted, Ended, Refused, Traded
from tests.venues.lighter.floor import AT_ONCE_S, crowd_rests, crowd_takes, quiet
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.transactions import TxType


def test_an_order_is_acknowledged_then_rests_then_trades_in_parts_then_is_cancelled() -> None:
    client = quiet()
    assert client.place(42)["code"] == 200
    assert client.orders() == []
    client.pass_time(AT_ONCE_S)
    (row,) = client.orders()
    assert (row["status"], row["client_order_index"], row["side"]) == ("open", 42, "buy")
    crowd_takes(client, True, 299_000, 400)
    frames = client.frames()
    by_type = {frame["type"]: frame for frame in frames}
    (row,) = by_type["update/account_all_orders"]["orders"]["0"]
    assert (row["status"], row["filled_base_amount"]) == ("open", "0.0400")
    assert row["remaining_base_amount"] == "0.0600"
    (trade,) = by_type["update/account_all_trades"]["trades"]["0"]
    assert (trade["bid_client_id"], trade["is_maker_ask"]) == (42, False)
    assert (trade["maker_fee"], trade["taker_fee"]) == (40, 280)
    position = by_type["update/account_all_positions"]["positions"]["0"]
    assert (position["sign"], position["position"]) == (1, "0.0400")
    assert position["avg_entry_price"] == "2990.00"
    client.cancel(42)
    client.pass_time(AT_ONCE_S)
    (row,) = client.orders()
    assert (row["status"], row["remaining_base_amount"]) == ("canceled", "0.0000")


def test_the_truth_log_has_the_same_life() -> None:
    client = quiet()
    client.place(42)
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 299_000, 400)
    client.cancel(42)
    client.pass_time(AT_ONCE_S)
    truth = client.venue.truth
    (accepted,) = truth.of(Accepted)
    (traded,) = truth.of(Traded)
    (ended,) = truth.of(Ended)
    assert (accepted.client_id, accepted.ticks, accepted.lots) == (42, 299_000, 1_000)
    assert (traded.lots, traded.role, str(traded.fee)) == (400, MAKER, "0.004784")
    assert (ended.why, ended.open_lots) == ("canceled", 600)


def test_the_fee_of_a_trade_leaves_the_collateral() -> None:
    client = quiet()
    crowd_rests(client, True, 300_100, 5_000)
    client.place(1, Price=300_200, TimeInForce=TimeInForce.IOC)
    client.pass_time(0.5)
    (traded,) = client.venue.truth.of(Traded)
    assert (traded.role, traded.ticks, traded.lots) == (TAKER, 300_100, 1_000)
    paid = 100_000 * 10**6 - client.venue.exchange.accounts[ACCOUNT].collateral_micro
    assert paid == round(300_100 * 1_000 * 280e-6)


def test_a_taker_waits_out_the_speed_bump_and_a_maker_does_not() -> None:
    client = quiet()
    crowd_rests(client, True, 300_100, 5_000)
    client.place(1)
    client.place(2, Price=300_200, TimeInForce=TimeInForce.IOC)
    client.pass_time(0.1)
    assert [row["client_order_index"] for row in client.orders()] == [1]
    client.pass_time(0.15)
    statuses = {row["client_order_index"]: row["status"] for row in client.orders()}
    assert statuses == {2: "filled"}


def test_a_post_only_order_that_would_trade_is_acknowledged_and_then_cancelled() -> None:
    client = quiet()
    crowd_rests(client, True, 300_100, 5_000)
    assert client.place(7, Price=300_100)["code"] == 200
    client.pass_time(AT_ONCE_S)
    assert [row["status"] for row in client.orders()] == ["canceled-post-only"]
    assert [refused.why for refused in client.venue.truth.of(Refused)] == ["canceled-post-only"]


def test_what_is_wrong_at_the_door_is_refused_and_takes_no_nonce() -> None:
    client = quiet()
    client.place(1)
    wrong = {
        21728: client.order(1),
        21727: client.order(1 << 48),
        21706: client.order(2, BaseAmount=1),
        21702: client.order(3, Price=1 << 32),
        21701: client.order(4, BaseAmount=0),
        21733: client.order(5, Price=400_000),
        21734: client.order(6, Price=30_000),
        21711: client.order(7, OrderExpiry=client.venue.exchange.now_ms + 1_000),
        21602: client.order(8, MarketIndex=99),
        21739: client.order(9, BaseAmount=10_000_000),
    }
    for code, fields in wrong.items():
        answer = client.send(TxType.CREATE, **fields, Nonce=2)
        assert (answer["status"], answer["code"]) == (400, code)
    assert client.get("nextNonce", account_index=ACCOUNT, api_key_index=4)[1]["nonce"] == 2


def test_nonces_are_contiguous_unless_they_skip() -> None:
    client = quiet()
    assert client.send(TxType.CREATE, **client.order(1), Nonce=5)["code"] == 21104
    assert client.send(TxType.CREATE, {"4": 1}, **client.order(1), Nonce=5)["code"] == 200
    assert client.send(TxType.CREATE, {"4": 1}, **client.order(2), Nonce=5)["code"] == 21104
    assert client.send(TxType.CREATE, **client.order(2), Nonce=6)["code"] == 200


def test_a_modify_takes_effect_only_with_a_newer_version() -> None:
    client = quiet()
    client.place(1)
    client.pass_time(AT_ONCE_S)
    client.orders()
    changed = {"MarketIndex": 0, "Index": 1, "TriggerPrice": 0, "BaseAmount": 2_000}
    client.send(TxType.MODIFY, {"8": 10}, Price=298_000, **changed)
    client.send(TxType.MODIFY, {"8": 9}, Price=297_000, **changed)
    client.pass_time(AT_ONCE_S)
    (row,) = client.orders()
    assert (row["price"], row["initial_base_amount"]) == ("2980.00", "0.2000")


def test_cancel_all_takes_one_market_or_all() -> None:
    client = quiet()
    client.place(1)
    client.place(2, MarketIndex=1, Price=899_000)
    client.place(3)
    client.send(TxType.CANCEL_ALL, {"5": 0}, TimeInForce=0, Time=0)
    client.pass_time(AT_ONCE_S)
    live = client.venue.exchange.accounts[ACCOUNT].live_orders()
    assert [order.client_index for order in live] == [2]
    client.send(TxType.CANCEL_ALL, TimeInForce=0, Time=0)
    client.pass_time(AT_ONCE_S)
    assert client.venue.exchange.accounts[ACCOUNT].live_orders() == []


def test_a_scheduled_cancel_all_is_one_at_a_time_and_can_be_renewed_in_one_batch() -> None:
    client = quiet()
    client.place(1)

    def at(seconds: int) -> dict[str, Any]:
        return {"TimeInForce": 1, "Time": client.venue.exchange.now_ms + seconds * 1_000}

    assert client.send(TxType.CANCEL_ALL, **at(200))["code"] == 21714
    client.nonce -= 1
    assert client.send(TxType.CANCEL_ALL, **at(301))["code"] == 200
    client.pass_time(AT_ONCE_S)
    assert client.send(TxType.CANCEL_ALL, **at(400))["code"] == 21712
    client.nonce -= 1
    abort = client.signed_tx(TxType.CANCEL_ALL, TimeInForce=2, Time=0)
    again = client.signed_tx(TxType.CANCEL_ALL, **at(600))
    answer = client.batch((TxType.CANCEL_ALL, abort), (TxType.CANCEL_ALL, again))
    assert answer["code"] == 200
    client.pass_time(400.0)
    assert len(client.venue.exchange.accounts[ACCOUNT].live_orders()) == 1
    client.pass_time(201.0)
    assert client.venue.exchange.accounts[ACCOUNT].live_orders() == []
    assert client.venue.exchange.accounts[ACCOUNT].cancel_all_ms == 0


def test_an_order_ends_at_its_expiry() -> None:
    client = quiet()
    client.place(1, OrderExpiry=client.venue.exchange.now_ms + 301_000)
    client.pass_time(300.0)
    assert len(client.venue.exchange.accounts[ACCOUNT].live_orders()) == 1
    client.pass_time(2.0)
    _, body = client.get("accountInactiveOrders", account_index=ACCOUNT)
    assert [row["status"] for row in body["orders"]] == ["canceled-expired"]


def test_orders_of_one_account_do_not_trade_with_each_other() -> None:
    client = quiet()
    client.place(1)
    client.place(2, IsAsk=1, Price=299_000, TimeInForce=TimeInForce.IOC)
    client.pass_time(0.5)
    ended = {row["client_order_index"]: row["status"] for row in client.orders()}
    assert ended == {1: "canceled-self-trade", 2: "canceled"}
    assert client.venue.truth.of(Traded) == []


def test_a_reduce_only_order_never_turns_a_position() -> None:
    client = quiet()
    client.place(1)
    client.pass_time(AT_ONCE_S)
    crowd_takes(client, True, 299_000, 600)
    crowd_rests(client, False, 298_000, 9_000)
    client.orders()
    taken = {"IsAsk": 1, "Price": 298_000, "ReduceOnly": 1, "TimeInForce": TimeInForce.IOC}
    client.place(2, BaseAmount=5_000, **taken)
    client.pass_time(0.5)
    client.place(3, BaseAmount=5_000, **taken)
    client.pass_time(0.5)
    assert client.venue.exchange.accounts[ACCOUNT].position(0).lots == 0
    assert client.orders()[-1]["status"] == "canceled-reduce-only"


def test_a_taker_without_margin_is_cancelled_after_its_acknowledgement() -> None:
    client = quiet(collateral_usdc=100)
    crowd_rests(client, True, 300_100, 50_000)
    ioc = {"Price": 300_200, "TimeInForce": TimeInForce.IOC, "BaseAmount": 20_000}
    assert client.place(1, **ioc)["code"] == 200
    client.pass_time(0.5)
    assert [row["status"] for row in client.orders()] == ["canceled-margin-not-allowed"]


def test_a_cancel_of_what_is_gone_is_acknowledged_and_fails_silently() -> None:
    client = quiet()
    answer = client.cancel(42)
    client.pass_time(AT_ONCE_S)
    assert answer["code"] == 200
    assert client.orders() == []
    status, body = client.get("tx", by="hash", value=answer["tx_hash"])
    assert (status, body["status"]) == (200, 0)
