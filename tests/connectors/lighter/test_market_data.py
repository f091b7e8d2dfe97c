"""The public streams on virtual time: paced, whole, replaced in time, and never silently stale."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from connectors.calls import Reply
from connectors.lighter.adapter import HOUR_NS
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BID, GAP, POST_ONLY, TRADE_SELL
from tests import virtual
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.house import DETAILS, TERMS, House, serve, serve_blocks, stopped
from tests.connectors.lighter.market_files import BTC, ETH
from tests.connectors.lighter.test_market_feed import OPENING
from tests.connectors.memory import Peer
from tests.virtual import VirtualClock

Act = Callable[[House], Coroutine[Any, Any, None]]


def live(act: Act, **made: Any) -> House:
    """Run a venue in its house beside `act`; return the house."""

    async def main(clock: VirtualClock) -> House:
        house = House(clock, **made)
        task = house.start()
        await asyncio.sleep(1)
        await act(house)
        await stopped(task)
        return house

    return virtual.run(main)


async def nothing(house: House) -> None:
    """Let a second pass."""


def asked(peer: Peer, kind: str = "subscribe") -> list[str]:
    """Return the channels that a client asked for."""
    every = [json.loads(frame) for frame in peer.heard]
    return [each["channel"] for each in every if each["type"] == kind]


def test_every_market_begins_with_a_whole_snapshot() -> None:
    house = live(nothing)
    for name in ("btc", "eth"):
        assert [kind for kind, _, _ in house.sinks[name].rows[:4]] == [4, 5, 0, 0]
    assert house.sinks["btc"].rows[: len(OPENING)] == OPENING
    (peer,) = house.memory.peers
    assert peer.url == "ws://venue/stream?readonly=true"
    names = ("order_book", "trade", "market_stats", "ticker")
    assert asked(peer) == [*(f"{name}/{k}" for k in (1, 0) for name in names), "height"]
    assert house.sinks["btc"].links == []
    assert house.hung_up == 1


def test_a_gap_asks_for_that_book_alone_and_the_other_goes_on() -> None:
    async def gap(house: House) -> None:
        (peer,) = house.memory.peers
        for sink in house.sinks.values():
            sink.rows.clear()
        peer.say(said.book("update", 300, 200))
        await asyncio.sleep(1)
        peer.say(said.book("update", 105, 100, bids=[("9999.00", "1.0")], market_id=0))
        await asyncio.sleep(1)

    house = live(gap)
    assert house.sinks["btc"].rows == [(GAP, 0, 0), *OPENING]
    assert house.sinks["eth"].rows == [(BID, 999_900, 10_000)]
    (peer,) = house.memory.peers
    assert asked(peer, "unsubscribe") == ["order_book/1"]
    assert asked(peer).count("order_book/1") == 2


def test_a_loss_is_a_gap_and_a_broken_link_until_all_channels_are_back() -> None:
    async def lose(house: House) -> None:
        house.memory.peers[0].hang_up()
        await asyncio.sleep(5)

    house = live(lose)
    sink = house.sinks["btc"]
    assert sink.links == [False, True]
    assert (GAP, 0, 0) in sink.rows
    assert sink.rows[sink.rows.index((GAP, 0, 0)) + 1 :][: len(OPENING)] == OPENING
    assert len(house.memory.peers) == 2
    assert house.told == [
        f"{name}: lighter: market data: closed with 1006" for name in ("btc", "eth")
    ]


def test_a_shutdown_that_is_announced_loses_nothing() -> None:
    async def announce(house: House) -> None:
        first = house.memory.peers[0]
        first.say(said.trades("update", said.trade_row(50)))
        first.say(said.said(type="shutdown", close_in_ms=3000))
        await asyncio.sleep(2)
        assert first.was_closed_by_client
        house.memory.peers[1].say(said.trades("update", said.trade_row(51)))
        await asyncio.sleep(1)

    house = live(announce)
    rows = house.sinks["btc"].rows
    assert (GAP, 0, 0) not in rows
    assert rows.count((TRADE_SELL, 999_999, 1000)) == 2
    assert house.sinks["btc"].links == []


def test_a_connection_is_replaced_before_the_venue_ends_it_after_a_day() -> None:
    async def a_day(house: House) -> None:
        await asyncio.sleep(86_400)

    house = live(a_day)
    assert len(house.memory.peers) == 2
    assert house.sinks["btc"].links == []
    assert (GAP, 0, 0) not in house.sinks["btc"].rows


def test_a_socket_that_only_pongs_is_replaced() -> None:
    async def wait(house: House) -> None:
        await asyncio.sleep(20)

    house = live(wait, serving=serve)
    assert house.sinks["btc"].links[:2] == [False, True]
    assert house.told[0] == "btc: lighter: market data: no data for 15 s"


def test_the_venues_ping_is_answered_and_ours_is_sent_in_time() -> None:
    async def ping(house: House) -> None:
        house.memory.peers[0].say(said.said(type="ping"))
        await asyncio.sleep(125)

    peer = live(ping).memory.peers[0]
    kinds = [json.loads(frame)["type"] for frame in peer.heard]
    assert kinds.count("pong") == 1
    assert kinds.count("ping") == 4


def test_too_fast_silences_what_we_send_for_a_while() -> None:
    async def too_fast(house: House) -> None:
        peer = house.memory.peers[0]
        peer.say(said.said(error={"code": 30009, "message": "Too Many Websocket Messages"}))
        await asyncio.sleep(0.1)
        peer.say(said.book("update", 300, 200))
        await asyncio.sleep(5)
        assert asked(peer, "unsubscribe") == []
        await asyncio.sleep(10)
        assert asked(peer, "unsubscribe") == ["order_book/1"]

    house = live(too_fast)
    assert house.told == [": lighter: market data: refused with 30009 Too Many Websocket Messages"]


def test_no_more_subscriptions_are_in_flight_than_allowed() -> None:
    async def mute(peer: Peer) -> None:
        peer.say(said.height())
        await asyncio.sleep(5)
        await serve_blocks(peer)

    async def look(house: House) -> None:
        assert len(asked(house.memory.peers[0])) == 3

    caps = replace(TERMS.caps, messages_in_flight=3)
    terms = replace(TERMS, caps=caps)

    async def main(clock: VirtualClock) -> None:
        house = House(clock, mute, terms=terms)
        task = house.start()
        await asyncio.sleep(1)
        await look(house)
        await asyncio.sleep(40)
        assert len(asked(house.memory.peers[0])) >= 9
        await stopped(task)

    virtual.run(main)


def test_many_markets_are_spread_over_connections() -> None:
    terms = replace(TERMS, caps=replace(TERMS.caps, subscriptions=5))
    house = live(nothing, terms=terms)
    assert len(house.memory.peers) == 2
    assert [asked(peer)[0] for peer in house.memory.peers] == ["order_book/1", "order_book/0"]


def test_a_market_that_is_listed_with_other_steps_stays_silent_and_is_told() -> None:
    wrong = replace(BTC, min_lots=10)
    house = live(nothing, instruments={"btc": wrong, "eth": ETH})
    assert house.sinks["btc"].rows == []
    assert house.sinks["btc"].links == [False]
    assert len(house.sinks["eth"].rows) > 0
    assert house.told == [
        "btc: lighter: markets.btc.instrument: lighter lists BTC with min_lots 20: set the same"
    ]


@pytest.mark.parametrize(
    ("instrument", "why"),
    [
        (replace(BTC, symbol="BTCUSDT"), "BTCUSDT is no perpetual of lighter"),
        (replace(BTC, is_spot=True), "BTC is no spot market of lighter"),
        (replace(BTC, tick_size=BTC.tick_size / 10), r"with tick_size 0\.1: set the same"),
    ],
)
def test_a_deploy_of_which_no_market_is_listed_so_is_refused(instrument: Any, why: str) -> None:
    with pytest.raises(VenueError, match=why) as caught:
        live(nothing, instruments={"btc": instrument})
    assert caught.value.plan is Plan.HALT


def test_a_market_that_is_suspended_is_held_until_it_is_back() -> None:
    async def suspend(house: House) -> None:
        btc, eth = DETAILS["order_book_details"]
        stopped_btc = {"order_book_details": [{**btc, "status": "inactive"}, eth]}
        house.api.answers["orderBookDetails"] = lambda params: stopped_btc
        await asyncio.sleep(301)
        assert house.sinks["btc"].links == [False]
        house.api.answers["orderBookDetails"] = lambda params: Reply(503, {}, b"<html>")
        await asyncio.sleep(330)
        assert house.sinks["btc"].links == [False]
        house.api.answers["orderBookDetails"] = lambda params: DETAILS
        await asyncio.sleep(301)

    house = live(suspend)
    assert house.sinks["btc"].links == [False, True]
    assert house.sinks["eth"].links == []
    assert "btc: lighter: markets.btc: BTC is inactive at lighter" in house.told


def test_without_an_account_nothing_is_sent_or_taken_for_flat() -> None:
    async def ask(house: House) -> None:
        for read in (
            house.venue.standing("btc"),
            house.venue.trades_after("btc", 0),
            house.venue.order_fate("btc", 1),
        ):
            with pytest.raises(VenueError, match="without an account"):
                await read
        with pytest.raises(VenueError, match="nothing sends orders"):
            house.venue.place("btc", 1, 0, 10, 1, POST_ONLY)
        with pytest.raises(VenueError, match="nothing sends orders"):
            house.venue.cancel("btc", 1)

    live(ask)


def test_funding_is_told_once_its_unit_is_certain() -> None:
    rates = [{"market_id": 1, "exchange": "lighter", "rate": 9.6e-5}]
    rates.append({"market_id": 1, "exchange": "binance", "rate": 1.0})

    async def compare(house: House) -> None:
        house.api.answers["funding-rates"] = lambda params: {"funding_rates": rates}
        assert house.venue.funding_per_hour("btc") is None
        await asyncio.sleep(15 + 61 * 2)
        assert house.venue.funding_per_hour("btc") == pytest.approx(1.2e-5)

    live(compare, instruments={"btc": BTC})


@pytest.mark.parametrize("every_s", [3600.0, 10.0])
def test_the_next_settlement_is_at_the_next_full_hour_or_what_counts_as_one(every_s: float) -> None:
    rates = [{"market_id": k, "exchange": "lighter", "rate": 9.6e-5} for k in range(3)]

    async def look(house: House) -> None:
        answer = {"funding_rates": rates}
        house.api.answers["funding-rates"] = lambda params: answer
        assert house.venue.announced("btc") is None
        await asyncio.sleep(15 + 61 * 2)
        told = house.venue.announced("btc")
        assert told is not None
        assert (float(told.rate), told.interval_ns) == (pytest.approx(1.2e-5), HOUR_NS)
        every_ns = int(every_s * 1e9)
        assert told.next_ns % every_ns == 0
        assert 0 < told.next_ns - house.network.clock.now_ns() <= every_ns

    terms = replace(TERMS, funding_every_s=every_s)
    live(look, instruments={"btc": BTC}, terms=terms)


def test_a_venue_that_is_down_at_the_start_is_waited_for() -> None:
    async def main(clock: VirtualClock) -> None:
        house = House(clock)
        house.api.answers["orderBookDetails"] = lambda params: Reply(503, {}, b"<html>")
        task = house.start()
        await asyncio.sleep(600)
        assert house.sinks["btc"].rows == []
        house.api.answers["orderBookDetails"] = lambda params: DETAILS
        await asyncio.sleep(60)
        assert len(house.sinks["btc"].rows) > 0
        assert len(house.told) == 1
        await stopped(task)

    virtual.run(main)
