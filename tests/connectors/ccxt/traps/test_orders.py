"""Orders: what plain ccxt calls success, failure or absence, and what is proven here."""

import asyncio
from decimal import Decimal

import ccxt
import pytest

from connectors.ccxt.bybit_safety import Safety
from connectors.model.errors import Refusal
from connectors.model.events import ACCEPTED, REJECTED
from tests.connectors.ccxt.bybit_trader import OVER_HTTP, Trader, trading
from tests.connectors.ccxt.standing import NEAR
from tests.connectors.ccxt.traps.plain import SYMBOL, Plain, using
from tests.venues.bybit.keys import UID

POST_ONLY = {"timeInForce": "PostOnly"}


def test_plain_ccxt_calls_a_refused_post_only_order_created_and_then_cancelled() -> None:
    async def act(stand: Plain) -> None:
        watching = asyncio.ensure_future(stand.exchange.watch_orders())
        await asyncio.sleep(1)
        make = stand.exchange.create_order
        made = await make(SYMBOL, "limit", "buy", 0.1, 3010, POST_ONLY)
        assert made["id"]
        (told,) = await asyncio.wait_for(watching, 15)
        assert (told["status"], told["filled"]) == ("canceled", 0.0)

    using(act, has_crowd=True)


def test_a_post_only_order_that_would_have_taken_is_told_as_refused_for_it_here() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1, NEAR)
        await asyncio.sleep(1)
        (row,) = [row for row in stand.sinks["eth"].account if row[1] == order]
        assert (row[0], row[5]) == (REJECTED, Refusal.POST_ONLY)

    trading(act, has_crowd=True)


LOST = {"do": "reset", "when": "create"}


def test_plain_ccxt_tried_again_on_a_network_error_makes_two_orders() -> None:
    async def act(stand: Plain) -> None:
        make = stand.exchange.create_order
        with pytest.raises(ccxt.NetworkError):
            await make(SYMBOL, "limit", "buy", 0.1, 2900, POST_ONLY)
        await make(SYMBOL, "limit", "buy", 0.1, 2900, POST_ONLY)
        await asyncio.sleep(1)
        assert stand.resting() == 2

    using(act, LOST)


def test_an_order_whose_answer_was_lost_is_one_order_here_and_is_found() -> None:
    async def act(stand: Trader) -> None:
        order = stand.place(1)
        await asyncio.sleep(20)
        assert len(stand.there.exchange.accounts[UID].live_orders("ETHUSDT")) == 1
        assert (await stand.venue.order_fate("eth", order)).kind == ACCEPTED

    trading(act, LOST, terms=OVER_HTTP)


def test_plain_ccxt_raises_on_a_leverage_that_is_set_already() -> None:
    async def act(stand: Plain) -> None:
        await stand.exchange.set_leverage(5, SYMBOL)
        with pytest.raises(ccxt.BadRequest):
            await stand.exchange.set_leverage(5, SYMBOL)

    using(act)


def test_a_leverage_that_is_set_already_is_no_error_here() -> None:
    async def before(stand: Trader) -> None:
        stand.there.exchange.accounts[UID].leverage_1e2["ETHUSDT"] = (500, 500)

    async def act(stand: Trader) -> None:
        assert stand.sinks["eth"].links[-1] is True

    trading(act, before=before, safety=Safety(leverage=Decimal(5)))
