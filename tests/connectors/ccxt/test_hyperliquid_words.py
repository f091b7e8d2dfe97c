"""What Hyperliquid says of an account is read as it is documented, or refused."""

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import Confirmed, Refused, Unproven
from connectors.ccxt import hyperliquid_wire as wire
from connectors.ccxt.answers import Meaning
from connectors.ccxt.hyperliquid_lane import fates
from connectors.ccxt.hyperliquid_words import HyperliquidWords, kind_of, own_fill
from connectors.ccxt.told import told_as
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    LIQUIDATION,
    MAKER,
    OUTCOME_UNKNOWN,
    REJECTED,
)
from connectors.socket import Malformed
from tests.recordings import recorded
from tests.venues.bybit.test_shapes import missing
from tests.venues.hyperliquid.client import opened

ADDRESS = "0x360878d351f05975e25f1807a27895e1e5e004fb"
WORDS = HyperliquidWords(ADDRESS, ["BTC", "ETH"])
STATUSES = [
    ("open", True, False, (ACCEPTED, 0)),
    ("triggered", True, False, (ACCEPTED, 0)),
    ("filled", False, False, (FILLED, 0)),
    ("filled", True, False, (OUTCOME_UNKNOWN, 0)),
    ("filled", True, True, (EXPIRED, 0)),
    ("canceled", True, False, (CANCELLED, 0)),
    ("marginCanceled", True, False, (EXPIRED, 0)),
    ("scheduledCancel", True, False, (EXPIRED, 0)),
    ("badAloPxRejected", True, True, (REJECTED, Refusal.POST_ONLY)),
    ("minTradeNtlRejected", True, True, (REJECTED, Refusal.MIN_SIZE)),
    ("rejected", True, True, (REJECTED, Refusal.OTHER)),
    ("mysterious", True, True, (OUTCOME_UNKNOWN, 0)),
]


@pytest.mark.parametrize(("status", "is_left", "is_read", "kind"), STATUSES)
def test_a_status_is_where_an_order_stands(
    status: str, is_left: bool, is_read: bool, kind: tuple[int, int]
) -> None:
    assert kind_of(status, is_left, is_read) == kind


def example(name: str) -> Any:
    """Return a recorded message."""
    folder = recorded("payloads") / "nautilus" / "hyperliquid"
    return json.loads((folder / f"{name}.json").read_text())


def test_a_recorded_fill_names_our_order_unless_it_is_our_liquidation() -> None:
    (row,) = example("ws_user_fill_liquidation")["data"]["fills"]
    fill = told_as(row, wire.Fill)
    ours, others = own_fill(fill, ADDRESS), own_fill(fill, "0x" + "1" * 40)
    assert (ours.role, ours.client_text) == (LIQUIDATION, "")
    assert (others.role, others.client_text) == (MAKER, row["cloid"])
    assert others.fee is not None
    assert (str(others.fee.amount), others.fee.currency) == ("0.009997", "USDC")


def test_the_stand_ins_fills_have_the_words_of_recorded_ones() -> None:
    client = opened()
    client.place(client.order("1", p="3010", tif="Ioc"))
    (row,) = client.info("userFillsByTime", startTime=0)
    recorded_row = example("ws_user_fill_liquidation")["data"]["fills"][0]
    del recorded_row["liquidation"]
    assert missing(row, recorded_row) == []


def test_old_fills_that_a_stream_begins_with_are_left_to_reads() -> None:
    row = example("ws_user_fill_liquidation")["data"]["fills"][0]
    frame = {"channel": "userFills", "data": {"user": ADDRESS, "fills": [row]}}
    (fill,) = _said(frame)
    assert isinstance(fill, OwnFill)
    assert _said({**frame, "data": {**frame["data"], "isSnapshot": True}}) == []  # type: ignore[dict-item]


def _said(frame: Any) -> list[Any]:
    said = WORDS.private_word(frame)
    assert isinstance(said, list)
    return said


def test_what_a_position_of_ours_is_not_told_of_is_flat() -> None:
    summary = {"accountValue": "10.5", "totalMarginUsed": "0"}
    state = {"assetPositions": [], "marginSummary": summary, "withdrawable": "10.5"}
    data = {"user": ADDRESS, "dex": "", "clearinghouseState": state}
    btc, eth, wallet = _said({"channel": "clearinghouseState", "data": data})
    assert [(each.symbol, each.size) for each in (btc, eth)] == [("BTC", "0"), ("ETH", "0")]
    assert str(wallet.equity) == "10.5"
    other = {**data, "dex": "xyz"}
    assert _said({"channel": "clearinghouseState", "data": other}) == []


def test_a_refused_subscription_ends_the_stream_and_an_answer_is_heard() -> None:
    answer = {"method": "subscribe", "subscription": {"type": "userFills", "user": ADDRESS}}
    heard = WORDS.private_word({"channel": "subscriptionResponse", "data": answer})
    assert heard == Asked("userFills")
    ended = WORDS.private_word({"channel": "error", "data": "Invalid subscription"})
    assert isinstance(ended, Ended)
    assert WORDS.private_word({"channel": "pong"}) is None


ERROR = {"error": "Order must have minimum value of $10. asset=1"}
RESTS = {"resting": {"oid": 7}}


def _answered(*statuses: Any) -> Any:
    return {"status": "ok", "response": {"type": "order", "data": {"statuses": list(statuses)}}}


def test_one_error_for_a_batch_is_that_of_each_of_its_orders() -> None:
    for verdict in fates(_answered(ERROR), 3):
        assert isinstance(verdict.outcome, Refused)
        assert verdict.answer.refusal == Refusal.MIN_SIZE


def test_each_order_of_an_answer_has_its_own_and_what_is_not_documented_proves_nothing() -> None:
    good, bad, odd = fates(_answered(RESTS, ERROR, {"news": 1}), 3)
    assert isinstance(good.outcome, Confirmed)
    assert isinstance(bad.outcome, Refused)
    assert isinstance(odd.outcome, Unproven)
    for said in (_answered(RESTS), {"status": "ok"}, None, _answered(RESTS, RESTS, RESTS)):
        assert all(isinstance(v.outcome, Unproven) for v in fates(said, 2))


def test_a_cancel_of_what_is_gone_is_not_found() -> None:
    gone = {"error": "Order was never placed, already canceled, or filled. asset=0"}
    (verdict,) = fates(_answered(gone), 1)
    assert verdict.answer.meaning is Meaning.NOT_FOUND


@given(st.binary(max_size=40), st.integers(0, 300), st.sampled_from(range(2)))
def test_a_spoiled_event_is_refused_or_read_and_never_ends_a_stream(
    noise: bytes, place: int, which: int
) -> None:
    whole = (ORDER_EVENT, FILL_EVENT)[which]
    spoiled = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(ValueError):
        message = msgspec.json.decode(spoiled)
        with suppress(Malformed):
            said = WORDS.private_word(message)
            assert said is None or isinstance(said, (list, Ended, Asked))


ORDER_EVENT = (
    b'{"channel":"orderUpdates","data":[{"order":{"coin":"ETH","side":"B","limitPx":"2900.0",'
    b'"sz":"0.06","oid":7,"timestamp":1763000,"origSz":"0.1","cloid":null},"status":"open",'
    b'"statusTimestamp":1763000}]}'
)
FILL_EVENT = (
    b'{"channel":"userFills","data":{"user":"0x1","fills":[{"coin":"ETH","px":"2900.0","sz":"0.04",'
    b'"side":"B","time":1763000,"oid":7,"crossed":false,"fee":"0.01","tid":9}]}}'
)


def test_what_has_traded_of_an_order_is_what_is_not_left_of_it() -> None:
    (order,) = _said(msgspec.json.decode(ORDER_EVENT))
    assert isinstance(order, OwnOrder)
    assert (order.filled, order.size, order.kind) == ("0.04", "0.1", ACCEPTED)
