"""KuCoin's words, orders, rescue and rates, without a deploy; shapes are those of its documents."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import Request
from connectors.ccxt import dialects
from connectors.ccxt import kucoin_wire as wire
from connectors.ccxt.kucoin_rescue import KucoinRescue, made
from connectors.ccxt.kucoin_sent import Sent
from connectors.ccxt.kucoin_words import KucoinWords, own_fill, own_order, own_position
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder, OwnPosition, OwnWallet
from connectors.model.account import Fee
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    IOC,
    LIQUIDATION,
    MAKER,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REJECTED,
)
from connectors.socket import Malformed
from tests.venues.common.http import Asked as Asked_in
from tests.venues.kucoin.client import opened
from tests.venues.kucoin.keys import API_KEY, PASSPHRASE, SECRET
from tests.venues.kucoin.venue import Venue

ORDER: dict[str, Any] = {
    "symbol": "XBTUSDTM",
    "orderType": "limit",
    "side": "buy",
    "orderId": "7",
    "type": "match",
    "size": "3",
    "filledSize": "1",
    "price": "91670",
    "matchPrice": "91669.9",
    "matchSize": "1",
    "tradeId": "99",
    "liquidity": "maker",
    "tradeType": "trade",
    "clientOid": "mm-1",
    "status": "match",
    "ts": 1_731_916_996_762_000_000,
}
TOPIC = "/contractMarket/tradeOrders"


def news(topic: str, subject: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"topic": topic, "type": "message", "subject": subject, "data": data}


def said(sent: Sent | None = None, **words: object) -> Any:
    speech = KucoinWords(sent or Sent())
    return speech.private_word(news(TOPIC, "orderChange", {**ORDER, **words}))


def test_an_order_and_its_trade_come_in_one_message_and_the_fee_is_left_to_reads() -> None:
    order, fill = said()
    assert isinstance(order, OwnOrder)
    assert isinstance(fill, OwnFill)
    assert (order.kind, order.size, order.filled, order.client_text) == (ACCEPTED, "3", "1", "mm-1")
    assert (fill.trade_id, fill.price, fill.size) == ("7:99", "91669.9", "1")
    assert (fill.role, fill.venue_ms, fill.fee) == (MAKER, 1_731_916_996_762, None)


@pytest.mark.parametrize(
    ("what", "kind"), [("filled", FILLED), ("open", ACCEPTED), ("odd", OUTCOME_UNKNOWN)]
)
def test_every_other_message_is_of_the_order_alone(what: str, kind: int) -> None:
    (order,) = said(type=what)
    assert order.kind == kind


@pytest.mark.parametrize("kind", ["liquid", "adl", "settlement"])
def test_what_the_venue_closes_is_a_trade_of_no_order(kind: str) -> None:
    (fill,) = said(tradeType=kind, price="84603.44", liquidity="taker")
    assert (fill.role, fill.client_text) == (LIQUIDATION, "")


@pytest.mark.parametrize(
    ("flags", "before", "filled", "expected"),
    [
        (POST_ONLY, (), "0", (REJECTED, Refusal.POST_ONLY)),
        (POST_ONLY, ("open",), "0", (CANCELLED, 0)),
        (POST_ONLY, ("cancel",), "0", (CANCELLED, 0)),
        (IOC, (), "1", (EXPIRED, 0)),
        (0, (), "0", (CANCELLED, 0)),
    ],
)
def test_a_cancel_without_a_reason_is_told_by_what_was_asked(
    flags: int, before: tuple[str, ...], filled: str, expected: tuple[int, int]
) -> None:
    sent = Sent()
    sent.place("mm-1", flags)
    for what in before:
        if what == "cancel":
            sent.cancel("mm-1")
        else:
            said(sent, type=what, filledSize="0")
    (order,) = said(sent, type="canceled", filledSize=filled)
    assert (order.kind, order.code) == expected


READ = {
    "symbol": "XBTUSDTM",
    "tradeId": "99",
    "orderId": "7",
    "side": "buy",
    "liquidity": "maker",
    "price": "91669.9",
    "size": 1,
    "tradeTime": 1_731_916_996_762_000_000,
    "fee": "0.0183",
    "feeCurrency": "USDT",
}


def test_a_trade_is_the_same_by_stream_and_by_read_but_for_its_fee() -> None:
    sent = Sent()
    fill = said(sent)[1]
    read = own_fill(msgspec.convert(READ, wire.Trade), "mm-1", sent)
    assert read.fee == Fee(Decimal("0.0183"), "USDT")
    assert (read.trade_id, read.venue_ms, read.size) == (fill.trade_id, fill.venue_ms, fill.size)


def test_a_read_that_tells_another_moment_of_a_trade_halts() -> None:
    sent = Sent()
    said(sent, ts=1_731_916_996_763_000_000)
    with pytest.raises(VenueError, match="expected the stream's moment") as told:
        own_fill(msgspec.convert(READ, wire.Trade), "mm-1", sent)
    assert told.value.plan is Plan.HALT


ROW = {"id": "7", "symbol": "XBTUSDTM", "side": "sell", "size": 3, "status": "done", "price": "9"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"status": "open"}, ACCEPTED),
        ({"filledSize": 3}, FILLED),
        ({"dealSize": 3}, FILLED),
        ({"filledSize": 1, "cancelExist": True}, CANCELLED),
        ({"status": "?"}, OUTCOME_UNKNOWN),
    ],
)
def test_an_order_that_was_read_is_open_or_over(words: dict[str, object], kind: int) -> None:
    row = msgspec.convert({**ROW, **words}, wire.Order)
    assert own_order(row, Sent()).kind == kind


def test_positions_and_money_are_told_whole_or_not_at_all() -> None:
    speech = KucoinWords(Sent())
    held = {"symbol": "XBTUSDTM", "currentQty": -2, "avgEntryPrice": 68001, "marginMode": "CROSS"}
    held |= {"liquidationPrice": 80700.5, "delevPercentage": 0.87, "leverage": 24.95}
    (told,) = speech.private_word(news("/contract/positionAll", "position.change", held)) or ()
    expected = OwnPosition("XBTUSDTM", "-2", "68001.0", "24.95", "80700.5", 5, True)
    assert told == expected
    by_mark = {"markPrice": 7947.83, "delevPercentage": 0.52}
    assert speech.private_word(news("/contract/position:X", "position.change", by_mark)) is None
    money = {"currency": "USDT", "equity": "9", "walletBalance": "8", "availableBalance": "7"}
    (wallet,) = speech.private_word(news("/contractAccount/wallet", "walletBalance.change", money))  # type: ignore[misc]
    assert isinstance(wallet, OwnWallet)
    assert (wallet.equity, wallet.available, wallet.maintenance) == (Decimal(9), Decimal(7), None)
    old = {"availableBalance": 5923, "currency": "USDT"}
    with suppress(Malformed):
        found = speech.private_word(news("/contractAccount/wallet", "availableBalance.change", old))
        assert found is None
    with pytest.raises(Malformed):
        own_position(wire.PositionEvent())


def test_answers_name_their_topic_and_a_refusal_ends_the_stream() -> None:
    speech = KucoinWords(Sent())
    assert speech.private_word({"id": TOPIC, "type": "ack"}) == Asked(TOPIC)
    assert isinstance(speech.private_word({"id": "1", "type": "error", "data": "x"}), Ended)
    for nothing in ({"type": "welcome"}, {"type": "pong", "id": "1"}, "text", {}):
        assert speech.private_word(nothing) is None


@given(st.binary(max_size=30), st.integers(0, 300))
def test_a_spoiled_event_is_refused_or_read_and_never_ends_a_stream(
    noise: bytes, place: int
) -> None:
    whole = json.dumps(news(TOPIC, "orderChange", ORDER)).encode()
    spoiled = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(ValueError):
        message = msgspec.json.decode(spoiled)
        with suppress(Malformed):
            told = KucoinWords(Sent()).private_word(message)
            assert told is None or isinstance(told, (list, Ended, Asked))


class Door:
    """A way to a stand-in in memory."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue

    def __call__(self, request: Request) -> Any:
        path, _, query = request.url.removeprefix("http://there").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        plan = self.venue.ask(Asked_in(request.method, path, {}, headers, b"", query=query))
        return msgspec.json.decode(plan.answer.body)


def rescue(venue: Venue, secret: str = SECRET) -> KucoinRescue:
    symbols = ["XBTUSDTM", "ETHUSDTM"]
    parts = (API_KEY, secret, PASSPHRASE)
    return KucoinRescue("kucoin_futures", "http://there", *parts, symbols, Door(venue))


def test_the_rescue_cancels_what_rests_and_counts_it_whatever_the_clock_says() -> None:
    client = opened(has_crowd=False, skew_ms=90_000)
    for number in range(3):
        client.place(f"rests{number}")
    assert rescue(client.venue).resting() == 3
    for _ in range(2):
        rescue(client.venue).cancel_all()
        client.pass_time(0.1)
    assert rescue(client.venue).resting() == 0


def test_the_rescue_says_that_nothing_was_done() -> None:
    venue = opened(has_crowd=False).venue
    rescue(venue).ready()
    with pytest.raises(VenueError, match=r"400004.*were not cancelled|were not cancelled.*400004"):
        rescue(venue, "another").cancel_all()
    with pytest.raises(VenueError, match="400004"):
        rescue(venue, "another").resting()
    words = {"venue": "v", "rest_url": "u", "symbols": "A"}
    names = {"key_env": "KEY", "secret_env": "S", "passphrase_env": "P"}
    with pytest.raises(VenueError, match="P to hold the passphrase"):
        made({**words, **names}, {"KEY": "k", "S": "s"}, lambda: 0)


def test_a_request_of_the_rescue_is_signed_as_the_document_says() -> None:
    request = KucoinRescue("v", "http://u", "k", "s", "p", ["A"]).cancelling("A", 5)
    text = b"5DELETE/api/v3/orders?symbol=A"
    expected = base64.b64encode(hmac.new(b"s", text, hashlib.sha256).digest()).decode()
    assert request.headers["KC-API-SIGN"] == expected
    assert request.headers["KC-API-PASSPHRASE"] != "p"


def test_partner_and_unified_account_are_switched_off() -> None:
    options = dialects.kucoin_futures(5, "cross").options
    assert (options["uta"], options["partner"]) == (False, {})
