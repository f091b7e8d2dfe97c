"""A resting order gets other terms in place, and what is told of them is what is true there."""

import asyncio
import random
from typing import Any

import pytest

from connectors.model.account import Fate
from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    CANCELLED,
    EXPIRED,
    FILLED,
)
from tests.connectors.lighter.trader import FAR, NEAR, Trader, trading
from tests.venues.lighter.faults.hands import fill
from tests.venues.lighter.keys import ACCOUNT

AMENDS = (AMENDED, AMEND_REJECTED, AMEND_UNKNOWN)
ONE = 2176


async def rests(stand: Trader) -> None:
    """Place an order and let it rest."""
    stand.place(1)
    await asyncio.sleep(1)
    assert stand.heard(ONE) == [ACCEPTED]


def test_an_amended_order_has_its_new_terms() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.amend(1, FAR - 50, 2_000)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, AMENDED]
        assert stand.told_terms(1, AMENDED) == [(FAR - 50, 2_000)] == [stand.terms(1)]
        await asyncio.sleep(11)
        fate = await stand.venue.order_fate("eth", ONE)
        assert fate == Fate(ACCEPTED, 0, FAR - 50, 2_000)

    stand = trading(act, verify="all")
    assert [kind for kind, _, _ in stand.at_door()] == ["create", "modify"]


def test_terms_are_not_told_while_they_may_change() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        assert await stand.venue.order_fate("eth", ONE) == Fate(ACCEPTED, 0, FAR, 1_000)
        stand.amend(1, FAR - 50)
        assert await stand.venue.order_fate("eth", ONE) == Fate(ACCEPTED, 0)

    trading(act, {"when": "execute.modify", "do": "hold", "s": 5.0})


def test_an_amend_to_what_has_been_filled_ends_the_order() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        order = stand.there.exchange.accounts[ACCOUNT].by_client[ONE]
        stand.there.round(lambda: fill(stand.there.exchange, order, 600))
        await asyncio.sleep(1)
        stand.amend(1, FAR - 50, 500)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, FILLED, AMENDED]
        assert [lots for _, lots in stand.told_terms(1, AMENDED)] == [600]
        assert stand.resting() == set()

    trading(act)


def test_an_amend_that_would_take_ends_a_post_only_order() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.amend(1, NEAR)
        await asyncio.sleep(1)
        assert stand.heard(ONE)[-1] == EXPIRED
        assert stand.resting() == set()

    trading(act, has_crowd=True)


def test_a_cancel_overtakes_an_amend_that_has_not_left() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.amend(1, FAR - 50)
        stand.venue.cancel("eth", ONE)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, AMEND_REJECTED, CANCELLED]

    stand = trading(act)
    assert [kind for kind, _, _ in stand.at_door()] == ["create", "cancel"]


@pytest.mark.parametrize(("code", "meaning"), [(21733, Refusal.PRICE_BAND), (21715, 12)])
def test_a_refused_amend_leaves_the_order_as_it_was(code: int, meaning: int) -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.amend(1, FAR - 50)
        await asyncio.sleep(12)
        assert stand.told_terms(1, AMEND_REJECTED) == [(FAR - 50, 1_000)]
        assert stand.sinks["eth"].account[-1][5] == meaning
        assert await stand.venue.order_fate("eth", ONE) == Fate(ACCEPTED, 0, FAR, 1_000)
        stand.amend(1, FAR - 60)
        await asyncio.sleep(1)
        assert stand.terms(1) == (FAR - 60, 1_000)

    trading(act, {"when": "modify", "do": "refuse", "code": code})


def test_an_amend_of_what_is_gone_is_refused() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.there.round(
            lambda: stand.there.exchange.end(
                stand.there.exchange.accounts[ACCOUNT].by_client[ONE], "canceled"
            )
        )
        stand.amend(1, FAR - 50)
        await asyncio.sleep(1)
        assert stand.heard(ONE) == [ACCEPTED, CANCELLED, AMEND_REJECTED]

    trading(act)


def test_an_amend_that_is_lost_is_doubted_and_then_proven_never_to_come() -> None:
    async def act(stand: Trader) -> None:
        await rests(stand)
        stand.amend(1, FAR - 50)
        await asyncio.sleep(6)
        assert stand.heard(ONE) == [ACCEPTED, AMEND_UNKNOWN]
        for _ in range(10):
            fate = await stand.venue.order_fate("eth", ONE)
            await asyncio.sleep(2)
        assert fate == Fate(ACCEPTED, 0, FAR, 1_000)
        assert stand.heard(ONE) == [ACCEPTED, AMEND_UNKNOWN, AMEND_REJECTED]
        await asyncio.sleep(60)
        assert stand.terms(1) == (FAR, 1_000)

    trading(act, {"when": "modify", "do": "delay", "s": 60.0, "is_processed": False})


FAULTS: dict[str, dict[str, Any]] = {
    "a lost request": {"when": "modify", "nth": 2, "do": "drop_request"},
    "lost answers": {"when": "modify", "nth": 2, "times": 2, "do": "drop_response"},
    "a late request": {
        "when": "modify",
        "nth": 2,
        "do": "delay",
        "s": 7.0,
        "is_processed": False,
    },
    "a late answer": {"when": "modify", "nth": 2, "do": "delay", "s": 7.0},
    "a broken connection": {"when": "modify", "nth": 2, "do": "reset"},
    "a gateway's page": {"when": "modify", "nth": 2, "do": "http", "status": 502, "text": "<p>"},
    "an internal error": {"when": "modify", "nth": 2, "do": "refuse", "code": 29500},
    "one that vanishes": {"when": "execute.modify", "nth": 2, "do": "vanish"},
    "one held back": {"when": "execute.modify", "nth": 2, "do": "hold", "s": 9.0},
    "a fill on the way": {
        "when": "execute.modify",
        "nth": 2,
        "do": "fill_during_modify",
        "frac": 0.3,
    },
    "a connection that closes": {"at_s": 3.0, "do": "close", "code": 1001},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_terms_are_told_as_what_they_are(fault: str) -> None:
    """Each amend is asked for once the one before it is proven, as the contract wants."""

    async def act(stand: Trader) -> None:
        chance = random.Random(7)
        await rests(stand)
        for step in range(1, 6):
            if ONE not in stand.resting():
                break
            wanted = (FAR - step, 1_000 + step)
            before = len(stand.heard(ONE))
            stand.amend(1, *wanted)
            await asyncio.sleep(chance.choice((1.0, 6.0)))
            for _ in range(20):
                told = [kind for kind in stand.heard(ONE)[before:] if kind in AMENDS]
                fate = await stand.venue.order_fate("eth", ONE)
                if fate.lots:
                    assert (fate.ticks, fate.lots) == stand.terms(1)
                    break
                await asyncio.sleep(2)
            assert told
            assert (AMENDED in told) == (stand.terms(1) == wanted)
            assert not {AMENDED, AMEND_REJECTED} <= set(told)

    trading(act, FAULTS[fault])
