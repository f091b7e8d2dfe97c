"""Cancels that are signed ahead leave at once, and never with a nonce that is void."""

import asyncio
import random

import pytest

from connectors.lighter.manner import Manner
from connectors.model.events import ACCEPTED, CANCELLED, REJECTED
from tests.connectors.lighter.trader import CANCEL_KEY, Trader, trading
from tests.venues.common.truth import Signed

AHEAD = Manner(signs_ahead=True)


def signed(stand: Trader) -> list[int]:
    """Return the nonces of all that the key of cancels has signed."""
    assert stand.cancels is not None
    return [tx.nonce for tx in stand.cancels.signed]


def used(stand: Trader) -> list[tuple[int, int]]:
    """Return nonce and code of what the key of cancels has brought to the door."""
    return [(s.nonce, s.code) for s in stand.there.truth.of(Signed) if s.key == CANCEL_KEY]


def test_a_resting_order_is_cancelled_by_what_was_signed_before() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(1)
        before = signed(stand)
        assert len(before) == 1
        stand.venue.cancel("eth", one)
        await asyncio.sleep(1)
        assert stand.heard(one) == [ACCEPTED, CANCELLED]
        assert signed(stand) == before

    trading(act, has_cancel_key=True, manner=AHEAD, verify="all")


def test_what_a_higher_nonce_has_made_void_is_signed_again() -> None:
    async def act(stand: Trader) -> None:
        ids = [stand.place(number) for number in (1, 2, 3)]
        await asyncio.sleep(1)
        assert len(signed(stand)) == 3
        stand.venue.cancel("eth", ids[2])
        await asyncio.sleep(1)
        assert len(signed(stand)) == 5
        for client_id in ids[:2]:
            stand.venue.cancel("eth", client_id)
        await asyncio.sleep(1)
        assert len(signed(stand)) == 5
        assert stand.resting() == set()

    stand = trading(act, has_cancel_key=True, manner=AHEAD)
    assert [code for _, code in used(stand)] == [200] * 3


def test_what_is_about_to_expire_is_signed_again() -> None:
    async def act(stand: Trader) -> None:
        one = stand.place(1)
        await asyncio.sleep(355)
        assert len(signed(stand)) == 1
        stand.venue.cancel("eth", one)
        await asyncio.sleep(1)
        assert stand.heard(one)[-1] == CANCELLED

    trading(act, has_cancel_key=True, manner=AHEAD)


def test_nothing_is_signed_for_orders_that_have_ended() -> None:
    async def act(stand: Trader) -> None:
        stand.place(1)
        await asyncio.sleep(1)
        stand.there.round(stand.end_all)
        await asyncio.sleep(1)
        two, three = stand.place(2), stand.place(3)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", three)
        await asyncio.sleep(1)
        assert len(signed(stand)) == 4
        assert stand.resting() == {two}

    trading(act, has_cancel_key=True, manner=AHEAD)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_placed_and_cancelled_no_void_cancel_leaves(seed: int) -> None:
    async def act(stand: Trader) -> None:
        chance = random.Random(seed)
        live: list[int] = []
        for number in range(1, 40):
            live.append(stand.place(number))
            await asyncio.sleep(chance.choice((0.0, 0.01, 0.5)))
            while live and chance.random() < 0.5:
                stand.venue.cancel("eth", live.pop(chance.randrange(len(live))))
            await asyncio.sleep(chance.choice((0.0, 0.002, 1.0, 8.0)))
        await asyncio.sleep(1)
        assert stand.resting() == {i for i in live if REJECTED not in stand.heard(i)}

    stand = trading(act, tier="premium", has_cancel_key=True, manner=AHEAD)
    assert {code for _, code in used(stand)} == {200}
    nonces = [nonce for nonce, _ in used(stand)]
    assert nonces == sorted(set(nonces))
