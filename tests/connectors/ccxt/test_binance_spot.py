"""Binance spot's words, wallet, fees and rescue, without a deploy."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from connectors.calls import Request
from connectors.ccxt import binance_spot_wire as wire
from connectors.ccxt.binance_spot import api_url
from connectors.ccxt.binance_spot_reads import fees_of
from connectors.ccxt.binance_spot_safety import examine
from connectors.ccxt.binance_spot_words import BinanceSpotWords
from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.names import Names
from connectors.ccxt.safety import Terms
from connectors.ccxt.spot_rescue import SpotRescue, binance, binance_headers
from connectors.ccxt.units import Units
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder
from connectors.examined import Weight
from connectors.model.account import Fee
from connectors.model.errors import VenueError
from connectors.model.events import CANCELLED, FILLED, MAKER
from connectors.socket import Malformed
from runner.wiring.markets import instrument_of
from tests.deploys import settings_for
from tests.venues.binance.client import keys
from tests.venues.binance.guard import signed
from tests.venues.binance.keys import API_KEY, SECRET, UID
from tests.venues.binance_spot.venue import Setup, Venue
from tests.venues.common.http import Asked as Request_in

ETH = settings_for("experiment=binance_spot_sandbox").markets["btc_spot"].instrument
LISTED_ETH = Listed("eth", "ETHUSDT", "ETH/USDT", Units.of(instrument_of(ETH)), Codec("ETHUSDT"))
START_NS = 1_795_000_000_000_000_000
EVENT: dict[str, Any] = {
    "e": "executionReport",
    "s": "ETHUSDT",
    "c": "mm-7",
    "S": "BUY",
    "q": "0.5000",
    "p": "3000.00",
    "C": "",
    "x": "TRADE",
    "X": "FILLED",
    "i": 12,
    "l": "0.5000",
    "z": "0.5000",
    "L": "2999.50",
    "T": 1_795_000_000_123,
    "t": 77,
    "m": True,
    "n": "0.00010000",
    "N": "BNB",
}


def said(**words: object) -> Any:
    return BinanceSpotWords(Names()).private_word(
        {"subscriptionId": 0, "event": {**EVENT, **words}}
    )


def test_an_order_and_its_trade_are_told_together_with_the_fee_as_it_was_taken() -> None:
    order, fill = said()
    assert isinstance(order, OwnOrder)
    assert isinstance(fill, OwnFill)
    assert (order.kind, order.filled, order.client_text) == (FILLED, "0.5000", "mm-7")
    assert (fill.trade_id, fill.price, fill.size, fill.role) == ("77", "2999.50", "0.5000", MAKER)
    assert fill.fee == Fee(Decimal("0.0001"), "BNB")


def test_a_cancel_is_of_the_order_whose_id_stands_beside_its_own() -> None:
    (order,) = said(x="CANCELED", X="CANCELED", c="of the cancel", C="mm-7", l="0.0000", t=-1)
    assert (order.client_text, order.kind) == ("mm-7", CANCELLED)


@pytest.mark.parametrize("change", [{"S": "HOLD"}, {"i": "none"}, {"l": "much"}])
def test_what_makes_no_sense_is_malformed(change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        said(**change)


def test_a_refused_subscription_and_a_notice_of_the_end_end_the_stream() -> None:
    words = BinanceSpotWords(Names())
    assert words.private_word({"id": "account", "status": 200}) == Asked("account")
    assert isinstance(words.private_word({"id": "account", "status": 401}), Ended)
    assert isinstance(words.private_word({"event": {"e": "eventStreamTerminated"}}), Ended)


@pytest.mark.parametrize(
    ("ws_url", "expected"),
    [
        (None, "wss://ws-api.binance.com:9443/ws-api/v3"),
        ("wss://stream.testnet.binance.vision", "wss://ws-api.testnet.binance.vision/ws-api/v3"),
        ("ws://127.0.0.1:8474", "ws://127.0.0.1:8474/ws-api/v3"),
    ],
)
def test_the_api_is_of_the_network_of_the_streams(ws_url: str | None, expected: str) -> None:
    assert api_url(ws_url) == expected


def test_every_kind_of_fee_counts() -> None:
    rate = {"maker": "0.001", "taker": "0.002", "buyer": "0", "seller": "0.0001"}
    tax = {"maker": "0.0003", "taker": "0.0003"}
    told = msgspec.convert({"standardCommission": rate, "taxCommission": tax}, wire.Commission)
    assert fees_of(told) == (Decimal(14), Decimal(24))
    assert told.payer is None


class Books:
    """An account's reads: what it holds of BNB, what it may, and what its fees come out of."""

    def __init__(self, may_trade: bool, payer: str | None, held: str) -> None:
        row = wire.Held("BNB", held, "0")
        self.told = wire.Account(1, may_trade, [row])
        rate = wire.Rate("0.001", "0.001")
        self.paid = wire.Commission(rate, discount=wire.Discount(payer is not None, True, payer))

    async def books(self) -> wire.Account:
        return self.told

    async def commission(self, symbol: str) -> wire.Commission:
        return self.paid


@pytest.mark.parametrize(
    ("may_trade", "payer", "held", "said"),
    [
        (True, "BNB", "0.5", None),
        (False, "BNB", "0.5", "canTrade"),
        (True, "BNB", "0", "expected some BNB for fees, was none"),
        (True, None, "0.5", "expected fees out of another currency than ETH"),
        (True, "ETH", "0.5", "expected fees out of another currency than ETH"),
    ],
)
def test_an_account_that_may_not_trade_as_it_is_refuses_the_start(
    may_trade: bool, payer: str | None, held: str, said: str | None
) -> None:
    terms = Terms(Decimal(10), Decimal(10))
    reads: Any = Books(may_trade, payer, held)
    remarks = asyncio.run(examine(reads, terms, LISTED_ETH))
    refusals = [remark.text for remark in remarks if remark.weight is Weight.REFUSES]
    assert len(refusals) == (said is not None)
    assert all(str(said) in text for text in refusals)


class Door:
    """A way to a stand-in in memory."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue

    def __call__(self, request: Request) -> Any:
        path, _, query = request.url.removeprefix("http://there").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        plan = self.venue.ask(Request_in(request.method, path, {}, headers, b"", query=query))
        return msgspec.json.decode(plan.answer.body)


def rescue(venue: Venue, secret: str = SECRET) -> SpotRescue:
    headers = binance_headers(API_KEY)
    symbols = ["BTCUSDT", "ETHUSDT"]
    return SpotRescue("binance_spot", "http://there", headers, secret, symbols, Door(venue))


def place(venue: Venue, **words: str) -> Mapping[str, Any]:
    usual: dict[str, object] = {
        "symbol": "ETHUSDT",
        "side": "BUY",
        "type": "LIMIT_MAKER",
        "quantity": "0.1000",
        "price": "2900.00",
        "newClientOrderId": "1",
        "timestamp": venue.exchange.now_ms,
    }
    raw = signed(SECRET, usual | words).encode()
    asked = Request_in("POST", "/api/v3/order", {}, {"x-mbx-apikey": API_KEY}, raw)
    answer: Mapping[str, Any] = msgspec.json.decode(venue.ask(asked).answer.body)
    return answer


def opened(**setup: Any) -> Venue:
    venue = Venue(Setup(**setup), START_NS)
    venue.open_account(UID, keys())
    return venue


def test_the_rescue_cancels_what_rests_and_counts_it_whatever_the_clock_says() -> None:
    venue = opened(has_crowd=False, skew_ms=90_000)
    assert place(venue)["status"] == "NEW"
    assert rescue(venue).resting() == 1
    for _ in range(2):
        rescue(venue).cancel_all()
    assert rescue(venue).resting() == 0


def test_the_rescue_says_that_nothing_was_done() -> None:
    venue = opened(has_crowd=False)
    place(venue)
    with pytest.raises(VenueError, match="were not cancelled"):
        rescue(venue, "another").cancel_all()
    with pytest.raises(VenueError):
        rescue(venue, "another").resting()
    with pytest.raises(VenueError, match="KEY"):
        binance(
            {"venue": "v", "rest_url": "u", "key_env": "KEY", "secret_env": "S", "symbols": "A"},
            {},
            lambda: 0,
        )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"price": "3100.00"}, "Order would immediately match and take."),
        ({"price": "2900.005"}, "Filter failure: PRICE_FILTER"),
        ({"quantity": "0.00001"}, "Filter failure: LOT_SIZE"),
        ({"quantity": "0.0010"}, "Filter failure: NOTIONAL"),
        ({"quantity": "9.0000"}, "Account has insufficient balance for requested action."),
        ({"side": "SELL", "quantity": "2.0001", "price": "3900.00"}, "Account has insufficient"),
    ],
)
def test_the_stand_in_refuses_with_the_venues_words(change: dict[str, str], text: str) -> None:
    venue = opened()
    assert str(place(venue, **change)["msg"]).startswith(text)
