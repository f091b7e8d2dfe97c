"""Whatever goes wrong on the way, no order is lost, invented, doubled or called over too soon."""

import asyncio
import random
from typing import Any

import pytest

from connectors.model.account import ABSENT
from connectors.model.events import ACCEPTED, CANCELLED, EXPIRED, OUTCOME_UNKNOWN, REJECTED
from tests.connectors.lighter.trader import Trader, trading
from tests.venues.common.truth import Signed

CREATE: dict[str, Any] = {"when": "place", "nth": 3}
CANCEL: dict[str, Any] = {"when": "cancel", "nth": 2}
FAULTS: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "a lost request": [{**CREATE, "do": "drop_request"}],
    "lost answers": [{**CREATE, "times": 3, "do": "drop_response"}],
    "a late answer": [{**CREATE, "do": "delay", "s": 7.0}],
    "a request that arrives late": [{**CREATE, "do": "delay", "s": 7.0, "is_processed": False}],
    "a last request that arrives very late": [
        {"when": "place", "nth": 12, "do": "delay", "s": 60.0, "is_processed": False}
    ],
    "a broken connection": [{**CREATE, "do": "reset"}],
    "a gateway's page": [{**CREATE, "do": "http", "status": 502, "text": "<html>"}],
    "an internal error": [{**CREATE, "do": "refuse", "code": 29500, "status": 500}],
    "too many requests": [{**CREATE, "do": "too_many"}],
    "a bare error": [{**CREATE, "do": "bare_error", "code": 21104}],
    "a vanished order": [{"when": "execute.create", "nth": 3, "do": "vanish"}],
    "a late refusal": [{"when": "execute.create", "nth": 3, "do": "refuse_later"}],
    "an order held back": [{"when": "execute.create", "nth": 3, "do": "hold", "s": 30.0}],
    "a nonce taken back": [{"when": "execute.create", "nth": 3, "do": "lose_nonce"}],
    "a refused cancel": [{**CANCEL, "do": "refuse", "code": 21104}],
    "a lost cancel": [{**CANCEL, "do": "drop_request"}],
    "a lost answer to a cancel": [{**CANCEL, "do": "drop_response"}],
    "a connection that closes": [{"at_s": 3.0, "do": "close", "code": 1001}],
    "a half-open connection": [{"at_s": 3.0, "do": "half_open"}],
    "a shutdown that is announced": [{"at_s": 3.0, "do": "shutdown_notice", "ms": 3000}],
}


async def busy(stand: Trader, seed: int) -> None:
    """Place and cancel for a while."""
    chance = random.Random(seed)
    for number in range(1, 13):
        client_id = stand.place(number)
        await asyncio.sleep(chance.choice((0.0, 0.05, 0.5, 1.0)))
        if chance.random() < 0.5:
            stand.venue.cancel("eth", client_id)
        await asyncio.sleep(chance.choice((0.0, 0.3)))


async def told_truly(stand: Trader, number: int) -> None:
    """Hold what is told of an order against what is true of it."""
    client_id = 2176 * number
    heard = stand.heard(client_id)
    fate = await stand.venue.order_fate("eth", client_id)
    if client_id in stand.resting():
        assert fate.kind == ACCEPTED
        assert not {REJECTED, CANCELLED} & set(heard)
    elif client_id in stand.known():
        assert fate.kind in (CANCELLED, REJECTED, EXPIRED)
        assert heard
    else:
        assert fate.kind == ABSENT
        assert ACCEPTED not in heard
        assert {REJECTED, CANCELLED, OUTCOME_UNKNOWN} & set(heard)
    assert sum(kind in (REJECTED, CANCELLED, EXPIRED) for kind in heard) <= 1


async def absent_ones(stand: Trader) -> set[int]:
    """Return the orders that are told as absent."""
    ids = [2176 * number for number in range(1, 13)]
    return {i for i in ids if (await stand.venue.order_fate("eth", i)).kind == ABSENT}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("fault", FAULTS)
def test_every_order_is_told_as_what_it_is(fault: str, seed: int) -> None:
    async def act(stand: Trader) -> None:
        await busy(stand, seed)
        await asyncio.sleep(20)
        absent = await absent_ones(stand)
        await asyncio.sleep(60)
        live = stand.resting()
        if "half" not in fault:
            assert all(ACCEPTED in stand.heard(client_id) for client_id in live)
        await asyncio.sleep(220)
        absent |= await absent_ones(stand)
        assert not absent & stand.known()
        assert stand.resting() == live
        await asyncio.sleep(345)
        for number in range(1, 13):
            await told_truly(stand, number)

    stand = trading(act, *FAULTS[fault])
    door = [signed.tx_hash for signed in stand.there.truth.of(Signed)]
    assert len(door) == len(set(door))
    assert len(door) <= len(stand.signer.signed)
    creates = [tx.wanted for tx in stand.signer.signed if tx.wanted.kind == 14]
    assert len(creates) == len({create.fields()["ClientOrderIndex"] for create in creates})
