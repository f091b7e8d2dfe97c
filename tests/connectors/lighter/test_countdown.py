"""The account's scheduled cancel-all is believed only as the venue tells it."""

import asyncio
from typing import Any

import pytest

from connectors.lighter.budgets import READ
from connectors.lighter.countdown import LighterCountdown
from connectors.lighter.trading import countdown_of
from connectors.model.errors import VenueError
from connectors.model.events import CANCELLED
from connectors.pacing import Kind
from tests.connectors.lighter.trader import Trader, trading
from tests.support import MS, SECOND_NS
from tests.venues.common.truth import Passed
from tests.venues.lighter.keys import ACCOUNT

LASTS_S = 300


def countdown(stand: Trader) -> LighterCountdown:
    return countdown_of(stand.network, stand.orders, stand.signer, LASTS_S)


def truly_ns(stand: Trader) -> int:
    """Return when the venue would cancel."""
    return stand.there.exchange.accounts[ACCOUNT].cancel_all_ms * MS


def kinds(stand: Trader) -> list[tuple[str, int]]:
    return [(kind, code) for kind, _, code in stand.at_door()]


def test_it_begins_is_renewed_and_ends_as_the_account_says() -> None:
    told: list[int] = []
    true: list[int] = []

    async def act(stand: Trader) -> None:
        its = countdown(stand)
        for step in (its.renew, its.due_ns, its.renew, its.disarm, its.disarm):
            told.append(await step())
            true.append(truly_ns(stand))

    stand = trading(act)
    assert told == true
    first, again, renewed, *off = told
    assert first == again > 0
    assert 0 < renewed - first < 20 * SECOND_NS
    assert off == [0, 0]
    assert kinds(stand) == [("cancel_all", 200)] * 4
    assert [fact.operation for fact in stand.there.truth.of(Passed)].count("batch") == 1
    assert stand.told == []


def test_a_clean_end_is_proven_when_all_other_reads_are_spent() -> None:
    async def act(stand: Trader) -> None:
        its = countdown(stand)
        assert await its.renew() > 0
        one = stand.place(1)
        await asyncio.sleep(1)
        while not stand.network.budgets.reads.try_take(READ, Kind.READ, stand.clock.now_ns()):
            pass
        begun_ns = stand.clock.now_ns()
        stand.venue.hurry()
        stand.venue.cancel("eth", one)
        await asyncio.sleep(1)
        assert (await stand.venue.order_fate("eth", one)).kind == CANCELLED
        assert await its.disarm() == truly_ns(stand) == 0
        assert stand.clock.now_ns() - begun_ns < 4 * SECOND_NS

    trading(act)


@pytest.mark.parametrize(
    ("fault", "is_renewed"),
    [
        ({"do": "refuse", "code": 21712}, False),
        ({"do": "too_many"}, False),
        ({"do": "drop_request"}, False),
        ({"do": "drop_response"}, True),
        ({"do": "delay", "s": 4.0}, True),
        ({"do": "http", "status": 502, "text": "<html>"}, False),
    ],
)
def test_a_renewal_is_what_the_account_says_whatever_the_answer_was(
    fault: dict[str, Any], is_renewed: bool
) -> None:
    told: list[int] = []
    true: list[int] = []

    async def act(stand: Trader) -> None:
        its = countdown(stand)
        for _ in range(2):
            told.append(await its.renew())
            true.append(truly_ns(stand))

    trading(act, {"when": "cancel_all", "nth": 2, **fault})
    assert told == true
    assert (told[1] > told[0]) == is_renewed
    assert told[1] >= told[0] > 0


def test_one_that_runs_out_is_read_as_none() -> None:
    told: list[int] = []

    async def act(stand: Trader) -> None:
        its = countdown(stand)
        stand.place(1)
        await its.renew()
        assert len(stand.resting()) == 1
        stand.there.exchange.accounts[ACCOUNT].cancel_all_ms = 1
        await asyncio.sleep(2)
        told.append(await its.due_ns())

    stand = trading(act)
    assert told == [0]
    assert stand.resting() == set()


def test_a_venue_that_does_not_say_leaves_nothing_assumed() -> None:
    async def act(stand: Trader) -> None:
        with pytest.raises(VenueError):
            await countdown(stand).due_ns()

    trading(act, {"when": "account", "times": 20, "do": "http", "status": 502, "text": "<html>"})


def test_nothing_is_sent_before_anything_can_be() -> None:
    async def act(stand: Trader) -> None:
        stand.orders._outcomes.reports = None
        with pytest.raises(VenueError, match="nothing can be sent yet"):
            await countdown(stand).renew()

    assert kinds(trading(act)) == []
