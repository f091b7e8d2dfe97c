"""What a former process may have sent is proven by nonces: soon, and never against the truth."""

import asyncio
from urllib.parse import urlencode

import pytest

from connectors.calls import Request
from connectors.lighter.manner import Manner
from connectors.lighter.nonces import AHEAD
from connectors.lighter.transactions import POST_ONLY_TIF, Create
from connectors.model.account import ABSENT
from connectors.model.events import ACCEPTED, OUTCOME_UNKNOWN, REJECTED
from connectors.numbered import Bound
from tests.connectors.lighter.trader import CANCEL_KEY, FAR, KEY, PlainTxSigner, Trader, trading

ORDER = 2176
LOOKS = 20
LOOK_S = 2.0


async def arrive(stand: Trader, nonce: int, after_s: float) -> None:
    """Let an order arrive that a former process has signed with the same key."""
    now_ms = stand.clock.now_ns() // 1_000_000
    wanted = Create(0, ORDER, 1_000, FAR, False, POST_ONLY_TIF, False, now_ms + 360_000)
    (tx,) = await PlainTxSigner(stand.clock).sign([wanted], nonce)
    await asyncio.sleep(after_s)
    words = {"tx_type": str(wanted.kind), "tx_info": tx.info}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{stand.network.terms.rest_url.rstrip('/')}/api/v1/sendTx"
    await stand.way.send(Request("POST", url, form, urlencode(words).encode()))


@pytest.mark.parametrize("key_index", [KEY, CANCEL_KEY])
@pytest.mark.parametrize("after_s", [0.0, 0.9, 2.5, 5.0, 11.0, 12.5, 30.0])
def test_an_order_that_may_still_come_is_absent_only_if_it_never_will_be_there(
    after_s: float, key_index: int
) -> None:
    async def act(stand: Trader) -> None:
        nonce_below = stand.clock.now_ns() // 1_000_000 + AHEAD
        stand.venue.recall({ORDER: Bound(key_index, nonce_below)})
        late = asyncio.create_task(arrive(stand, nonce_below - 1, after_s))
        kinds = []
        for _ in range(LOOKS):
            kinds.append((await stand.venue.order_fate("eth", ORDER)).kind)
            await asyncio.sleep(LOOK_S)
        await late
        if ORDER in stand.known():
            assert ABSENT not in kinds
            assert kinds[-1] == ACCEPTED
        elif key_index == KEY:
            assert kinds[-1] == ABSENT
        else:
            assert set(kinds) == {OUTCOME_UNKNOWN}

    trading(act)


def test_a_new_process_begins_above_what_a_former_one_has_promised() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.recall({ORDER: Bound(KEY, 1 << 46), 2 * ORDER: Bound(CANCEL_KEY, 1 << 45)})
        stand.place(7)
        await asyncio.sleep(1)
        assert stand.signer.signed[-1].nonce == 1 << 46

    trading(act)


def test_contiguous_nonces_leave_none_out_for_a_former_order() -> None:
    async def act(stand: Trader) -> None:
        stand.venue.recall({ORDER: Bound(KEY, AHEAD)})
        stand.place(7)
        await asyncio.sleep(1)
        assert stand.signer.signed[-1].nonce < AHEAD
        assert (await stand.venue.order_fate("eth", ORDER)).kind == OUTCOME_UNKNOWN

    trading(act, manner=Manner(skips_nonces=False))


def test_an_order_that_cannot_keep_its_promise_is_refused() -> None:
    async def act(stand: Trader) -> None:
        bound = stand.venue.bound(ORDER)
        assert bound is not None
        stand.venue.recall({2 * ORDER: Bound(KEY, bound.nonce_below)})
        stand.place(1)
        stand.place(2)
        await asyncio.sleep(1)
        assert stand.heard(ORDER) == [REJECTED]
        assert stand.resting() == {2 * ORDER}

    trading(act)


def test_the_nonce_of_an_order_is_below_what_was_promised() -> None:
    async def act(stand: Trader) -> None:
        for number in range(1, 6):
            bound = stand.venue.bound(ORDER * number)
            stand.place(number)
            await asyncio.sleep(0.1)
            assert bound is not None
            assert bound.key_index == KEY
            assert stand.signer.signed[-1].nonce < bound.nonce_below

    trading(act)
