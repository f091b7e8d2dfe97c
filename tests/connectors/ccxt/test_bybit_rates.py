"""What Bybit says of its rates is heeded: nothing is sent before it will be taken."""

import asyncio
from collections.abc import Mapping

import pytest

from connectors.ccxt.bybit_rates import DOUBT_NS, Told, heed, told_of
from connectors.model.events import ACCEPTED, REJECTED
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, TERMS, Trader, trading
from tests.connectors.ccxt.standing import FAR

LEFT, RESET = "X-Bapi-Limit-Status", "X-Bapi-Limit-Reset-Timestamp"


@pytest.mark.parametrize("terms", [TERMS, OVER_HTTP], ids=["stream", "http"])
def test_orders_wait_until_the_venue_takes_them_again_and_cancels_do_not(terms: object) -> None:
    async def act(stand: Trader) -> None:
        rests = stand.place(1)
        await asyncio.sleep(1)
        stand.place(2, FAR - 1)
        await asyncio.sleep(1)
        early = stand.place(3, FAR - 2)
        stand.venue.cancel("eth", rests)
        await asyncio.sleep(1.5)
        assert stand.heard(early) == [REJECTED]
        assert stand.resting() == set()
        await asyncio.sleep(1)
        late = stand.place(4, FAR - 3)
        await asyncio.sleep(1)
        assert stand.heard(late) == [ACCEPTED]

    trading(act, {"when": "create", "nth": 2, "do": "too_many", "retry_after_s": 3.0}, terms=terms)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({LEFT: "9", RESET: "1700000000000"}, Told(9, 1_700_000_000_000)),
        ({LEFT.lower(): "0", RESET.lower(): "5"}, Told(0, 5)),
        ({LEFT: "0"}, None),
        ({LEFT: "-1", RESET: "5"}, None),
        ({LEFT: "0", RESET: "9" * 40}, None),
        ({}, None),
    ],
)
def test_headers_that_say_nothing_are_passed_over(
    headers: Mapping[str, object], told: Told | None
) -> None:
    assert told_of(headers) == told


def test_an_end_by_the_venues_clock_is_waited_for_with_the_doubt_of_both_clocks() -> None:
    async def act(stand: Trader) -> None:
        pacer = stand.network.budgets.places
        stand.network.skew_ms = 400
        until_ms = stand.clock.now_ns() // 1_000_000 + 2_400
        heed(stand.network, pacer, {LEFT: "0", RESET: str(until_ms)})
        silent_ns = pacer.scopes[0].silent_until_ns - stand.clock.now_ns()
        assert silent_ns == pytest.approx(2e9 + DOUBT_NS, abs=1e6)

    trading(act)


def test_an_end_that_is_far_away_holds_cancels_for_ten_seconds_only() -> None:
    async def act(stand: Trader) -> None:
        rests = stand.place(1)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", rests)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", rests)
        await asyncio.sleep(12)
        assert stand.resting() == set()

    trading(act, {"when": "cancel", "do": "too_many", "retry_after_s": 600.0})
