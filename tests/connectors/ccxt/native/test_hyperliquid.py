"""Hyperliquid's public words: whole books, trades of one market, marks and funding of an hour."""

import json
from decimal import Decimal

import pytest

from connectors.ccxt.native.hyperliquid import HyperliquidSpeech, next_hour_ms
from connectors.ccxt.native.hyperliquid_rest import market_of
from connectors.ccxt.native.hyperliquid_wire import Asset
from connectors.ccxt.native.speech import Confirmed, Denied
from connectors.ccxt.words import Book, Prints, Rates
from connectors.socket import Malformed
from tests.recordings import recorded

NOW_MS = 1_795_000_000_123


def frame(channel: str, data: object) -> bytes:
    return json.dumps({"channel": channel, "data": data}, separators=(",", ":")).encode()


def book(time_ms: int, bid: str = "2999.9") -> bytes:
    levels = [[{"px": bid, "sz": "1.5", "n": 2}], [{"px": "3000.1", "sz": "0.2", "n": 1}]]
    return frame("l2Book", {"coin": "ETH", "time": time_ms, "levels": levels})


def test_each_book_is_whole_and_one_that_is_older_is_left_out() -> None:
    speech = HyperliquidSpeech()
    first = speech.said(book(NOW_MS))
    assert isinstance(first, Book)
    assert (first.is_snapshot, first.number, list(first.bids)) == (True, NOW_MS, [(2999.9, 1.5)])
    assert speech.said(book(NOW_MS - 1)) is None
    assert isinstance(speech.said(book(NOW_MS)), Book)


def test_a_recorded_book_is_read() -> None:
    folder = recorded("payloads") / "nautilus" / "hyperliquid"
    said = HyperliquidSpeech().said(
        frame("l2Book", json.loads((folder / "ws_book_data.json").read_text()))
    )
    assert isinstance(said, Book)
    assert (said.symbol, said.bids[0]) == ("BTC", (98450.5, 2.5))


TRADE = {"coin": "ETH", "side": "A", "px": "3000.1", "sz": "0.2", "time": NOW_MS, "tid": 7}


def test_trades_say_who_took_and_are_of_one_market() -> None:
    speech = HyperliquidSpeech()
    said = speech.said(frame("trades", [TRADE, {**TRADE, "side": "B", "tid": 8}]))
    assert isinstance(said, Prints)
    assert [(each.trade_id, each.is_buy) for each in said.trades] == [("7", False), ("8", True)]
    for wrong in ([TRADE, {**TRADE, "coin": "BTC"}], [{**TRADE, "side": "C"}], [{}]):
        with pytest.raises(Malformed):
            speech.said(frame("trades", wrong))


def test_marks_come_with_the_funding_of_an_hour() -> None:
    speech = HyperliquidSpeech()
    ctx = {"coin": "ETH", "ctx": {"funding": "0.0000125", "markPx": "3000", "oraclePx": "3001"}}
    assert speech.said(frame("activeAssetCtx", ctx)) == Rates(
        "ETH", "3000", "3001", "0.0000125", None, 1
    )
    speech.said(book(NOW_MS))
    said = speech.said(frame("activeAssetCtx", ctx))
    assert isinstance(said, Rates)
    assert said.next_funding_ms == next_hour_ms(NOW_MS)
    assert next_hour_ms(NOW_MS) % 3_600_000 == 0 < next_hour_ms(NOW_MS) - NOW_MS <= 3_600_000


def test_a_subscription_is_let_in_or_refused_and_a_books_is_its_snapshot() -> None:
    speech = HyperliquidSpeech()
    trades = {"method": "subscribe", "subscription": {"type": "trades", "coin": "ETH"}}
    assert speech.said(frame("subscriptionResponse", trades)) == Confirmed("trades:ETH")
    of_book = {"method": "subscribe", "subscription": {"type": "l2Book", "coin": "ETH"}}
    assert speech.said(frame("subscriptionResponse", of_book)) is None
    assert speech.said(frame("error", "Invalid subscription")) == Denied("Invalid subscription")
    assert speech.said(b'{"channel":"pong"}') is None


@pytest.mark.parametrize(("decimals", "tick"), [(5, "0.1"), (0, "0.000001"), (6, "1")])
def test_a_market_has_the_finest_tick_and_the_digits_that_count(decimals: int, tick: str) -> None:
    market = market_of(Asset("BTC", decimals))
    assert market["precision"]["price"] == Decimal(tick)
    assert market["precision"]["amount"] == Decimal(1).scaleb(-decimals)
    assert (market["price_digits"], market["active"]) == (5, True)
    assert market_of(Asset("BTC", decimals, isDelisted=True))["active"] is False
