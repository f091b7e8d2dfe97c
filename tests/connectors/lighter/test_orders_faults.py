"""Whatever goes wrong on the way, no order is lost, invented, doubled or called over too soon."""

import asyncio
import random
from typing import Any

import pytest

from connectors.lighter.manner import Manner
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


async def told_truly(stand: Trader, number: int, is_doubt_told: bool) -> None:
    """Hold what is told of an order against what is true of it. What never came may be told by a
    doubt, or only to who asks."""
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
        assert {REJECTED, CANCELLED, OUTCOME_UNKNOWN} & set(heard) or not is_doubt_told
    assert sum(kind in (REJECTED, CANCELLED, EXPIRED) for kind in heard) <= 1


async def absent_ones(stand: Trader) -> set[int]:
    """Return the orders that are told as absent."""
    ids = [2176 * number for number in range(1, 13)]
    return {i for i in ids if (await stand.venue.order_fate("eth", i)).kind == ABSENT}


def truly_told(fault: str, seed: int, **setup: Any) -> None:
    """Trade under a fault, and hold all that is told against what is true."""

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
            await told_truly(stand, number, setup.get("manner", Manner()).waits_for_answers)

    stand = trading(act, *FAULTS[fault], **setup)
    door = [signed.tx_hash for signed in stand.there.truth.of(Signed)]
    assert len(door) == len(set(door))
    signed = stand.signer.signed + (stand.cancels.signed if stand.cancels else [])
    assert set(door) <= {tx.tx_hash for tx in signed}
    creates = [tx.wanted for tx in stand.signer.signed if tx.wanted.kind == 14]
    assert len(creates) == len({create.fields()["ClientOrderIndex"] for create in creates})


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("fault", FAULTS)
def test_every_order_is_told_as_what_it_is(fault: str, seed: int) -> None:
    truly_told(fault, seed)


MANNERS: dict[str, dict[str, Any]] = {
    "contiguous": {"manner": Manner(skips_nonces=False)},
    "two keys": {"has_cancel_key": True},
    "two contiguous keys": {"has_cancel_key": True, "manner": Manner(skips_nonces=False)},
    "signed ahead": {"has_cancel_key": True, "manner": Manner(signs_ahead=True)},
    "without waiting": {"manner": Manner(waits_for_answers=False)},
}


HARD = (
    "a lost request",
    "lost answers",
    "a request that arrives late",
    "a broken connection",
    "a nonce taken back",
    "a refused cancel",
    "a lost cancel",
    "a half-open connection",
)


@pytest.mark.slow
@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("fault", HARD)
def test_so_it_is_in_every_manner(fault: str, manner: str) -> None:
    truly_told(fault, 2, **MANNERS[manner])
