"""The account's stream is held against what is read, and its money is followed."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.hearing import HEARD_WITHIN_MS, Hearing
from connectors.ccxt.private_feed import is_near_liquidation
from connectors.ccxt.words import OwnWallet
from tests.connectors.ccxt.bybit_trader import Trader, trading
from tests.venues.bybit.scenario import step_of
from tests.venues.common.truth import Connected


def connections(stand: Trader) -> int:
    """Return how many connections were made."""
    return len(stand.there.truth.of(Connected))


def play(stand: Trader, name: str, **words: object) -> None:
    """Do something at the venue, now."""
    stand.there.play(step_of({"do": name, **words}))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 20_000))
def test_only_what_was_told_long_ago_has_to_be_known(
    since_ms: int, changed_ms: int, now_ms: int
) -> None:
    told: list[str] = []
    hearing = Hearing(since_ms, lambda: told.append("deaf"))
    hearing.compare(changed_ms, True, now_ms)
    assert told == []
    hearing.compare(changed_ms, False, now_ms)
    is_old = since_ms + HEARD_WITHIN_MS < changed_ms < now_ms - HEARD_WITHIN_MS
    assert bool(told) == is_old
    hearing.compare(changed_ms, False, now_ms)
    assert len(told) <= 1


def test_a_stream_that_tells_no_position_is_opened_anew() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(6)
        stand.place(1)
        await asyncio.sleep(1)
        before = connections(stand)
        play(stand, "silence", stream="account")
        play(stand, "fill_ours", market="ETHUSDT")
        await asyncio.sleep(2)
        await stand.venue.standing("eth")
        assert connections(stand) == before
        await asyncio.sleep(3)
        await stand.venue.standing("eth")
        await asyncio.sleep(2)
        assert connections(stand) == before + 1
        position = stand.venue.position("eth")
        assert position is not None
        assert position.size == "0.10"
        assert stand.sinks["eth"].links[-2:] == [False, True]

    trading(act)


def test_a_stream_that_tells_no_order_is_opened_anew() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(6)
        before = connections(stand)
        play(stand, "silence", stream="account")
        order = stand.place(1)
        await asyncio.sleep(5)
        await stand.venue.order_fate("eth", order)
        await asyncio.sleep(2)
        assert connections(stand) == before + 1

    trading(act)


def test_a_stream_that_tells_everything_stays() -> None:
    async def act(stand: Trader) -> None:
        before = connections(stand)
        for number in range(1, 4):
            order = stand.place(number)
            await asyncio.sleep(5)
            play(stand, "fill_ours", market="ETHUSDT")
            await asyncio.sleep(5)
            await stand.venue.standing("eth")
            await stand.venue.order_fate("eth", order)
        assert connections(stand) == before

    trading(act)


def test_the_wallet_is_read_once_and_then_told() -> None:
    async def act(stand: Trader) -> None:
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.equity == wallet.balances["USDT"] == Decimal(100_000)
        stand.place(1)
        await asyncio.sleep(1)
        play(stand, "fill_ours", market="ETHUSDT")
        await asyncio.sleep(1)
        wallet = stand.venue.wallet
        assert wallet is not None
        assert wallet.balances["USDT"] < Decimal(100_000)
        assert wallet.maintenance is not None
        assert wallet.maintenance > 0

    trading(act)


def test_a_wallet_that_cannot_be_read_holds_nothing_up() -> None:
    async def act(stand: Trader) -> None:
        await asyncio.sleep(22)
        assert stand.venue.wallet is None
        assert stand.sinks["eth"].links == [False, True]
        assert any("wallet" in line for line in stand.told)

    shut = {"when": "balance", "times": 1000, "do": "http", "status": 503}
    trading(act, shut, has_crowd=True)


@pytest.mark.parametrize(
    ("equity", "maintenance", "is_near"),
    [("100", "69", False), ("100", "70", True), ("-5", "1", True), (None, "9", False)],
)
def test_a_person_is_told_before_positions_are_liquidated(
    equity: str | None, maintenance: str, is_near: bool
) -> None:
    worth = None if equity is None else Decimal(equity)
    wallet = OwnWallet(worth, None, Decimal(maintenance), {})
    assert is_near_liquidation(wallet) is is_near
