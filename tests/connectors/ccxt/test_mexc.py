"""MEXC spot traded at a stand-in that checks every signature, on virtual time."""

import asyncio
from typing import Any, ClassVar

import msgspec
import pytest

from connectors.calls import Lost, Request
from connectors.ccxt.announcing import HOUR_NS
from connectors.ccxt.ids import stamped_id
from connectors.ccxt.mexc_key import RENEWED_S, ListenKey
from connectors.ccxt.spot_rescue import SpotRescue, mexc_headers
from connectors.model.errors import Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    CLEAR_BIDS,
    FILLED,
    GAP,
    IOC,
    REJECTED,
    TAKER,
)
from tests import virtual
from tests.connectors.ccxt.mexc_trader import Trader, trading
from tests.connectors.ccxt.standing import NEAR
from tests.venues.common.http import Asked
from tests.venues.common.scenario import step_of
from tests.venues.common.truth import Passed
from tests.venues.mexc.faults import FAULTS
from tests.venues.mexc.keys import API_KEY, SECRET, UID
from tests.venues.mexc.staged.play import number
from tests.virtual import VirtualClock

QUIET = {"has_crowd": False}


def play(stand: Trader, **step: object) -> None:
    """Do what a step says, now."""
    stand.there.play(step_of(FAULTS, step))


def test_an_order_rests_and_is_cancelled_by_our_id_alone() -> None:
    async def act(stand: Trader) -> None:
        order = stand.order(1)
        await asyncio.sleep(1)
        assert (stand.heard(order), stand.resting()) == ([ACCEPTED], {order})
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert (stand.heard(order), stand.resting()) == ([ACCEPTED, CANCELLED], set())

    trading(act)


def test_trades_are_told_once_with_their_fees_by_stream_and_by_read() -> None:
    async def act(stand: Trader) -> None:
        order = stand.order(1, NEAR, IOC)
        await asyncio.sleep(1)
        rows = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        made = stand.account.executions
        ids = [stamped_id(each.at_ns // 1_000_000, number(each)) for each in made]
        assert [row[6] for row in rows] == ids != []
        assert {(row[1], row[5]) for row in rows} == {(order, TAKER)}
        trades = await stand.venue.trades_after("eth", 0)
        assert [trade.trade_id for trade in trades] == sorted(ids)
        assert [trade.fee for trade in trades] == stand.sinks["eth"].fees[-len(rows) :]
        assert {fee.currency for trade in trades if (fee := trade.fee)} == {"USDT"}
        standing = await stand.venue.standing("eth")
        assert (standing.position_lots, standing.account) == (20_100, str(UID))

    trading(act)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"ticks": NEAR}, Refusal.POST_ONLY),
        ({"lots": 10}, Refusal.MIN_SIZE),
        ({"lots": 90_000}, Refusal.INSUFFICIENT_MARGIN),
    ],
)
def test_a_refusal_says_why(words: dict[str, Any], why: Refusal) -> None:
    async def act(stand: Trader) -> None:
        stand.order(1, **words)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[5]) == (REJECTED, why)

    trading(act)


def test_stamps_are_in_the_venues_time() -> None:
    async def act(stand: Trader) -> None:
        order = stand.order(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act, skew_ms=90_000, **QUIET)


def test_a_key_is_prolonged_twice_in_an_hour_and_a_refusal_is_told() -> None:
    class Exchange:
        """It gives one key, and forgets it after a while."""

        asked: ClassVar[list[object]] = []

        async def spotPrivatePostUserDataStream(self) -> Any:
            return {"listenKey": "pqia1"}

        async def spotPrivatePutUserDataStream(self, words: object) -> Any:
            self.asked.append(words)
            if len(self.asked) == 3:
                raise Lost("no answer", may_have_arrived=True)

    async def main(clock: VirtualClock) -> None:
        key, began_ns = ListenKey(Exchange()), clock.now_ns()
        assert await key.fresh() == "pqia1"
        for _ in range(2):
            await key.renewed()
        assert clock.now_ns() - began_ns < HOUR_NS
        with pytest.raises(Lost):
            await key.renewed()
        assert Exchange.asked == [{"listenKey": "pqia1"}] * 3

    virtual.run(main)


def test_a_key_that_could_not_be_given_back_is_given_back_before_the_next() -> None:
    class Exchange:
        """It does not hear the first time that a key is given back."""

        asked: ClassVar[list[str]] = []

        async def spotPrivatePostUserDataStream(self) -> Any:
            self.asked.append("new")
            return {"listenKey": f"pqia{len(self.asked)}"}

        async def spotPrivateDeleteUserDataStream(self, words: dict[str, str]) -> Any:
            self.asked.append(words["listenKey"])
            if len(self.asked) == 2:
                raise Lost("no answer", may_have_arrived=True)

    async def main(clock: VirtualClock) -> None:
        key = ListenKey(Exchange())
        await key.fresh()
        await key.close()
        assert await key.fresh() == "pqia4"
        await key.close()
        await key.close()
        assert Exchange.asked == ["new", "pqia1", "pqia1", "new", "pqia4"]

    virtual.run(main)


@pytest.mark.slow
def test_a_stream_outlives_the_hour_of_its_key() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(3 * RENEWED_S)
        told = [f for f in stand.there.truth.of(Passed) if f.operation == "prolong"]
        assert (len(told), stand.there.keys_made) == (3, 1)
        order = stand.order(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]

    trading(act, **QUIET)


def test_a_stream_whose_key_has_ended_is_found_out_by_reads() -> None:
    async def act(stand: Trader) -> None:
        order = stand.order(1)
        await asyncio.sleep(5)
        play(stand, do="expire_keys")
        await asyncio.sleep(5)
        play(stand, do="fill_ours", market="ETHUSDT", most=1)
        await asyncio.sleep(5)
        assert stand.heard(order) == [ACCEPTED]
        assert (await stand.venue.order_fate("eth", order)).kind == FILLED
        await asyncio.sleep(5)
        assert stand.there.keys_made == 2
        assert stand.sinks["eth"].links[-2:] == [False, True]

    trading(act, **QUIET)


def test_each_connection_has_a_key_of_its_own_and_gives_it_back() -> None:
    async def act(stand: Trader) -> None:
        for _ in range(3):
            stand.account_line().abort()
            await asyncio.sleep(5)
        assert stand.there.keys_made == 4
        assert len(stand.there.listen_keys) == 1

    stand = trading(act, **QUIET)
    assert stand.there.listen_keys == {}


def test_a_change_of_the_book_that_is_lost_pulls_quotes_until_the_next_snapshot() -> None:
    async def act(stand: Trader) -> None:
        stand.there.gateway.add(step_of(FAULTS, {"when": "orderbook", "times": 1, "do": "drop"}))
        await asyncio.sleep(3)
        kinds = [row[0] for row in stand.sinks["eth"].rows + stand.sinks["btc"].rows]
        assert kinds.count(GAP) == 1
        assert kinds.count(CLEAR_BIDS) == 3

    trading(act)


def test_what_the_venue_spells_is_sent_word_by_word() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.place("eth", 2176, BUY, 290_000, 100, IOC)
        await asyncio.sleep(1)
        (order,) = stand.account.orders.values()
        assert (order.tif, order.ticks, order.lots) == ("IOC", 290_000, 100)

    trading(act, **QUIET)


def test_an_order_is_never_changed_in_place() -> None:
    async def act(stand: Trader) -> None:
        order = stand.order(1)
        await asyncio.sleep(1)
        writes, market = stand.parts.writes, stand.venue._listings.known["eth"]
        assert not stand.venue.amends
        assert writes is not None
        with pytest.raises(VenueError, match="a cancel and a new LIMIT order that may take"):
            await writes.amend(market, order, 290_100, 100)
        assert stand.resting() == {order}

    trading(act, **QUIET)


def rescue(stand: Trader, secret: str = SECRET) -> SpotRescue:
    """Return what clears the account from elsewhere."""

    def ask(request: Request) -> Any:
        path, _, query = request.url.removeprefix("http://there").partition("?")
        headers = {name.lower(): value for name, value in request.headers.items()}
        plan = stand.there.ask(Asked(request.method, path, {}, headers, b"", query=query))
        return msgspec.json.decode(plan.answer.body)

    symbols = ["BTCUSDT", "ETHUSDT"]
    return SpotRescue("mexc", "http://there", mexc_headers(API_KEY), secret, symbols, ask)


def test_the_rescue_cancels_what_rests_and_counts_it_whatever_the_clock_says() -> None:
    async def act(stand: Trader) -> None:
        stand.order(1)
        await asyncio.sleep(1)
        assert rescue(stand).resting() == 1
        with pytest.raises(VenueError, match="were not cancelled"):
            rescue(stand, "another").cancel_all()
        for _ in range(2):
            rescue(stand).cancel_all()
        assert rescue(stand).resting() == 0

    trading(act, skew_ms=90_000, **QUIET)
