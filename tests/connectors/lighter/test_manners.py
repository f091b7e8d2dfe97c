"""Commands are sent in whatever manner is chosen, and no manner loses an order or invents one."""

import asyncio
from typing import Any

import pytest

from connectors.lighter.manner import Manner
from connectors.lighter.transactions import CANCEL
from connectors.model.account import ABSENT
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED, CANCELLED, OUTCOME_UNKNOWN, REJECTED
from tests.connectors.lighter.trader import CANCEL_KEY, KEY, Trader, trading
from tests.venues.common.truth import Signed
from tests.venues.lighter.limits import Limits

ONE = 2176


def keys(stand: Trader) -> list[tuple[str, int]]:
    """Return kinds and keys of what came to the door."""
    return [(signed.kind, signed.key) for signed in stand.there.truth.of(Signed)]


def test_an_order_that_rests_is_cancelled_by_the_key_of_cancels() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, CANCELLED]

    stand = trading(act, has_cancel_key=True, verify="all")
    assert keys(stand) == [("create", KEY), ("cancel", CANCEL_KEY)]
    assert stand.cancels is not None
    assert stand.cancels.is_closed


def test_a_cancel_never_overtakes_its_order_on_another_key() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(2)
        assert {CANCELLED, REJECTED} & set(stand.heard(ONE))
        assert stand.resting() == set()

    held = {"when": "place", "do": "delay", "s": 0.5, "is_processed": False}
    for fault in ((), (held,)):
        stand = trading(act, *fault, has_cancel_key=True)
        assert {key for _, key in keys(stand)} == {KEY}


def test_cancels_of_another_key_do_not_wait_for_orders() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        two = stand.place(2)
        await asyncio.sleep(0.5)
        assert stand.heard(two) == [REJECTED]
        three = stand.place(3)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(0.5)
        assert stand.heard(ONE)[-1] == CANCELLED
        assert stand.heard(three) == []

    refused = {"when": "place", "nth": 2, "do": "refuse", "code": 21104}
    slow = {"when": "nextNonce", "nth": 3, "do": "delay", "s": 3.0}
    trading(act, refused, slow, has_cancel_key=True)


def test_what_is_carried_out_by_one_key_proves_nothing_of_another() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        two = stand.place(2)
        await asyncio.sleep(0.1)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(14)
        fate = await stand.venue.order_fate("eth", two)
        assert fate.kind == OUTCOME_UNKNOWN
        await asyncio.sleep(12)
        assert (await stand.venue.order_fate("eth", two)).kind == ABSENT

    trading(act, {"when": "place", "nth": 2, "do": "drop_request"}, has_cancel_key=True)


def test_without_waiting_for_answers_the_streams_alone_tell() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        two = stand.place(2)
        await asyncio.sleep(1)
        three = stand.place(3)
        await asyncio.sleep(30)
        assert stand.heard(ONE) == stand.heard(two) == [ACCEPTED]
        assert stand.heard(three) == []
        for _ in range(8):
            fate = await stand.venue.order_fate("eth", three)
            await asyncio.sleep(2)
        assert fate.kind == ABSENT

    lost = (
        {"when": "place", "nth": 1, "do": "drop_response"},
        {
            "when": "place",
            "nth": 2,
            "do": "drop_request",
        },
    )
    trading(act, *lost, manner=Manner(waits_for_answers=False))


@pytest.mark.parametrize("each", [True, False])
def test_batches_stay_within_what_the_venue_counts(each: bool) -> None:
    async def act(stand: Trader) -> None:
        for moment in range(6):
            for number in range(15):
                stand.place(15 * moment + number + 1)
            await asyncio.sleep(0.2)
        await asyncio.sleep(1)
        assert len(stand.resting()) == (40 if each else 90)
        for client_id in sorted(stand.resting()):
            stand.venue.cancel("eth", client_id)
        await asyncio.sleep(1)
        assert len(stand.resting()) == (20 if each else 0)

    limits = Limits(batch_counts_each=each)
    stand = trading(act, tier="standard", limits=limits, manner=Manner(counts_each=each))
    assert {signed.code for signed in stand.there.truth.of(Signed)} == {200}
    assert REJECTED in {row[0] for row in stand.sinks["eth"].account} or not each


CANCEL_FAULTS: dict[str, dict[str, Any]] = {
    "lost": {"when": "cancel", "do": "drop_request"},
    "unanswered": {"when": "cancel", "do": "drop_response"},
    "refused": {"when": "cancel", "do": "refuse", "code": 21104},
    "late": {"when": "cancel", "do": "delay", "s": 7.0, "is_processed": False},
    "broken": {"when": "cancel", "do": "reset"},
}


@pytest.mark.parametrize("fault", CANCEL_FAULTS)
@pytest.mark.parametrize("skips", [True, False])
def test_a_cancel_that_fails_on_its_own_key_is_looked_at_and_asked_for_again(
    fault: str, skips: bool
) -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(8)
        fate = await stand.venue.order_fate("eth", ONE)
        if ONE in stand.resting():
            assert fate.kind == ACCEPTED
            assert OUTCOME_UNKNOWN in stand.heard(ONE)
            stand.venue.cancel("eth", ONE)
            await asyncio.sleep(1)
        assert stand.heard(ONE)[-1] == CANCELLED
        assert stand.resting() == set()

    manner = Manner(skips_nonces=skips)
    stand = trading(act, CANCEL_FAULTS[fault], has_cancel_key=True, manner=manner)
    assert stand.cancels is not None
    assert {tx.wanted.kind for tx in stand.cancels.signed} == {CANCEL}


def test_where_the_key_of_cancels_is_not_taken_the_key_of_orders_cancels() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, OUTCOME_UNKNOWN]
        with pytest.raises(VenueError, match="21109"):
            stand.place(2)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(1)
        assert stand.heard(ONE)[-1] == CANCELLED

    stand = trading(act, {"when": "cancel", "do": "refuse", "code": 21109}, has_cancel_key=True)
    assert keys(stand) == [("create", KEY), ("cancel", KEY)]
