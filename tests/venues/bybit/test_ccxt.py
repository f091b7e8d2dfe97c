"""The real ccxt class, unmodified but for its addresses, lives through a day at the stand-in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.stage.truth import Accepted, Amended, Ended, Traded
from tests.venues.bybit.exchanges import pointed, standing, trading
from tests.venues.bybit.venue import Venue

SYMBOL = "BTC/USDT:USDT"
LIMIT_S = 20.0
"""How long a test waits for what must come at once."""


def within(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test that must not wait for ever."""
    asyncio.run(asyncio.wait_for(test(), 3 * LIMIT_S))


async def until(ask: Callable[[], Awaitable[Any]], is_it: Callable[[Any], bool]) -> None:
    """Ask again and again until the answer is what is waited for."""
    async with asyncio.timeout(LIMIT_S):
        while not is_it(await ask()):
            continue


async def reads(exchange: Any) -> None:
    """Ask for all that a connector asks for."""
    markets = await exchange.load_markets()
    assert sorted(markets) == [SYMBOL, "ETH/USDT:USDT"]
    assert markets[SYMBOL]["precision"] == {"amount": 0.001, "price": 0.1}
    book = await exchange.fetch_order_book(SYMBOL)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert (await exchange.fetch_trading_fee(SYMBOL))["taker"] == 0.00055
    assert (await exchange.fetch_balance())["USDT"]["total"] == 100_000
    assert (await exchange.fetch_funding_rate(SYMBOL))["interval"] == "8h"
    tiers = await exchange.fetch_market_leverage_tiers(SYMBOL)
    assert tiers[0]["maxLeverage"] == 100
    for read in ("fetch_open_orders", "fetch_closed_orders", "fetch_my_trades", "fetch_trades"):
        assert isinstance(await getattr(exchange, read)(SYMBOL), list)
    assert await exchange.fetch_funding_history(SYMBOL) == []
    await exchange.set_leverage(5, SYMBOL)
    assert (await exchange.fetch_position(SYMBOL))["leverage"] == 5
    await exchange.cancel_all_orders_after(10_000)


def hears(venue: Venue, topic: str) -> Callable[[Any], bool]:
    """Return whether somebody hears a topic by now, whatever was asked meanwhile."""
    return lambda _: any(topic in session.topics for session in venue.sessions)


async def orders(exchange: Any, venue: Venue) -> None:
    """Rest, change and cancel, and be refused."""
    import ccxt

    bid = (await exchange.watch_order_book(SYMBOL))["bids"][0][0]
    watching = asyncio.create_task(exchange.watch_orders())
    await until(exchange.fetch_time, hears(venue, "order"))
    resting = (SYMBOL, "limit", "buy", 0.01, bid - 100)
    made = await exchange.create_order(*resting, {"postOnly": True, "clientOrderId": "11"})
    rows = await asyncio.wait_for(watching, LIMIT_S)
    assert (rows[-1]["status"], rows[-1]["clientOrderId"]) == ("open", "11")
    changing = asyncio.create_task(exchange.watch_orders())
    await exchange.edit_order(made["id"], SYMBOL, "limit", "buy", 0.02, bid - 200)
    assert (await asyncio.wait_for(changing, LIMIT_S))[-1]["amount"] == 0.02
    cancelling = asyncio.create_task(exchange.watch_orders())
    await exchange.cancel_order_ws(made["id"], SYMBOL)
    assert (await asyncio.wait_for(cancelling, LIMIT_S))[-1]["status"] == "canceled"
    with pytest.raises(ccxt.OrderNotFound):
        await exchange.cancel_order(made["id"], SYMBOL)
    with pytest.raises(ccxt.InvalidOrder):
        await exchange.create_order(*resting, {"clientOrderId": "11"})


async def fills(exchange: Any, venue: Venue) -> None:
    """Take, and hear of it on every stream and read."""
    watching = [
        asyncio.create_task(watch())
        for watch in (exchange.watch_my_trades, exchange.watch_balance, exchange.watch_positions)
    ]
    await until(exchange.fetch_time, hears(venue, "execution"))
    await until(exchange.fetch_time, hears(venue, "wallet"))
    made = await exchange.create_order_ws(SYMBOL, "market", "buy", 0.01)
    trades, balance, _ = await asyncio.wait_for(asyncio.gather(*watching), LIMIT_S)
    assert trades[-1]["order"] == made["id"]
    assert balance["USDT"]["total"] == pytest.approx(100_000 - trades[-1]["fee"]["cost"])
    (read,) = await exchange.fetch_my_trades(SYMBOL)
    assert (read["id"], read["fee"]["cost"]) == (trades[-1]["id"], trades[-1]["fee"]["cost"])
    assert (await exchange.fetch_position(SYMBOL))["contracts"] == 0.01
    assert len(await exchange.fetch_ledger()) == 1


async def keys(port: int) -> None:
    """Be refused with a wrong secret."""
    import ccxt

    async with trading(port, secret="wrong") as exchange:
        with pytest.raises(ccxt.AuthenticationError):
            await exchange.fetch_balance()


@pytest.mark.slow
def test_the_library_reads_trades_and_hears_of_it() -> None:
    async def test() -> None:
        async with standing() as (venue, port):
            async with trading(port) as exchange:
                await reads(exchange)
                await orders(exchange, venue)
                await fills(exchange, venue)
            await keys(port)
            truth = venue.truth
            assert len(truth.of(Accepted)) == 2
            assert [fact.lots for fact in truth.of(Amended)] == [20]
            assert [fact.client_id for fact in truth.of(Ended)] == [11]
            assert len(truth.of(Traded)) == 1

    within(test)


@pytest.mark.slow
def test_the_library_without_streams_reads_the_same_markets() -> None:
    async def test() -> None:
        async with standing() as (_, port):
            found = await asyncio.to_thread(_plain_markets, port)
            assert sorted(found) == [SYMBOL, "ETH/USDT:USDT"]

    within(test)


def _plain_markets(port: int) -> list[str]:
    import ccxt

    exchange = ccxt.bybit({"enableRateLimit": False})
    pointed(exchange, port)
    return list(exchange.load_markets())
