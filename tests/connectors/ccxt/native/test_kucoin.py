"""Read KuCoin's public stream as documented, its holes too, and open the door to it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from connectors.ccxt.answers import AUTH, Told
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.native.kucoin import BOOKS, FLOWS, TRADES, KucoinSpeech
from connectors.ccxt.native.kucoin_door import Door
from connectors.ccxt.native.kucoin_wire import Bullet, Server
from connectors.ccxt.native.speech import Confirmed, Denied
from connectors.ccxt.words import Book, Print, Prints, Rates
from connectors.model.events import GAP
from connectors.socket import CannotConnect, Closed, Malformed
from tests.connectors.ccxt.native.ears import NOW_NS, Heard, listed

BTC = listed("btc", "XBTUSDTM", "0.1", "0.001", "0.001")
TOPIC = f"{BOOKS}:XBTUSDTM"


def frame(kind: str, subject: str, **data: Any) -> bytes:
    words = {"topic": f"{kind}:XBTUSDTM", "type": "message", "subject": subject, "data": data}
    return json.dumps(words, separators=(",", ":")).encode()


def change(number: int, text: str) -> bytes:
    return frame(BOOKS, "level2", sequence=number, change=text, timestamp=7)


def said(raw: bytes) -> Any:
    return KucoinSpeech(["XBTUSDTM"]).said(raw)


def test_each_frame_says_what_the_document_says() -> None:
    bid = Book("XBTUSDTM", False, 9, 8, (("90631.2", "2"),), (), 7_000_000)
    assert said(change(9, "90631.2,buy,2")) == bid
    assert said(change(9, "0,sell,0")) == Book("XBTUSDTM", False, 9, 8, (), (), 7_000_000)
    words = {"symbol": "XBTUSDTM", "side": "sell", "size": 2, "price": "90503.9"}
    made = (Print("17", False, 90503.9, 2, 5_000_000),)
    assert said(frame(TRADES, "match", **words, tradeId="17", ts=5_000_000)) == Prints(
        "XBTUSDTM", made
    )
    mark = frame(FLOWS, "mark.index.price", markPrice=90445.02, indexPrice=90445.1, granularity=1)
    assert said(mark) == Rates("XBTUSDTM", "90445.02", "90445.1", None, None, None)
    words = {"fundingRate": -0.000002, "granularity": 60_000}
    assert said(frame(FLOWS, "funding.rate", **words, period=1)).funding_rate == "-0.000002"
    assert said(frame(FLOWS, "funding.rate", **words, period=0)).funding_rate is None
    assert said(frame(FLOWS, "funding.rate", **words)).funding_rate is None


def test_words_in_another_order_are_read_as_well() -> None:
    words = {"type": "message", "topic": TOPIC, "subject": "level2"}
    data = {"sequence": 9, "change": "90631.2,sell,2", "timestamp": 7}
    told = said(json.dumps({**words, "data": data}).encode())
    assert told.asks == (("90631.2", "2"),)


def test_answers_name_the_subscription_and_the_rest_says_nothing_of_a_market() -> None:
    speech = KucoinSpeech(["XBTUSDTM", "ETHUSDTM"])
    books, trades, flows = speech.subscriptions(["XBTUSDTM", "ETHUSDTM"])
    asked = json.loads(trades.ask())
    assert asked["topic"] == f"{TRADES}:XBTUSDTM,ETHUSDTM"
    answer = json.dumps({"id": asked["id"], "type": "ack"}).encode()
    assert speech.said(answer) == Confirmed(trades.channel)
    assert speech.channels("ETHUSDTM") == {books.channel, trades.channel}
    assert flows.channel.startswith(FLOWS)
    assert isinstance(speech.said(b'{"id":"9","type":"error","data":"no topic"}'), Denied)
    for nothing in (b'{"id":"0","type":"pong"}', b'{"id":"a","type":"welcome"}'):
        assert speech.said(nothing) is None


def test_many_markets_are_asked_for_a_hundred_at_a_time() -> None:
    symbols = [f"M{k}USDTM" for k in range(150)]
    speech = KucoinSpeech(symbols)
    assert len(speech.subscriptions(symbols)) == 6
    assert len(speech.channels("M149USDTM")) == 2


@pytest.mark.parametrize("text", ["", "90631.2", "90631.2,hold,2", "90631.2,sell"])
def test_a_change_that_makes_no_sense_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        said(change(9, text))


class Following(Heard):
    """A feed whose snapshots are given by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.feed = JoiningFeed(
            [PublicMarket(BTC)],
            KucoinSpeech(["XBTUSDTM"]),
            self.deliver,
            self.on_link,
            self.said.append,
            lambda: NOW_NS,
            self.asked.append,
        )
        self.feed.line = self

    def change(self, number: int, price: str = "100.0") -> None:
        """Take a change of one bid."""
        self.feed.on_frames([change(number, f"{price},buy,1")], NOW_NS)

    def snapshot(self, number: int) -> None:
        """Give a snapshot."""
        self.feed.take_snapshot(Book("XBTUSDTM", True, number, 0, [(90.0, 2)], [(110.0, 3)], 1))

    @property
    def has_gap(self) -> bool:
        """Whether the last row tells that the book is unknown."""
        return self.rows()[-1][0] == GAP


@pytest.mark.parametrize("number", [13, 11, 10, 4])
def test_a_number_that_is_not_the_next_one_is_a_hole_however_low(number: int) -> None:
    heard = Following()
    heard.change(10)
    heard.snapshot(10)
    heard.change(11)
    assert not heard.has_gap
    heard.change(number)
    assert heard.has_gap
    assert heard.asked == ["XBTUSDTM"] * 2


def test_a_book_whose_numbers_began_anew_is_followed_from_its_next_snapshot_on() -> None:
    heard = Following()
    heard.change(1_000)
    heard.snapshot(1_000)
    heard.change(1_001)
    heard.change(5)
    heard.change(6, "101.0")
    heard.snapshot(5)
    assert heard.rows()[-1][:2] == (0, 1010)


def test_what_came_before_the_snapshot_is_no_hole() -> None:
    heard = Following()
    for number in (8, 9, 10, 11):
        heard.change(number)
    heard.snapshot(9)
    assert not heard.has_gap
    assert heard.feed._markets["XBTUSDTM"].book.number == 11


BULLET = Bullet("a+b==", [Server("wss://push.example/endpoint", 18_000)])


class Wire:
    """A connection that says what it is given."""

    def __init__(self, *batches: list[bytes]) -> None:
        self.batches = list(batches)
        self.sent: list[bytes] = []
        self.is_closed = False

    async def receive(self) -> list[bytes]:
        if not self.batches:
            raise Closed(1006, "gone")
        return self.batches.pop(0)

    def send(self, frame: bytes) -> None:
        self.sent.append(frame)

    async def ping(self) -> None:
        raise AssertionError("pinged")

    async def close(self) -> None:
        self.is_closed = True


class Transport:
    """It opens one wire, wherever that is."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.urls: list[str] = []

    async def connect(self, url: str) -> Wire:
        self.urls.append(url)
        return self.wire


def opened(
    wire: Wire,
    ask: Callable[[], Awaitable[Bullet]] | None = None,
    bullet: Bullet = BULLET,
    ws_url: str | None = None,
) -> tuple[Any, Transport, list[str]]:
    """Return a connection or why there is none, the transport, and what was told."""

    async def known() -> Bullet:
        return bullet

    transport, told = Transport(wire), list[str]()
    door = Door(transport, ask or known, ws_url, 10.0, told.append)

    async def main() -> Any:
        try:
            return await door.connect("account")
        except CannotConnect as error:
            return str(error)

    return asyncio.run(main()), transport, told


def test_nothing_is_said_before_the_welcome_and_what_came_with_it_is_received_first() -> None:
    wire = Wire([b'{"id":"1","type":"welcome"}', b"first"], [b"second"])
    link, transport, told = opened(wire)
    assert transport.urls == ["wss://push.example/endpoint?token=a%2Bb%3D%3D"]

    async def both() -> list[bytes]:
        return [*await link.receive(), *await link.receive()]

    assert (asyncio.run(both()), wire.sent, told) == ([b"first", b"second"], [], [])


def test_a_stand_ins_address_is_kept_to_whatever_the_venue_names() -> None:
    wire = Wire([b'{"id":"1","type":"welcome"}'])
    _, transport, _ = opened(wire, ws_url="ws://127.0.0.1:1")
    assert transport.urls == ["ws://127.0.0.1:1/endpoint?token=a%2Bb%3D%3D"]


@pytest.mark.parametrize("batches", [[], [[b'{"id":"1","type":"error"}']], [[b"<html>"]]])
def test_a_connection_without_a_welcome_is_let_go(batches: list[list[bytes]]) -> None:
    wire = Wire(*batches)
    why, _, _ = opened(wire)
    assert "no welcome" in why
    assert wire.is_closed


@pytest.mark.parametrize(
    ("bullet", "why"),
    [
        (Bullet("t", []), "names no server"),
        (Bullet("t", [Server("ws://push.example/endpoint", 18_000)]), "without TLS"),
        (Bullet("t", [Server("wss://push.example/endpoint", 9_000)]), "set it lower"),
    ],
)
def test_what_the_venue_names_is_looked_at_and_a_person_is_told(bullet: Bullet, why: str) -> None:
    found, transport, told = opened(Wire(), bullet=bullet)
    assert why in found
    assert told == [f"account: {found}"]
    assert transport.urls == []


def test_a_token_that_is_refused_is_no_connection() -> None:
    async def refused() -> Bullet:
        raise Told("400003", "KC-API-KEY not exists", 200, AUTH)

    why, _, told = opened(Wire(), refused)
    assert why == "no token: 400003 KC-API-KEY not exists"
    assert len(told) == 1
