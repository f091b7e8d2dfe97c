"""The adapter, real ccxt below it, trades at Bybit's stand-in: on virtual time, in memory."""

import asyncio
from decimal import Decimal

import pytest

from connectors.ccxt.bybit_safety import Safety
from connectors.model.account import ABSENT
from connectors.model.errors import Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    BUY,
    CANCEL_REJECTED,
    CANCELLED,
    CLEAR_BIDS,
    FILLED,
    GAP,
    IOC,
    OUTCOME_UNKNOWN,
    REJECTED,
    SELL,
    TAKER,
)
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR, NEAR
from tests.venues.bybit.keys import UID


def test_market_data_are_whole_and_every_row_has_two_clocks() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(3)

    stand = trading(act, has_crowd=True)
    for sink in stand.sinks.values():
        assert sink.links == [False, True]
        assert sink.rows[0] == (CLEAR_BIDS, 0, 0)
        assert len(sink.rows) > 200
        assert not [row for row in sink.rows if row[0] == GAP]
        assert all(0 < venue_ns <= recv_ns for venue_ns, recv_ns in sink.stamps)


@pytest.mark.parametrize("terms", [TERMS, OVER_HTTP], ids=["stream", "http"])
def test_an_order_rests_is_amended_and_cancelled(terms: object) -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        assert stand.resting() == {order}
        stand.venue.amend("eth", order, BUY, FAR - 10, 20)
        await asyncio.sleep(1)
        standing = await stand.venue.standing("eth")
        (resting,) = standing.resting
        assert (resting.client_id, resting.ticks, resting.open_lots) == (order, FAR - 10, 20)
        fate = await stand.venue.order_fate("eth", order)
        assert (fate.kind, fate.ticks, fate.lots) == (ACCEPTED, FAR - 10, 20)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.resting() == set()
        assert stand.heard(order) == [ACCEPTED, AMENDED, CANCELLED]

    trading(act, terms=terms)


def test_a_post_only_order_that_would_take_is_refused_as_one() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR)
        await asyncio.sleep(1)
        told = [row for row in stand.sinks["eth"].account if row[1] == order]
        assert [(row[0], row[5]) for row in told][-1] == (REJECTED, Refusal.POST_ONLY)

    trading(act, has_crowd=True)


def test_a_fill_is_told_once_with_its_fee_and_reads_say_the_same() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR, IOC)
        await asyncio.sleep(1)
        sink = stand.sinks["eth"]
        fills = [row for row in sink.account if row[0] == FILLED]
        fees = [fee for row, fee in zip(sink.account, sink.fees, strict=True) if row[0] == FILLED]
        trades = await stand.venue.trades_after("eth", 0)
        assert [row[1:7] for row in fills] == [
            (t.client_id, t.side, t.ticks, t.lots, t.role, t.trade_id) for t in trades
        ]
        assert [t.fee for t in trades] == fees
        assert {(t.client_id, t.role) for t in trades} == {(order, TAKER)}
        standing = await stand.venue.standing("eth")
        assert standing.position_lots == 10 == sum(t.lots for t in trades)
        assert standing.last_trade_id == trades[-1].trade_id
        assert await stand.venue.trades_after("eth", trades[-1].trade_id) == ()
        stand.venue.place("eth", 4352, SELL, 299_000, 10, IOC)
        await asyncio.sleep(1)
        assert (await stand.venue.standing("eth")).position_lots == 0

    trading(act, has_crowd=True)


def test_the_highest_trade_is_known_where_a_page_shows_some_of_its_moment() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(3)
        trades = await stand.venue.trades_after("eth", 0)
        assert len(trades) == 10
        assert len({trade.venue_ns for trade in trades}) < 3
        assert (await stand.venue.standing("eth")).last_trade_id == trades[-1].trade_id

    pages = {"do": "page_size", "at_s": 0, "rows": 3}
    fills = {"do": "fill_ours", "at_s": 4, "market": "ETHUSDT", "side": "buy", "pieces": 10}
    trading(act, pages, fills)


def test_a_cancel_of_what_is_not_there_proves_nothing_but_that() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.cancel("eth", 2176 * 7)
        await asyncio.sleep(1)
        assert stand.heard(2176 * 7) == [CANCEL_REJECTED]

    trading(act)


def test_an_amend_is_told_by_the_stream_and_unknown_where_that_is_silent() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        for wire in stand.way.lines:
            wire.line.is_silent = wire.line.target == "/v5/private"
        stand.venue.amend("eth", order, BUY, FAR - 10, 20)
        await asyncio.sleep(5.5)
        assert stand.heard(order) == [ACCEPTED, AMEND_UNKNOWN]
        assert (await stand.venue.order_fate("eth", order)).lots == 0
        await asyncio.sleep(2)
        fate = await stand.venue.order_fate("eth", order)
        assert (fate.kind, fate.ticks, fate.lots) == (ACCEPTED, FAR - 10, 20)

    trading(act)


def test_an_amend_of_an_order_that_is_over_is_refused() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        stand.venue.amend("eth", order, BUY, FAR - 10, 20)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED, AMEND_REJECTED]

    trading(act)


FAULTS = {
    "a gateway answers": {"do": "http", "when": "create", "status": 502, "times": 2},
    "a gateway answers after it": {
        "do": "http",
        "when": "create",
        "status": 504,
        "is_processed": True,
    },
    "the connection breaks after it": {"do": "reset", "when": "create"},
    "the connection breaks before it": {"do": "reset", "when": "create", "is_processed": False},
    "the answer is late": {"do": "delay", "when": "create", "s": 7.0},
    "the request is late": {"do": "delay", "when": "create", "s": 7.0, "is_processed": False},
    "the answer is lost": {"do": "drop_response", "when": "create"},
    "a cancel's answer is lost": {"do": "drop_response", "when": "cancel"},
    "a cancel is lost": {"do": "drop_request", "when": "cancel"},
    "a frame is lost": {"do": "drop", "when": "accepted"},
    "an end is lost": {"do": "drop", "when": "cancelled"},
}


@pytest.mark.parametrize("terms", [TERMS, OVER_HTTP], ids=["stream", "http"])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_fates_are_the_truth_in_the_end(fault: str, terms: object) -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in range(1, 4)]
        await asyncio.sleep(1)
        stand.venue.cancel("eth", orders[0])
        await asyncio.sleep(40)
        truly = stand.resting()
        for order in orders:
            fate = await stand.venue.order_fate("eth", order)
            assert fate.kind != OUTCOME_UNKNOWN
            assert (fate.kind == ACCEPTED) == (order in truly)
        standing = await stand.venue.standing("eth")
        assert {order.client_id for order in standing.resting} == truly

    trading(act, FAULTS[fault], terms=terms)


def test_an_order_is_absent_only_once_its_stamp_is_too_old_to_be_taken() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(8)
        assert stand.heard(order) == [OUTCOME_UNKNOWN]
        assert (await stand.venue.order_fate("eth", order)).kind == OUTCOME_UNKNOWN
        await asyncio.sleep(12)
        assert (await stand.venue.order_fate("eth", order)).kind == ABSENT

    lost = {"do": "drop_request", "when": "create"}
    stand = trading(act, lost, terms=OVER_HTTP)
    assert any("is unknown" in text for text in stand.told)


def test_an_answer_that_is_lost_leaves_an_order_unknown_and_it_is_found() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(8)
        assert OUTCOME_UNKNOWN in stand.heard(order)
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED
        assert stand.resting() == {order}

    trading(act, {"do": "drop_response", "when": "create"}, terms=OVER_HTTP)


def test_a_hole_in_the_sequence_pulls_quotes_until_the_next_snapshot() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(5)

    hole = {"do": "drop", "when": "orderbook.50", "nth": 20, "market": "ETHUSDT"}
    stand = trading(act, hole, has_crowd=True)
    kinds = [row[0] for row in stand.sinks["eth"].rows]
    assert kinds.count(GAP) == 1
    assert CLEAR_BIDS in kinds[kinds.index(GAP) :]
    assert GAP not in [row[0] for row in stand.sinks["btc"].rows]


def test_a_lost_connection_holds_the_market_and_its_trades_are_found_after_it() -> None:
    async def act(stand: Trader) -> None:
        for wire in stand.way.lines:
            if wire.line.target == "/v5/private":
                wire.line.abort()
        stand.venue.place("eth", 2176, BUY, NEAR, 10, IOC)
        await asyncio.sleep(20)
        sink = stand.sinks["eth"]
        assert sink.links == [False, True, False, True]
        (trade, *_) = await stand.venue.trades_after("eth", 0)
        assert trade.client_id == 2176

    trading(act, has_crowd=True)


def test_a_refused_login_does_not_hang_the_next_one() -> None:
    async def before(stand: Trader) -> None:
        stand.there.exchange.accounts[UID].keys.clear()

    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links == [False]

    with pytest.raises((VenueError, ExceptionGroup)):
        trading(act, before=before)


def test_orders_beyond_the_budget_are_refused_and_cancels_still_leave() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(n) for n in range(1, 16)]
        stand.venue.cancel("eth", orders[0])
        await asyncio.sleep(1)
        refused = [row for row in stand.sinks["eth"].account if row[0] == REJECTED]
        assert [row[5] for row in refused] == [Refusal.PACED] * 5
        assert CANCELLED in stand.heard(orders[0])

    trading(act)


def test_leverage_is_set_and_read_back_before_anything_is_sent() -> None:
    async def act(stand: Trader) -> None:
        position = stand.venue.position("eth")
        await stand.venue.standing("eth")
        position = stand.venue.position("eth")
        assert position is not None
        assert (position.leverage, position.is_one_way) == ("3", True)

    trading(act, safety=Safety("cross", Decimal(3)))


def test_an_account_that_holds_both_sides_apart_is_not_traded() -> None:
    async def before(stand: Trader) -> None:
        stand.there.exchange.accounts[UID].hedged.add("ETHUSDT")

    async def act(stand: Trader) -> None:
        """Nothing: the run has ended."""

    with pytest.raises(VenueError, match="one-way"):
        trading(act, before=before)


def test_an_adapter_without_keys_reads_markets_and_refuses_the_account() -> None:
    async def act(stand: Trader) -> None:
        assert stand.sinks["btc"].links == []
        assert await stand.venue.mid_half_ticks("btc") > 0
        with pytest.raises(VenueError, match="without an account"):
            await stand.venue.standing("btc")
        with pytest.raises(VenueError, match="read-only"):
            stand.venue.place("btc", 2176, BUY, 1, 1)

    trading(act, has_keys=False, has_crowd=True)
