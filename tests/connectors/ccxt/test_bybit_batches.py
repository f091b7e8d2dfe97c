"""What is asked for at one moment leaves as one request, and each order has a fate of its own."""

import asyncio

import pytest

from connectors.calls import Confirmed, Refused, Unproven
from connectors.ccxt.bybit_lane import fates
from connectors.model.account import ABSENT
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    BUY,
    CANCELLED,
    OUTCOME_UNKNOWN,
    REDUCE_ONLY,
    REJECTED,
)
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR
from tests.venues.bybit.scenario import step_of
from tests.venues.common.truth import Connected, Passed

WAYS = pytest.mark.parametrize("terms", [TERMS, OVER_HTTP], ids=["stream", "http"])


def came(stand: Trader) -> list[str]:
    """Return the names of the writes that have come through the venue's door."""
    passed = [fact.operation for fact in stand.there.truth.of(Passed)]
    return [name for name in passed if name in ("batch", "create", "modify", "cancel")]


@WAYS
def test_orders_amends_and_cancels_of_a_moment_are_a_request_each(terms: object) -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(n, FAR - 10 * n) for n in (1, 2, 3)]
        await asyncio.sleep(1)
        assert stand.resting() == set(orders)
        assert came(stand) == ["batch"]
        for order in orders:
            stand.venue.amend("eth", order, BUY, FAR - 500, 20)
        await asyncio.sleep(1)
        for order in orders:
            stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert came(stand) == ["batch"] * 3
        assert stand.resting() == set()
        for order in orders:
            assert stand.heard(order) == [ACCEPTED, AMENDED, CANCELLED]

    trading(act, terms=terms)


@WAYS
def test_a_refused_order_of_a_batch_keeps_no_other_back(terms: object) -> None:
    async def act(stand: Trader) -> None:
        first, second = stand.place(1), stand.place(2, flags=REDUCE_ONLY)
        stand.venue.place("btc", 3 * 2176, BUY, 880_000, 5)
        await asyncio.sleep(1)
        assert stand.resting() == {first}
        told = [row for row in stand.sinks["eth"].account if row[1] == second]
        assert [(row[0], row[5]) for row in told] == [(REJECTED, Refusal.REDUCE_ONLY)]
        assert [row[0] for row in stand.sinks["btc"].account] == [ACCEPTED]
        assert came(stand) == ["batch"]

    trading(act, terms=terms)


@WAYS
def test_a_batch_whose_answer_is_lost_leaves_each_order_to_be_proven(terms: object) -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(1), stand.place(2)]
        await asyncio.sleep(6)
        for order in orders:
            assert stand.heard(order) == [OUTCOME_UNKNOWN]
        await asyncio.sleep(20)
        fates_read = [(await stand.venue.order_fate("eth", order)).kind for order in orders]
        assert fates_read == [ABSENT, ABSENT]

    trading(act, {"when": "create", "do": "drop_request"}, terms=terms)


def test_a_lost_answer_to_a_batch_that_was_carried_out_loses_no_order() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(1), stand.place(2)]
        await asyncio.sleep(6)
        for order in orders:
            assert sorted(stand.heard(order)) == sorted([ACCEPTED, OUTCOME_UNKNOWN])
            assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED

    trading(act, {"when": "create", "do": "drop_response"})


def test_each_order_of_a_batch_counts() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(n, FAR - n) for n in range(1, 13)]
        await asyncio.sleep(1)
        refused = [order for order in orders if stand.heard(order) == [REJECTED]]
        assert refused == orders[10:]
        assert stand.resting() == set(orders[:10])

    trading(act)


def test_one_alone_is_no_batch() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        assert came(stand) == ["create"]

    trading(act)


def answered(*codes: int, texts: tuple[str, ...] = ("a", "b")) -> dict[str, object]:
    """Return the answer to a batch."""
    rows = [{"orderLinkId": text} for text in texts]
    return {"data": {"list": rows}, "retExtInfo": {"list": [{"code": c, "msg": ""} for c in codes]}}


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (answered(0, 110007), [Confirmed, Refused]),
        (answered(10016, 0), [Unproven, Confirmed]),
        (answered(0, 0, texts=("a", "c")), [Confirmed, Unproven]),
        (answered(0), [Unproven, Unproven]),
        ({}, [Unproven, Unproven]),
        ({"data": {"list": [1, 2]}, "retExtInfo": {"list": [3, 4]}}, [Unproven, Unproven]),
        ({"data": [], "retExtInfo": {}}, [Unproven, Unproven]),
    ],
)
def test_what_an_answer_does_not_speak_of_is_unknown(said: object, kinds: list[type]) -> None:
    assert [type(verdict.outcome) for verdict in fates(said, ["a", "b"])] == kinds


def test_a_stream_for_orders_that_hangs_is_left_and_cancels_go_over_http() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(1)
        stand.there.play(step_of({"do": "half_open", "stream": "trade"}))
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1.4)
        assert stand.heard(order) == [ACCEPTED]
        await asyncio.sleep(0.2)
        assert stand.heard(order) == [ACCEPTED, OUTCOME_UNKNOWN]
        stand.venue.cancel("eth", order)
        await asyncio.sleep(0.1)
        assert stand.resting() == set()

    trading(act)


def test_a_stream_for_orders_that_only_loses_an_answer_stays() -> None:
    async def act(stand: Trader) -> None:
        connections = len(stand.there.truth.of(Connected))
        stand.place(1)
        for number in range(2, 8):
            await asyncio.sleep(1)
            stand.place(number, FAR - number)
        assert len(stand.there.truth.of(Connected)) == connections

    trading(act, {"when": "create", "do": "drop_response"})
