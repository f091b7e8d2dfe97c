"""A token is renewed before it ends, and the channels are asked for with the next one in time."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from connectors.lighter.adapter import Holder
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED
from tests import virtual
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.house import House, serve_blocks, stopped
from tests.connectors.memory import Peer
from tests.virtual import START_NS, VirtualClock

HOUR_S = 3600


class Keys:
    """A `Signer` that fails so many times first."""

    def __init__(self, failures: int = 0, fails_first: bool = False) -> None:
        self.expiries_s: list[int] = []
        self.failures = failures
        self.fails_first = fails_first

    async def auth_token(self, expires_s: int) -> str:
        """Return a token, or raise."""
        if self.failures and (self.expiries_s or self.fails_first):
            self.failures -= 1
            raise VenueError("the signer is busy")
        self.expiries_s.append(expires_s - START_NS // 1_000_000_000)
        return f"token {len(self.expiries_s)}"


def live(
    act: Callable[[House], Coroutine[Any, Any, None]], keys: Keys, serving: Any = serve_blocks
) -> House:
    async def main(clock: VirtualClock) -> House:
        house = House(clock, serving, holder=Holder(said.ACCOUNT, keys))
        task = house.start()
        await asyncio.sleep(1)
        await act(house)
        await stopped(task)
        return house

    return virtual.run(main)


def tokens_of(peer: Peer) -> set[str]:
    """Return the tokens that a connection's subscriptions came with."""
    asked = [json.loads(frame) for frame in peer.heard]
    return {each["auth"] for each in asked if "auth" in each}


def test_the_next_connection_takes_over_with_the_next_token_and_nothing_is_lost() -> None:
    async def act(house: House) -> None:
        await asyncio.sleep(7 * HOUR_S - 15 * 60 - 10)
        house.account_peers[-1].say(said.orders("update", said.order_row(2176)))
        await asyncio.sleep(20)
        house.account_peers[-1].say(said.orders("update", said.order_row(4352)))
        await asyncio.sleep(10)

    keys = Keys()
    house = live(act, keys)
    own = [peer for peer in house.memory.peers if tokens_of(peer)]
    assert [tokens_of(peer) for peer in own] == [{"token 1"}, {"token 2"}]
    assert len([frame for frame in own[0].heard if b"account_" in frame]) == 5
    assert own[0].was_closed_by_client
    assert keys.expiries_s[0] == 7 * HOUR_S
    sink = house.sinks["btc"]
    assert [row[:2] for row in sink.account] == [(ACCEPTED, 2176), (ACCEPTED, 4352)]
    assert sink.links == [False, True]


def test_a_signer_that_fails_is_asked_again_while_the_token_still_lasts() -> None:
    async def act(house: House) -> None:
        await asyncio.sleep(7 * HOUR_S)

    keys = Keys(failures=3)
    house = live(act, keys)
    assert len(keys.expiries_s) == 2
    assert house.told.count(": lighter: no token: the signer is busy") == 3
    assert house.sinks["btc"].links == [False, True]


def test_a_refusal_on_the_accounts_stream_renews_the_token_at_most_once_a_minute() -> None:
    async def act(house: House) -> None:
        peer = house.account_peers[-1]
        for _ in range(3):
            peer.say(said.said(error={"code": 20001, "message": "invalid auth"}))
            await asyncio.sleep(10)
        await asyncio.sleep(40)

    keys = Keys()
    house = live(act, keys)
    assert len(keys.expiries_s) == 2
    assert house.told.count(": lighter: account: refused with 20001 invalid auth") == 3


def test_the_account_is_ready_only_when_each_of_its_channels_has_spoken() -> None:
    async def without_transactions(peer: Peer) -> None:
        task = asyncio.create_task(serve_blocks(peer))
        say = peer.say

        def filtered(*frames: bytes) -> None:
            say(*(frame for frame in frames if b"subscribed/account_tx" not in frame))

        peer.say = filtered  # type: ignore[method-assign]
        await task

    async def act(house: House) -> None:
        await asyncio.sleep(60)
        assert house.sinks["btc"].links == [False]

    house = live(act, Keys(), without_transactions)
    asked = [frame for frame in house.account_peers[-1].heard if b"account_tx" in frame]
    assert len(asked) > 1


def test_the_loss_of_the_accounts_stream_holds_every_market_and_no_book() -> None:
    async def act(house: House) -> None:
        rows = len(house.sinks["btc"].rows)
        house.account_peers[-1].hang_up()
        await asyncio.sleep(5)
        assert len(house.sinks["btc"].rows) == rows

    house = live(act, Keys())
    assert house.sinks["btc"].links == [False, True, False, True]
    assert house.sinks["eth"].links == [False, True, False, True]


def test_without_a_token_the_books_are_followed_and_every_market_is_held() -> None:
    async def act(house: House) -> None:
        assert house.sinks["btc"].links == [False]
        assert len(house.sinks["btc"].rows) > 0
        await asyncio.sleep(60)

    house = live(act, Keys(failures=3, fails_first=True))
    assert house.sinks["btc"].links == [False, True]
    assert house.told == [": lighter: the signer is busy"]
