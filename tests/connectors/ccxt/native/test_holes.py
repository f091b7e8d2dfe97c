"""What is lost, spoiled or begins anew is a GAP, until a snapshot mends it; nothing ends."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.binance import BinanceSpeech
from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.native.okx import OkxSpeech
from connectors.ccxt.native.speech import Confirmed, Denied
from connectors.ccxt.words import Book, Prints, Rates
from connectors.model.events import CLEAR_BIDS, GAP
from connectors.socket import Malformed
from tests.connectors.ccxt.native import scripted
from tests.connectors.ccxt.native.ears import NOW_NS, Heard, Natively, listed
from tests.connectors.lighter.corpus import spoiled

BTC = listed("btc", "BTCUSDT", "0.1", "0.001")
SWAP = listed("btc", "BTC-USDT-SWAP", "0.1", "0.0001", "0.01")


class Joining(Heard):
    """A feed whose snapshots are given by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.feed = JoiningFeed(
            [PublicMarket(BTC)],
            BinanceSpeech(["BTCUSDT"]),
            self.deliver,
            self.on_link,
            self.said.append,
            lambda: NOW_NS,
            self.asked.append,
        )
        self.feed.line = self
        self.take(b'{"result":null,"id":1}')

    def take(self, *frames: bytes) -> None:
        """Take frames that had come at one moment."""
        self.feed.on_frames(list(frames), NOW_NS)

    def change(self, first: int, last: int, before: int, price: str = "59999.9") -> None:
        """Take a change of one bid."""
        words: dict[str, Any] = {"e": "depthUpdate", "E": 1, "T": 1, "s": "BTCUSDT"}
        words |= {"U": first, "u": last, "pu": before, "b": [[price, "1.000"]], "a": []}
        self.take(json.dumps(words).encode())

    def snapshot(self, number: int) -> None:
        """Give a snapshot."""
        levels = [("59999.8", "2.000")], [("60000.1", "3.000")]
        self.feed.take_snapshot(Book("BTCUSDT", True, number, 0, *levels, 1))

    @property
    def bids(self) -> list[int]:
        """The ticks of every bid that was told."""
        return [row[1] for row in self.rows() if row[0] == 0]


def test_a_snapshot_joins_the_change_that_reaches_over_it_and_drops_older_ones() -> None:
    joining = Joining()
    joining.change(90, 95, 89, "1.0")
    joining.change(96, 105, 95, "2.0")
    joining.change(106, 107, 105, "3.0")
    assert joining.asked == ["BTCUSDT"]
    joining.snapshot(100)
    assert joining.bids == [599_998, 20, 30]
    joining.change(108, 109, 107, "4.0")
    assert joining.bids == [599_998, 20, 30, 40]
    assert joining.links == [("btc", True)]


def test_a_snapshot_with_nothing_waiting_joins_what_comes_next() -> None:
    joining = Joining()
    joining.change(90, 95, 89, "1.0")
    joining.snapshot(100)
    joining.change(96, 100, 95, "2.0")
    joining.change(101, 104, 100, "3.0")
    assert joining.bids == [599_998, 30]


def test_a_snapshot_that_is_too_old_is_asked_for_again() -> None:
    joining = Joining()
    joining.change(110, 115, 109, "1.0")
    joining.snapshot(100)
    assert joining.asked == ["BTCUSDT"] * 2
    assert joining.rows()[-1][0] == GAP
    joining.change(116, 117, 115, "2.0")
    joining.snapshot(112)
    assert joining.bids[-3:] == [599_998, 10, 20]
    assert joining.links == [("btc", True)]


def test_a_hole_pulls_quotes_and_the_next_snapshot_may_be_older_than_it() -> None:
    joining = Joining()
    joining.change(90, 95, 89)
    joining.snapshot(95)
    joining.change(98, 99, 97, "5.0")
    assert joining.rows()[-1][0] == GAP
    joining.change(100, 101, 99, "6.0")
    joining.snapshot(97)
    assert joining.bids[-2:] == [50, 60]


def test_a_snapshot_of_a_connection_that_is_gone_counts_for_nothing() -> None:
    joining = Joining()
    joining.change(90, 95, 89)
    joining.feed.on_down("gone")
    joining.snapshot(100)
    assert joining.rows() == []
    joining.feed.on_connected()
    joining.take(b'{"result":null,"id":1}')
    joining.change(101, 105, 100)
    joining.snapshot(103)
    assert joining.rows()[0][0] == CLEAR_BIDS
    assert joining.links == [("btc", False), ("btc", True)]


def test_a_planned_change_of_connection_loses_no_book() -> None:
    joining = Joining()
    joining.change(90, 95, 89)
    joining.snapshot(95)
    joining.feed.on_connected()
    joining.change(94, 95, 93)
    joining.change(96, 97, 95, "7.0")
    assert GAP not in [row[0] for row in joining.rows()]
    assert joining.bids[-1] == 70


def okx_book(action: str, number: int, before: int) -> bytes:
    """Return a frame of one bid and one ask."""
    data = {"bids": [["59999.9", "100", "0", "1"]], "asks": [["60000.1", "300", "0", "1"]]}
    row = data | {"ts": "1", "seqId": number, "prevSeqId": before}
    arg = {"channel": "books", "instId": "BTC-USDT-SWAP"}
    words = {"arg": arg, "action": action, "data": [row]}
    return json.dumps(words, separators=(",", ":")).encode()


@pytest.mark.parametrize(("number", "before"), [(50, 101), (40, 39), (104, 103)])
def test_numbers_that_begin_anew_or_leave_one_out_are_holes(number: int, before: int) -> None:
    heard = Natively(OkxSpeech(), [SWAP])
    heard.take(okx_book("snapshot", 100, -1))
    heard.take(okx_book("update", 101, 100))
    heard.take(okx_book("update", 101, 101))
    assert heard.rows()[-1][0] != GAP
    heard.take(okx_book("update", number, before))
    assert heard.rows()[-1][0] == GAP
    assert heard.resubscribed == ["books:BTC-USDT-SWAP"]


def test_what_venues_answer_and_tell_besides_is_understood() -> None:
    okx, binance = OkxSpeech(), BinanceSpeech(["BTCUSDT"])
    assert okx.said(b"pong") is None
    arg = b'{"event":"subscribe","arg":{"channel":"trades","instId":"X"},"connId":"a"}'
    assert okx.said(arg) == Confirmed("trades:X")
    assert okx.said(b'{"event":"error","code":"60012","msg":"bad"}') == Denied("60012 bad")
    assert binance.said(b'{"error":{"code":2,"msg":"bad"},"id":1}') == Denied("2 bad")
    told = {"channel": "funding-rate", "instId": "X"}
    rate = {"instId": "X", "fundingRate": "0.0001", "fundingTime": "3600000"}
    row = rate | {"nextFundingTime": "32400000"}
    frame = json.dumps({"arg": told, "data": [row]}).encode()
    assert okx.said(frame) == Rates("X", None, None, "0.0001", 3_600_000, 8)
    words = {"e": "markPriceUpdate", "s": "X", "p": "1.0", "i": "2.0", "r": "0.1", "T": 5}
    assert binance.said(json.dumps(words).encode()) == Rates("X", "1.0", "2.0", "0.1", 5, None)
    trade = {"e": "trade", "E": 1, "T": 1, "s": "X", "t": 1, "p": "1", "q": "1", "m": True}
    insured = json.dumps(trade | {"X": "INSURANCE_FUND"}).encode()
    assert binance.said(insured) == Prints("X", ())


Make = Callable[[], Any]
SPEECHES: dict[str, tuple[Make, Any]] = {
    "binance": (lambda: BinanceSpeech(["BTCUSDT"]), scripted.binance_frames),
    "okx": (OkxSpeech, scripted.okx_frames),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("venue", SPEECHES)
def test_spoiled_frames_end_nothing(venue: str, seed: int) -> None:
    make, frames_of = SPEECHES[venue]
    frames = tuple(frames_of(seed, 60)[0])
    heard: Any = Joining() if venue == "binance" else Natively(make(), [SWAP])
    for k, frame in enumerate(spoiled(frames, 2_000, seed)):
        heard.take(frame)
        with suppress(Malformed):
            heard.feed.channel_of(frame)
        if venue == "binance" and k % 50 == 0:
            heard.snapshot(100 + k)
    assert heard.dropped
