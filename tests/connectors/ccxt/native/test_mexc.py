"""MEXC's public words: pushes are read as its own description spells them, and holes are found."""

import asyncio
import random
import re
from importlib import import_module
from typing import Any

import msgspec
import pytest

from connectors.calls import Reply, Request
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.listing import found
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.native.mexc import MexcSpeech
from connectors.ccxt.native.mexc_push import Push, said_in
from connectors.ccxt.native.mexc_rest import MexcRest
from connectors.ccxt.native.mexc_streams import mexc_manner, mexc_streams
from connectors.ccxt.native.speech import Confirmed, Denied
from connectors.ccxt.network import Network
from connectors.ccxt.words import Book, Print, Prints
from connectors.model.errors import VenueError
from connectors.model.events import GAP
from connectors.socket import Malformed
from connectors.stream import Stream
from runner.wiring.markets import instrument_of
from tests.bench.places import CHECKOUT
from tests.connectors.ccxt.native.ears import NOW_NS, Heard, listed
from tests.connectors.ccxt.standing import CAPS
from tests.deploys import settings_for
from tests.venues.mexc.frames import Push as Spelled
from tests.virtual import START_NS, SetClock

BTC = listed("btc", "BTCUSDT", "0.01", "0.00001")
HEAD = {"symbol": "BTCUSDT", "sendTime": 1_736_411_507_002}
BOOK = "spot@public.aggre.depth.v3.api.pb@10ms@BTCUSDT"
TRADES = "spot@public.aggre.deals.v3.api.pb@10ms@BTCUSDT"


def spelled(**words: Any) -> bytes:
    return Spelled((), "", {"channel": "spot@x", **HEAD, **words}).encoded()


def change(first: int, last: int, price: str = "92877.58", size: str = "0.5") -> bytes:
    depths = {"bids": [{"price": price, "quantity": size}], "asks": []}
    versions = {"fromVersion": str(first), "toVersion": str(last)}
    return spelled(publicAggreDepths={**depths, **versions})


def deals(*rows: tuple[int, int, str, str]) -> bytes:
    named = [dict(zip(("time", "tradeType", "price", "quantity"), r, strict=True)) for r in rows]
    return spelled(publicAggreDeals={"deals": named})


NAMES = {
    "Push": "PushDataV3ApiWrapper",
    "Depths": "PublicAggreDepthsV3Api",
    "Deals": "PublicAggreDealsV3Api",
    "Order": "PrivateOrdersV3Api",
    "OwnDeal": "PrivateDealsV3Api",
}
INSIDE = {"Level": ("Depths", "bids"), "Deal": ("Deals", "deals")}


def described(name: str) -> Any:
    if name in INSIDE:
        outer, field = INSIDE[name]
        return described(outer).fields_by_name[field].message_type
    theirs = NAMES[name]
    return getattr(import_module(f"ccxt.protobuf.mexc.{theirs}_pb2"), theirs).DESCRIPTOR


@pytest.mark.parametrize("name", [*NAMES, *INSIDE])
def test_every_field_has_the_number_and_kind_of_the_venues_description(name: str) -> None:
    theirs = described(name).fields_by_name
    ours = Push.DESCRIPTOR.file.message_types_by_name[name].fields
    assert ours
    for field in ours:
        told = theirs[field.name]
        assert (field.number, field.type) == (told.number, told.type)
        assert field.is_repeated == told.is_repeated


def test_a_change_of_a_book_follows_the_version_before_its_first() -> None:
    levels: list[tuple[str, str]] = [("92877.58", "0.5")]
    expected = Book("BTCUSDT", False, 15, 9, levels, [], 1_736_411_507_002_000_000)
    assert MexcSpeech().said(change(10, 15)) == expected


def test_trades_are_told_oldest_first_and_equal_ones_of_a_message_are_two() -> None:
    late, early = (2, 1, "93220.00", "0.1"), (1, 2, "93219.00", "0.2")
    said = MexcSpeech().said(deals(late, early, late))
    assert isinstance(said, Prints)
    assert [(each.is_buy, each.price) for each in said.trades] == [
        (False, "93219.00"),
        (True, "93220.00"),
        (True, "93220.00"),
    ]
    assert len({each.trade_id for each in said.trades}) == 3
    assert MexcSpeech().said(deals(late, early, late)) == said
    assert isinstance(said.trades[0], Print)


def test_only_an_answer_that_repeats_the_channel_lets_it_in() -> None:
    said = MexcSpeech().said
    assert said(f'{{"id":1,"code":0,"msg":"{BOOK}"}}'.encode()) == Confirmed(BOOK)
    refused = "Not Subscribed successfully! [spot@x].  Reason： Blocked! "
    assert said(f'{{"id":1,"code":0,"msg":"{refused}"}}'.encode()) == Denied(refused)
    assert said(b'{"id":0,"code":0,"msg":"PONG"}') is None
    assert said(b"Invalid listen key") == Denied("Invalid listen key")
    assert said(b'{"id":1,"code":1,"msg":"spot@x"}') == Denied("spot@x")
    assert said(b'{"msg":"we wish you well"}') is None


@pytest.mark.parametrize(
    "frame",
    [
        b"\n\xff",
        b"{",
        b"\x82\x13",
        spelled(publicAggreDepths={"fromVersion": "x", "toVersion": "2"}),
        deals((1, 3, "1.00", "1")),
    ],
)
def test_what_makes_no_sense_is_malformed(frame: bytes) -> None:
    with pytest.raises(Malformed):
        MexcSpeech().said(frame)


class Joining(Heard):
    """A feed whose snapshots are given by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.feed = JoiningFeed(
            [PublicMarket(BTC)],
            MexcSpeech(),
            self.deliver,
            self.on_link,
            self.said.append,
            lambda: NOW_NS,
            self.asked.append,
        )
        self.feed.line = self
        for channel in (BOOK, TRADES):
            self.take(f'{{"id":1,"code":0,"msg":"{channel}"}}'.encode())

    def take(self, *frames: bytes) -> None:
        """Take frames that had come at one moment."""
        self.feed.on_frames(list(frames), NOW_NS)

    def snapshot(self, number: int) -> None:
        """Give a snapshot."""
        levels = [("92877.00", "2.0")], [("92878.00", "3.0")]
        self.feed.take_snapshot(Book("BTCUSDT", True, number, 0, *levels, 1))


def test_a_version_that_is_left_out_pulls_quotes_and_asks_for_the_book() -> None:
    joining = Joining()
    joining.take(change(10, 12))
    joining.snapshot(11)
    joining.take(change(13, 15))
    assert joining.links == [("btc", True)]
    assert GAP not in [row[0] for row in joining.rows()]
    joining.take(change(17, 20))
    assert joining.rows()[-1][0] == GAP
    assert joining.asked == ["BTCUSDT"] * 2
    joining.take(change(21, 24, "92877.50"))
    joining.snapshot(18)
    assert joining.rows()[-1][1] == 9_287_750


def spoiled(frame: bytes, rng: random.Random) -> bytes:
    """Return a frame with some of its bytes changed, or its end cut off."""
    raw = bytearray(frame)
    for _ in range(rng.randrange(1, 4)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return bytes(raw[: rng.randrange(1, len(raw) + 1)] if rng.random() < 0.3 else raw)


def test_spoiled_frames_end_nothing() -> None:
    frames = [*(change(k, k) for k in range(1, 40)), deals((1, 1, "92877.58", "0.5"))]
    joining, rng = Joining(), random.Random(1)
    for k in range(1_000):
        joining.take(spoiled(rng.choice(frames), rng))
        if k % 50 == 0:
            joining.snapshot(k)
    assert joining.dropped


class Answering:
    """A sender of requests that are all answered alike."""

    def __init__(self, said: object) -> None:
        self._body = msgspec.json.encode(said)

    async def send(self, request: Request) -> Reply:
        """Answer."""
        return Reply(200, {}, self._body)


def network(said: object = None) -> Network:
    nothing: Any = None
    clock, rng, http = SetClock(START_NS), random.Random(1), Answering(said)
    return Network("mexc", Budgets(CAPS), http, nothing, clock, rng, nothing, nothing)


def test_a_connection_takes_fifteen_markets_and_more_open_another() -> None:
    way = network()
    rest = MexcRest(way, "http://venue", lambda: 0)
    streams = mexc_streams(way, "ws://venue", rest, mexc_manner(30.0, 15.0))
    markets = [listed(f"m{k}", f"M{k}USDT", "0.01", "0.1") for k in range(16)]
    made = streams(markets, lambda *_: None, lambda *_: None)
    asked = [stream.missing for stream in made if isinstance(stream, Stream)]
    assert [len(channels) for channels in asked] == [30, 2]


SYMBOL = {
    "symbol": "BTCUSDT",
    "status": "1",
    "baseAsset": "BTC",
    "baseAssetPrecision": 8,
    "quoteAsset": "USDT",
    "quotePrecision": 2,
    "quoteAssetPrecision": 2,
    "baseSizePrecision": "0.000001",
    "quoteAmountPrecision": "1",
    "isSpotTradingAllowed": True,
    "filters": [],
}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"status": "2"}, "is not traded now"),
        ({"isSpotTradingAllowed": False}, "is not traded now"),
        ({"quoteAmountPrecision": "5"}, "min_notional_quote 5: set the same"),
        ({"baseAssetPrecision": 6}, "lot_size_base 0.000001"),
    ],
)
def test_a_listing_is_held_against_the_market_file(change: dict[str, Any], why: str | None) -> None:
    chosen = settings_for("experiment=record_mexc").markets["btc_spot"].instrument
    rest = MexcRest(network({"symbols": [{**SYMBOL, **change}]}), "http://venue", lambda: 0)
    markets, instrument = asyncio.run(rest.markets()), instrument_of(chosen)
    if why is None:
        assert found("mexc", "btc_spot", instrument, Alphabet.TEXT, markets).symbol == "BTCUSDT"
        return
    with pytest.raises(VenueError, match=why):
        found("mexc", "btc_spot", instrument, Alphabet.TEXT, markets)


def test_a_frame_is_read_as_what_it_begins_with() -> None:
    assert said_in(b'{"msg":"x"}') == {"msg": "x"}
    assert said_in(change(1, 2)).publicAggreDepths.toVersion == "2"


def test_nobody_else_loads_protocol_buffers() -> None:
    needed = re.compile(r"^(from|import) (google|connectors\.ccxt\.(native\.)?mexc(?!_rest))", re.M)
    files = [file for top in ("connectors", "runner") for file in (CHECKOUT / top).rglob("*.py")]
    found = {file.name for file in files if needed.search(file.read_text(encoding="utf-8"))}
    assert {name for name in found if not name.startswith("mexc")} == set()
    assert "mexc_push.py" in found
