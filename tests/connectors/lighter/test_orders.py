"""Orders reach the stand-in once each, and what is told of them is what is true there."""

import asyncio

import pytest

from connectors.lighter.transactions import MOST_CLIENT_ID
from connectors.model.account import ABSENT, Fate
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCELLED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
)
from tests.connectors.lighter.trader import FAR, NEAR, Trader, trading
from tests.venues.common.truth import Passed, Signed


def test_an_order_rests_and_is_cancelled_over_the_stream() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(1)
        assert stand.heard(one) == [ACCEPTED]
        assert stand.resting() == {one}
        stand.venue.cancel("eth", one)
        await asyncio.sleep(1)
        assert stand.heard(one) == [ACCEPTED, CANCELLED]
        assert stand.resting() == set()

    stand = trading(act, verify="all")
    assert stand.at_door() == [("create", 2176, 200), ("cancel", 2176, 200)]
    assert stand.http.sent == 0
    assert stand.signer.is_closed


def test_a_cancel_right_behind_its_create_finds_it() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        stand.venue.cancel("eth", one)
        await asyncio.sleep(1)
        assert stand.heard(one)[-1] == CANCELLED
        assert stand.resting() == set()

    trading(act)


def test_an_order_that_has_not_left_is_cancelled_here() -> None:
    async def act(stand: Trader) -> None:
        one, two = stand.place(1), stand.place(2)
        stand.venue.cancel("eth", two)
        await asyncio.sleep(1)
        assert stand.heard(two) == [CANCELLED]
        assert stand.resting() == {one}
        assert stand.orders.dead_since_ns(two, stand.clock.now_ns()) is not None

    trading(act)


def test_flags_become_the_venues_own() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1, NEAR, POST_ONLY)
        stand.place(2, FAR, 0)
        stand.place(3, FAR, IOC)
        stand.place(4, NEAR, IOC | REDUCE_ONLY, SELL)
        await asyncio.sleep(2)
        with pytest.raises(VenueError):
            stand.place(5, FAR, IOC | POST_ONLY)

    stand = trading(act, has_crowd=True)
    words = [tx.wanted.fields() for tx in stand.signer.signed]
    told = [(w["TimeInForce"], w["ReduceOnly"], w["OrderExpiry"] == 0) for w in words]
    assert told == [(2, 0, False), (1, 0, False), (0, 0, True), (0, 1, True)]
    assert stand.heard(2176) == [REJECTED]
    assert stand.sinks["eth"].account[0][5] == Refusal.POST_ONLY


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (21739, Refusal.INSUFFICIENT_MARGIN),
        (21706, Refusal.MIN_SIZE),
        (21733, Refusal.PRICE_BAND),
        (21728, Refusal.DUPLICATE_ID),
        (21506, Refusal.RATE_LIMIT),
        (21104, Refusal.OTHER),
    ],
)
def test_a_refusal_at_the_door_is_told_once_with_its_meaning(code: int, meaning: int) -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(12)
        rows = [row for row in stand.sinks["eth"].account if row[1] == one]
        assert [(row[0], row[5]) for row in rows] == [(REJECTED, meaning)]
        assert await stand.venue.order_fate("eth", one) == Fate(ABSENT, 0)
        two = stand.place(2)
        await asyncio.sleep(1)
        assert stand.resting() == {two}

    trading(act, {"when": "place", "do": "refuse", "code": code})


@pytest.mark.parametrize("code", [21120, 21136, 21109])
def test_what_no_waiting_mends_stops_orders_and_says_what_to_do(code: int) -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        with pytest.raises(VenueError, match=str(code)) as caught:
            stand.place(2)
        assert caught.value.plan is Plan.HALT
        await asyncio.sleep(11)
        assert await stand.venue.order_fate("eth", 4352) == Fate(ABSENT, 0)
        stand.venue.cancel("eth", 2176)
        await asyncio.sleep(1)

    stand = trading(act, {"when": "place", "do": "refuse", "code": code})
    assert [kind for kind, _, _ in stand.at_door()] == ["cancel"]


def test_an_acknowledgement_that_is_lost_leaves_the_outcome_unknown() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(6)
        assert stand.heard(one) == [ACCEPTED]
        assert stand.resting() == {one}

    trading(act, {"when": "place", "do": "drop_response"})


def test_a_request_that_is_lost_is_unknown_and_never_sent_again() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(6)
        assert stand.heard(one) == [OUTCOME_UNKNOWN]
        two = stand.place(2)
        await asyncio.sleep(1)
        assert stand.resting() == {two}
        assert await stand.venue.order_fate("eth", one) == Fate(OUTCOME_UNKNOWN, 0)
        await asyncio.sleep(10)
        assert await stand.venue.order_fate("eth", one) == Fate(ABSENT, 0)

    stand = trading(act, {"when": "place", "do": "drop_request"})
    assert [c for _, c, _ in stand.at_door()] == [4352]


def test_an_order_that_nothing_follows_is_overtaken_by_what_does_nothing() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(6)
        since_ns = stand.clock.now_ns()
        for _ in range(20):
            if (await stand.venue.order_fate("eth", one)).kind == ABSENT:
                break
            await asyncio.sleep(2)
        assert 10 <= (stand.clock.now_ns() - since_ns) / 1e9 <= 15
        await asyncio.sleep(60)
        assert stand.known() == set()
        assert stand.heard(one) == [OUTCOME_UNKNOWN]

    late = {"when": "place", "do": "delay", "s": 60.0, "is_processed": False}
    stand = trading(act, late)
    assert stand.at_door() == [("cancel", MOST_CLIENT_ID, 200), ("create", 2176, 21104)]


def test_one_that_does_nothing_overtakes_all_orders_that_left_before_it() -> None:
    async def act(stand: Trader) -> None:
        ids = [stand.place(1)]
        await asyncio.sleep(0.1)
        ids += [stand.place(2), stand.place(3)]
        await asyncio.sleep(6)
        for _ in range(2):
            for client_id in ids:
                await stand.venue.order_fate("eth", client_id)
        await asyncio.sleep(12)
        for client_id in ids:
            assert await stand.venue.order_fate("eth", client_id) == Fate(ABSENT, 0)

    stand = trading(act, {"when": "place", "times": 2, "do": "drop_request"})
    assert stand.at_door() == [("cancel", MOST_CLIENT_ID, 200)]


def test_an_order_that_nothing_can_overtake_dies_of_age() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(20)
        assert await stand.venue.order_fate("eth", one) == Fate(OUTCOME_UNKNOWN, 0)
        await asyncio.sleep(630)
        assert await stand.venue.order_fate("eth", one) == Fate(ABSENT, 0)

    trading(act, {"when": "send", "do": "drop_request", "times": 1_000})


def test_an_order_that_vanishes_after_its_acknowledgement_is_told_as_refused() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(12)
        assert stand.heard(one) == [REJECTED]
        assert await stand.venue.order_fate("eth", one) == Fate(ABSENT, 0)

    trading(act, {"when": "execute.create", "do": "vanish"})


def test_a_nonce_that_is_refused_costs_one_order_and_no_other() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        stand.there.exchange.accounts[7001].keys[5].next_nonce += 1_000
        two = stand.place(2)
        await asyncio.sleep(1)
        assert stand.heard(two) == [REJECTED]
        three = stand.place(3)
        await asyncio.sleep(1)
        assert stand.heard(three) == [ACCEPTED]

    stand = trading(act)
    first, *rest = (tx.nonce for tx in stand.signer.signed)
    assert rest == [first + 1, first + 1_001]


def test_without_a_stream_the_same_bytes_go_over_http_once() -> None:
    async def act(stand: Trader) -> None:
        for wire in stand.way.lines:
            wire.line.abort()
        one = stand.place(1)
        await asyncio.sleep(0.2)
        assert stand.resting() == {one}
        stand.venue.cancel("eth", one)
        await asyncio.sleep(30)
        assert stand.resting() == set()

    stand = trading(act)
    assert stand.http.sent >= 1
    assert stand.at_door() == [("create", 2176, 200), ("cancel", 2176, 200)]
    assert len(stand.signer.signed) == 2


def test_the_budget_keeps_a_reserve_for_cancels() -> None:
    async def act(stand: Trader) -> None:
        placed = []
        for number in range(1, 61):
            placed.append(stand.place(number))
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        resting = stand.resting()
        assert len(resting) == 40
        refused = [i for i in placed if stand.heard(i) == [REJECTED]]
        assert resting | set(refused) == set(placed)
        for client_id in sorted(resting)[:20]:
            stand.venue.cancel("eth", client_id)
        await asyncio.sleep(1)
        assert len(stand.resting()) == 20

    trading(act)


def test_an_id_is_never_used_twice() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        with pytest.raises(VenueError, match="used before"):
            stand.place(1)

    trading(act)


def test_what_is_placed_at_one_moment_leaves_as_one_batch_behind_the_cancels() -> None:
    async def act(stand: Trader) -> None:
        first = [stand.place(number) for number in (1, 2, 3)]
        await asyncio.sleep(1)
        for client_id in first:
            stand.venue.cancel("eth", client_id)
        second = [stand.place(number) for number in range(4, 21)]
        await asyncio.sleep(1)
        assert stand.resting() == set(second)

    stand = trading(act)
    operations = [passed.operation for passed in stand.there.truth.of(Passed)]
    assert operations.count("batch") == 4
    kinds = [kind for kind, _, _ in stand.at_door()]
    assert kinds == ["create"] * 3 + ["cancel"] * 3 + ["create"] * 17
    nonces = [signed.nonce for signed in stand.there.truth.of(Signed)]
    assert nonces == list(range(nonces[0], nonces[0] + 23))


def test_a_batch_goes_over_http_where_there_is_no_stream() -> None:
    async def act(stand: Trader) -> None:
        for wire in stand.way.lines:
            wire.line.abort()
        both = {stand.place(1), stand.place(2)}
        await asyncio.sleep(0.2)
        assert stand.resting() == both
        assert stand.http.sent == 1

    trading(act)


@pytest.mark.parametrize("let_in", [0, 1, 3])
@pytest.mark.parametrize("code", [21739, 21105, 21104, 29500])
def test_of_a_batch_that_is_refused_each_order_is_told_as_what_it_is(
    code: int, let_in: int
) -> None:
    async def act(stand: Trader) -> None:
        ids = [stand.place(number) for number in (1, 2, 3)]
        await asyncio.sleep(1)
        for client_id in ids:
            heard = stand.heard(client_id)
            assert (ACCEPTED in heard) is (client_id in stand.resting())
            assert REJECTED not in heard
        for _ in range(8):
            fates = [(await stand.venue.order_fate("eth", client_id)).kind for client_id in ids]
            await asyncio.sleep(2)
        assert len(stand.resting()) == let_in
        assert fates == [ACCEPTED if client_id in stand.resting() else ABSENT for client_id in ids]

    trading(act, {"when": "batch", "do": "refuse_batch", "code": code, "let_in": let_in})


def test_after_a_batch_was_refused_for_one_order_the_others_leave_without_it() -> None:
    async def act(stand: Trader) -> None:
        for number in (1, 2):
            stand.place(number, FAR, POST_ONLY, BUY if number == 1 else SELL)
        await asyncio.sleep(2)
        three, four = stand.place(3), stand.place(4, FAR + 5_000, POST_ONLY, SELL)
        await asyncio.sleep(1)
        assert stand.heard(three) == [ACCEPTED]
        assert stand.heard(four) == [REJECTED]

    stand = trading(act, {"when": "place", "times": 9, "do": "refuse_side", "side": "sell"})
    assert stand.resting() == {6528}


def test_a_batch_for_which_we_are_too_fast_is_refused_whole() -> None:
    async def act(stand: Trader) -> None:
        ids = [stand.place(number) for number in (1, 2)]
        await asyncio.sleep(1)
        assert [stand.heard(client_id) for client_id in ids] == [[REJECTED], [REJECTED]]

    trading(act, {"when": "batch", "do": "refuse", "code": 23000, "status": 429})


def test_what_overtakes_an_order_counts_though_the_stream_leaves_it_out() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(6)
        since_ns = stand.clock.now_ns()
        for _ in range(30):
            if (await stand.venue.order_fate("eth", one)).kind == ABSENT:
                break
            await asyncio.sleep(2)
        assert 10 <= (stand.clock.now_ns() - since_ns) / 1e9 <= 20

    lost = {"when": "place", "do": "drop_request"}
    unheard = {"when": "update/account_tx", "do": "drop", "times": 1_000}
    stand = trading(act, lost, unheard)
    assert stand.at_door() == [("cancel", MOST_CLIENT_ID, 200)]
