"""Bybit's public frames become the same rows natively as through its words, and nothing ends."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ccxt.bybit_words import BybitWords
from connectors.ccxt.native.bybit import BybitSpeech
from connectors.model.events import CLEAR_BIDS, GAP, TRADE_BUY
from connectors.socket import Malformed
from tests import virtual
from tests.connectors.ccxt.bybit_trader import TERMS, Trader, trading
from tests.connectors.ccxt.native.ears import Natively, ThroughWords, listed
from tests.connectors.lighter.corpus import spoiled
from tests.venues.common.line import Line
from tests.virtual import VirtualClock

NATIVE = replace(TERMS, is_native=True)
BTC = listed("btc", "BTCUSDT", "0.1", "0.001")
ETH = listed("eth", "ETHUSDT", "0.01", "0.01")
PUBLIC = "/v5/public/linear"


@cache
def recorded() -> tuple[tuple[bytes, ...], ...]:
    """Return what the stand-in says on a public stream in some seconds, batch by batch."""
    batches: list[tuple[bytes, ...]] = []

    async def main(clock: VirtualClock) -> None:
        stand = Trader(clock, has_crowd=True, has_keys=False)
        keeper = asyncio.create_task(stand.way.keep_time())
        connection = await stand.way.connect("ws://venue/v5/public/linear")
        for each in BybitSpeech().subscriptions(["BTCUSDT", "ETHUSDT"]):
            connection.send(each.ask())

        async def read() -> None:
            while True:
                batches.append(tuple(await connection.receive()))

        reading = asyncio.create_task(read())
        await asyncio.sleep(8)
        for task in (reading, keeper):
            task.cancel()

    virtual.run(main)
    return tuple(batches)


def test_the_same_frames_are_the_same_rows_in_the_same_batches() -> None:
    native = Natively(BybitSpeech(), [BTC, ETH])
    words = ThroughWords(BybitWords(), [BTC, ETH])
    for k, frames in enumerate(recorded()):
        native.take(*frames, at_ns=k)
        words.take(*frames, at_ns=k)
    assert sorted(native.batches) == sorted(words.batches)
    assert len(native.batches) > 100
    assert {row[0] for row in native.rows()} >= {CLEAR_BIDS, TRADE_BUY}
    assert not native.dropped
    ours, theirs = native.feed._markets["BTCUSDT"].rates, words.feed._markets["BTCUSDT"].rates
    assert ours == theirs is not None


@settings(max_examples=30)
@given(st.dictionaries(st.integers(0, 150), st.integers(0, 2), max_size=8))
def test_whatever_is_lost_or_comes_twice_both_tell_the_same(times: dict[int, int]) -> None:
    native = Natively(BybitSpeech(), [BTC, ETH])
    words = ThroughWords(BybitWords(), [BTC, ETH])
    frames = [frame for batch in recorded()[:60] for frame in batch]
    for k, frame in enumerate(frames):
        for _ in range(times.get(k, 1)):
            native.take(frame, at_ns=k)
            words.take(frame, at_ns=k)
    assert sorted(native.batches) == sorted(words.batches)
    assert len(native.resubscribed) == len(words.resubscribed)


def deaf(native: Natively, frame: bytes) -> None:
    """Ask whose first data a frame is, as a stream does that is not whole yet."""
    with suppress(Malformed):
        native.feed.channel_of(frame)


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_frames_end_nothing_and_the_next_snapshot_mends(seed: int) -> None:
    native = Natively(BybitSpeech(), [BTC, ETH])
    frames = tuple(frame for batch in recorded()[:60] for frame in batch)
    for frame in spoiled(frames, 2_000, seed):
        native.take(frame)
        deaf(native, frame)
    assert native.dropped
    native.batches.clear()
    mended = Natively(BybitSpeech(), [BTC, ETH])
    for k, frame in enumerate(frames):
        native.take(frame, at_ns=k)
        mended.take(frame, at_ns=k)
    assert native.rows("eth")[-1] == mended.rows("eth")[-1]


def test_a_topic_that_does_not_come_first_is_read_all_the_same() -> None:
    frame = next(f for batch in recorded() for f in batch if b"orderbook" in f[:20])
    words = json.loads(frame)
    turned = json.dumps({key: words[key] for key in reversed(words)}).encode()
    assert BybitSpeech().said(turned) == BybitSpeech().said(frame)


def test_a_subscription_that_is_refused_is_told_to_a_person() -> None:
    native = Natively(BybitSpeech(), [BTC])
    native.take(b'{"success":false,"ret_msg":"already subscribed","req_id":"x","op":"subscribe"}')
    assert native.said == ["market data: a subscription was refused: x already subscribed"]


def test_each_market_is_up_by_itself() -> None:
    native = Natively(BybitSpeech(), [BTC, ETH])
    for frames in recorded():
        native.take(*(frame for frame in frames if b"ETHUSDT" not in frame))
    assert native.links == [("btc", True)]


def line_of(stand: Trader) -> Line:
    """Return the venue's end of our latest public connection."""
    return [wire.line for wire in stand.way.lines if wire.line.target == PUBLIC][-1]


def test_a_live_adapter_reads_its_market_data_natively() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(3)

    stand = trading(act, has_crowd=True, terms=NATIVE)
    for sink in stand.sinks.values():
        assert sink.links == [False, True]
        assert sink.rows[0] == (CLEAR_BIDS, 0, 0)
        assert len(sink.rows) > 200
        assert all(0 < venue_ns <= recv_ns for venue_ns, recv_ns in sink.stamps)


def test_a_hole_in_the_sequence_pulls_quotes_until_the_next_snapshot() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(5)

    hole = {"do": "drop", "when": "orderbook.50", "nth": 20, "market": "ETHUSDT"}
    stand = trading(act, hole, has_crowd=True, terms=NATIVE)
    kinds = [row[0] for row in stand.sinks["eth"].rows]
    assert kinds.count(GAP) == 1
    assert CLEAR_BIDS in kinds[kinds.index(GAP) :]
    assert GAP not in [row[0] for row in stand.sinks["btc"].rows]


def test_a_silent_stream_is_replaced_and_the_markets_are_held_meanwhile() -> None:
    async def act(stand: Trader) -> None:
        first = line_of(stand)
        first.is_silent = True
        await asyncio.sleep(25)
        assert line_of(stand) is not first
        assert stand.sinks["btc"].links == [False, True, False, True]

    stand = trading(act, has_crowd=True, terms=NATIVE)
    assert any("no data for 15 s" in text for text in stand.told)


def test_nonsense_neither_ends_the_stream_nor_costs_it_unless_there_is_much() -> None:
    async def act(stand: Trader) -> None:
        for frame in (b"not json", b"{", b'{"topic":"orderbook.50.ETHUSDT","type":1}'):
            line_of(stand).put(frame)
        await asyncio.sleep(1)
        assert stand.sinks["eth"].links == [False, True]
        for _ in range(20):
            line_of(stand).put(b"{")
        await asyncio.sleep(5)
        assert stand.sinks["eth"].links == [False, True, False, True]

    trading(act, has_crowd=True, terms=NATIVE)
