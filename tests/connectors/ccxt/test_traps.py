"""What ccxt used plainly gets wrong, and what is right here, on virtual time at a stand-in."""

import asyncio

from connectors.ccxt.bybit_safety import Safety
from connectors.ccxt.keeper import Keeper
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    FILLED,
    IOC,
    LIQUIDATION,
    OUTCOME_UNKNOWN,
    REDUCE_ONLY,
    REJECTED,
)
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, Trader, trading
from tests.connectors.ccxt.standing import NEAR
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.common.line import Line

PRIVATE, PUBLIC, TRADE = "/v5/private", "/v5/public/linear", "/v5/trade"


def line_of(stand: Trader, target: str) -> Line:
    """Return the venue's end of our latest connection to an address."""
    return [wire.line for wire in stand.way.lines if wire.line.target == target][-1]


def test_news_that_come_while_nobody_waits_are_all_told() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 9)]
        await asyncio.sleep(1)
        assert [stand.heard(order) for order in orders] == [[ACCEPTED]] * 8

    trading(act)


def test_a_message_that_makes_no_sense_neither_ends_a_stream_nor_costs_an_order() -> None:
    async def act(stand: Trader) -> None:
        private = line_of(stand, PRIVATE)
        private.put(b'{"topic":"order","data":[{"symbol":"ETHUSDT","category":"linear"}]}')
        private.put(b'{"topic":"wallet","data":"nonsense"}')
        private.put(b"not json")
        private.put(b"{")
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert stand.sinks["eth"].links == [False, True]

    trading(act)


def test_many_such_messages_replace_the_connection() -> None:
    async def act(stand: Trader) -> None:
        for _ in range(20):
            line_of(stand, PRIVATE).put(b"{")
        await asyncio.sleep(5)
        assert stand.sinks["eth"].links == [False, True, False, True]

    trading(act)


def test_a_stream_without_data_is_replaced_whatever_else_it_sends() -> None:
    async def act(stand: Trader) -> None:
        first = line_of(stand, PUBLIC)
        first.is_silent = True
        await asyncio.sleep(25)
        assert line_of(stand, PUBLIC) is not first
        assert stand.sinks["btc"].links == [False, True, False, True]

    stand = trading(act, has_crowd=True)
    assert any("no data for 15 s" in text for text in stand.told)


def test_a_login_that_was_refused_is_tried_again_on_a_new_connection() -> None:
    async def act(stand: Trader) -> None:
        account = stand.there.exchange.accounts[UID]
        account.keys.clear()
        line_of(stand, PRIVATE).abort()
        await asyncio.sleep(10)
        assert stand.sinks["eth"].links == [False, True, False]
        account.keys.update(keys())
        await asyncio.sleep(60)
        assert stand.sinks["eth"].links == [False, True, False, True]

    trading(act, has_crowd=True)


def test_a_cancel_does_not_wait_behind_reads_nor_orders_behind_each_other() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 9)]
        await asyncio.sleep(0.05)
        assert stand.resting() == set(orders)
        reads = [asyncio.create_task(stand.venue.trades_after("eth", 0)) for _ in range(3)]
        stand.venue.cancel("eth", orders[0])
        await asyncio.sleep(0.05)
        assert stand.resting() == set(orders[1:])
        await asyncio.gather(*reads)

    trading(act)


def test_orders_that_come_too_fast_for_the_venue_hold_no_cancel_back() -> None:
    async def act(stand: Trader) -> None:
        first = stand.place(1)
        await asyncio.sleep(1)
        second = stand.place(2)
        await asyncio.sleep(0.1)
        assert stand.heard(second) == [REJECTED]
        third = stand.place(3)
        stand.venue.cancel("eth", first)
        await asyncio.sleep(0.1)
        assert stand.resting() == set()
        assert stand.heard(third) == [REJECTED]

    words = {"status": 200, "text": '{"retCode":10006,"retMsg":"Too many visits!"}'}
    trading(act, {"do": "http", "when": "create", "nth": 2, **words}, terms=OVER_HTTP)


def test_requests_over_the_stream_leave_nothing_behind() -> None:
    async def act(stand: Trader) -> None:
        line = stand.parts.exchange.lines["ws://venue/v5/trade"]
        before = len(line.subscriptions), len(line.futures)
        for number in range(1, 41):
            order = stand.place(number)
            await asyncio.sleep(0.2)
            stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert (len(line.subscriptions), len(line.futures)) == before

    trading(act)


def test_a_clock_that_is_far_off_is_learned_for_logins_orders_and_reads() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED]
        assert stand.parts.writes is not None
        assert isinstance(stand.parts.writes.trade, Keeper)
        assert stand.parts.writes.trade.is_whole

    stand = trading(act, skew_ms=30_000)
    assert any("ahead of ours" in text for text in stand.told)


def test_what_is_set_already_is_no_error() -> None:
    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links == [False, True]

    async def before(stand: Trader) -> None:
        account = stand.there.exchange.accounts[UID]
        account.leverage_1e2["ETHUSDT"] = (500, 500)

    trading(act, before=before, safety=Safety(disconnect_cancel_s=10))


def test_the_venue_cancels_what_rests_once_it_has_lost_us() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.resting() == {order}
        stand.way.is_reachable = False
        for wire in stand.way.lines:
            wire.line.abort()
        await asyncio.sleep(15)
        assert stand.resting() == set()
        stand.way.is_reachable = True
        await asyncio.sleep(40)
        fate = await stand.venue.order_fate("eth", order)
        assert fate.kind != ACCEPTED
        assert fate.kind != OUTCOME_UNKNOWN

    trading(act, safety=Safety(disconnect_cancel_s=10))


def test_a_trade_of_the_venue_itself_is_a_liquidation_of_no_order() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.place("eth", 2176, BUY, NEAR, 10, IOC)
        await asyncio.sleep(1)
        line_of(stand, PRIVATE).put(BUST)
        await asyncio.sleep(1)
        rows = [row for row in stand.sinks["eth"].account if row[0] == FILLED]
        assert (rows[-1][1], rows[-1][4], rows[-1][5]) == (0, 10, LIQUIDATION)

    trading(act, has_crowd=True)


BUST = (
    b'{"topic":"execution","data":[{"category":"linear","symbol":"ETHUSDT","execId":"b-1",'
    b'"execTime":"1763000000999","execPrice":"2851.337","execQty":"0.10","side":"Sell",'
    b'"execType":"BustTrade","execFee":"0.15","orderId":"o","orderLinkId":"","isMaker":false}]}'
)


def test_a_cancel_of_an_order_that_is_on_its_way_waits_for_it() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        assert stand.heard(order)[-1] == CANCELLED

    trading(act)


def test_a_refusal_over_http_has_the_venues_own_reason_once_markets_are_loaded() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.place("eth", 2176, BUY, 290_000, 1, IOC | REDUCE_ONLY)
        await asyncio.sleep(1)
        row = stand.sinks["eth"].account[-1]
        assert (row[0], row[1], row[5]) == (REJECTED, 2176, Refusal.REDUCE_ONLY)

    trading(act, terms=OVER_HTTP)
