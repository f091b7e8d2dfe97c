"""What leaves for each venue is exactly what was meant, in its own words, and nobody else earns."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.calls import Refused
from connectors.ccxt import dialects
from connectors.ccxt.answers import Verdict
from connectors.ccxt.commands import Command
from connectors.ccxt.dialects import Dialect
from connectors.ccxt.kucoin_writes import order_body
from connectors.model.errors import VenueError
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY, SELL
from tests import virtual
from tests.connectors.ccxt.capture import Captured
from tests.virtual import VirtualClock

ID = 2176
TICKS, LOTS = 600_001, 3

Make = tuple[Dialect, str, str, tuple[str, str], str]
KUCOIN = dialects.kucoin_futures(5, "CROSS")
MARKETS: dict[str, Make] = {
    "binance": (dialects.BINANCE, "BTCUSDT", "BTC/USDT", ("0.1", "0.001"), "1"),
    "binance_usdm": (dialects.BINANCE_USDM, "BTCUSDT", "BTC/USDT:USDT", ("0.1", "0.001"), "1"),
    "okx": (dialects.OKX, "BTC-USDT-SWAP", "BTC/USDT:USDT", ("0.1", "1"), "0.01"),
    "kucoin_futures": (KUCOIN, "XBTUSDTM", "BTC/USDT:USDT", ("0.1", "1"), "0.001"),
    "mexc": (dialects.MEXC, "BTCUSDT", "BTC/USDT", ("0.1", "0.001"), "1"),
    "hyperliquid": (dialects.HYPERLIQUID, "0", "BTC/USDC:USDC", ("1", "0.001"), "1"),
}


def run(venue: str, act: Callable[[Captured], Any]) -> Any:
    """Let a venue's writes act; return what they return."""

    async def main(clock: VirtualClock) -> Any:
        return await act(Captured(clock, *MARKETS[venue]))

    return virtual.run(main)


def created(venue: str, side: int, flags: int, ticks: int = TICKS) -> tuple[str, dict[str, Any]]:
    """Return the one request that an order makes, its client id as ID."""

    async def act(captured: Captured) -> tuple[str, dict[str, Any]]:
        command = Command("btc", ID, side, ticks, LOTS, flags)
        await captured.writes.create(captured.market, command)
        return named(captured, captured.only())

    return run(venue, act)  # type: ignore[no-any-return]


def named(captured: Captured, told: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Put ID in place of the text that stands for it."""
    text = captured.market.codec.text(ID)
    return told[0].replace(text, "ID"), _named(told[1], text)


def _named(words: Any, text: str) -> Any:
    if isinstance(words, dict):
        return {key: _named(value, text) for key, value in words.items()}
    if isinstance(words, list):
        return [_named(each, text) for each in words]
    return "ID" if words == text else words


POST_ONLY_BIDS: dict[str, tuple[str, dict[str, Any]]] = {
    "binance": (
        "POST /api/v3/order",
        {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "newClientOrderId": "ID",
            "newOrderRespType": "FULL",
            "type": "LIMIT_MAKER",
            "quantity": "0.003",
            "price": "60000.1",
        },
    ),
    "binance_usdm": (
        "POST /fapi/v1/order",
        {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "newClientOrderId": "ID",
            "newOrderRespType": "RESULT",
            "type": "LIMIT",
            "quantity": "0.003",
            "price": "60000.1",
            "timeInForce": "GTX",
        },
    ),
    "okx": (
        "POST /api/v5/trade/batch-orders",
        {
            "instId": "BTC-USDT-SWAP",
            "side": "buy",
            "ordType": "post_only",
            "sz": "3",
            "tdMode": "cross",
            "px": "60000.1",
            "clOrdId": "ID",
        },
    ),
    "kucoin_futures": (
        "POST /api/v1/orders",
        {
            "clientOid": "ID",
            "side": "buy",
            "symbol": "XBTUSDTM",
            "type": "limit",
            "leverage": 5,
            "marginMode": "CROSS",
            "size": 3,
            "price": "60000.1",
            "postOnly": True,
        },
    ),
    "mexc": (
        "POST /api/v3/order",
        {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "type": "LIMIT_MAKER",
            "quantity": "0.003",
            "price": "60000.1",
            "newClientOrderId": "ID",
        },
    ),
    "hyperliquid": (
        "POST /exchange",
        {
            "action": {
                "type": "order",
                "orders": [
                    {
                        "a": 0,
                        "b": True,
                        "p": "60000",
                        "s": "0.003",
                        "r": False,
                        "t": {"limit": {"tif": "Alo"}},
                        "c": "ID",
                    }
                ],
                "grouping": "na",
            }
        },
    ),
}


@pytest.mark.parametrize("venue", POST_ONLY_BIDS)
def test_a_post_only_order_is_asked_for_in_the_venues_own_way(venue: str) -> None:
    ticks = 60_000 if venue == "hyperliquid" else TICKS
    assert created(venue, BUY, POST_ONLY, ticks) == POST_ONLY_BIDS[venue]


REDUCES: dict[str, dict[str, Any]] = {
    "binance_usdm": {"timeInForce": "IOC", "reduceOnly": "true", "side": "SELL"},
    "okx": {"ordType": "ioc", "reduceOnly": True, "side": "sell"},
    "kucoin_futures": {"timeInForce": "IOC", "reduceOnly": True, "side": "sell"},
    "binance": {"timeInForce": "IOC", "reduceOnly": None, "side": "SELL", "type": "LIMIT"},
    "mexc": {
        "timeInForce": None,
        "reduceOnly": None,
        "side": "SELL",
        "type": "IMMEDIATE_OR_CANCEL",
    },
}


@pytest.mark.parametrize("venue", REDUCES)
def test_an_order_that_closes_takes_at_once_and_only_reduces(venue: str) -> None:
    words = created(venue, SELL, IOC | REDUCE_ONLY)[1]
    assert {key: words.get(key) for key in REDUCES[venue]} == REDUCES[venue]
    assert "postOnly" not in words


def test_an_exit_at_hyperliquid_takes_at_once_and_only_reduces() -> None:
    (order,) = created("hyperliquid", SELL, IOC | REDUCE_ONLY, 60_000)[1]["action"]["orders"]
    assert (order["r"], order["t"], order["b"]) == (True, {"limit": {"tif": "Ioc"}}, False)


CANCELS: dict[str, tuple[str, dict[str, Any]]] = {
    "binance": ("DELETE /api/v3/order", {"symbol": "BTCUSDT", "origClientOrderId": "ID"}),
    "binance_usdm": ("DELETE /fapi/v1/order", {"symbol": "BTCUSDT", "origClientOrderId": "ID"}),
    "okx": ("POST /api/v5/trade/cancel-order", {"instId": "BTC-USDT-SWAP", "clOrdId": "ID"}),
    "kucoin_futures": ("DELETE /api/v1/orders/client-order/ID", {"symbol": "XBTUSDTM"}),
    "mexc": ("DELETE /api/v3/order", {"symbol": "BTCUSDT", "origClientOrderId": "ID"}),
    "hyperliquid": (
        "POST /exchange",
        {"action": {"type": "cancelByCloid", "cancels": [{"asset": 0, "cloid": "ID"}]}},
    ),
}


@pytest.mark.parametrize("venue", CANCELS)
def test_a_cancel_names_our_id_and_no_other(venue: str) -> None:
    async def act(captured: Captured) -> tuple[str, dict[str, Any]]:
        await captured.writes.cancel(captured.market, ID)
        return named(captured, captured.only())

    assert run(venue, act) == CANCELS[venue]


AMENDS: dict[str, tuple[str, dict[str, Any]]] = {
    "binance_usdm": (
        "PUT /fapi/v1/order",
        {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "origClientOrderId": "ID",
            "quantity": "0.003",
            "price": "60000.1",
        },
    ),
    "okx": (
        "POST /api/v5/trade/amend-order",
        {
            "instId": "BTC-USDT-SWAP",
            "clOrdId": "ID",
            "newSz": "3",
            "newPx": "60000.1",
            "cxlOnFail": False,
        },
    ),
}


@pytest.mark.parametrize("venue", MARKETS)
def test_an_amend_is_one_request_or_is_refused(venue: str) -> None:
    async def act(captured: Captured) -> Any:
        if not captured.writes.amends:
            with pytest.raises(VenueError, match="amend"):
                await captured.writes.amend(captured.market, ID, TICKS, LOTS)
            assert captured.http.sent == []
            return None
        await captured.writes.amend(captured.market, ID, TICKS, LOTS)
        return named(captured, captured.only())

    assert run(venue, act) == AMENDS.get(venue)


@pytest.mark.parametrize("venue", MARKETS)
def test_no_request_names_a_broker_a_builder_or_a_referrer(venue: str) -> None:
    async def act(captured: Captured) -> Any:
        command = Command("btc", ID, BUY, 60_000, LOTS, POST_ONLY)
        await captured.writes.create(captured.market, command)
        (request,) = captured.http.sent
        return request

    request = run(venue, act)
    words = (request.url + request.body.decode() + str(dict(request.headers))).lower()
    for name in ("referer", "ccxt", "builder", "partner", "broker", "referrer", "x-tkt", '"tag"'):
        assert name not in words, name


def test_what_ccxt_would_round_is_not_sent() -> None:
    async def act(captured: Captured) -> Verdict:
        market = captured.exchange.markets["BTC/USDT:USDT"]
        market["precision"]["price"] = 0.5
        command = Command("btc", ID, BUY, TICKS, LOTS, POST_ONLY)
        verdict = await captured.writes.create(captured.market, command)
        assert captured.http.sent == []
        return verdict

    verdict = run("okx", act)
    assert isinstance(verdict.outcome, Refused)
    assert "expected a price of 60000.1" in verdict.outcome.text


def test_the_leverage_of_an_order_is_ours_where_ccxt_would_send_one() -> None:
    assert created("kucoin_futures", BUY, POST_ONLY)[1]["leverage"] == 5


def test_dydx_is_refused_with_its_reason() -> None:
    assert "no post-only order" in dialects.NOT_OFFERED["dydx"]


@pytest.mark.parametrize("flags", [POST_ONLY, IOC, IOC | REDUCE_ONLY, 0])
@pytest.mark.parametrize("side", [BUY, SELL])
def test_kucoins_orders_in_our_words_are_those_of_ccxt(side: int, flags: int) -> None:
    async def act(captured: Captured) -> dict[str, Any]:
        command = Command("btc", ID, side, TICKS, LOTS, flags)
        return {**order_body(captured.market, command, 5, "CROSS"), "clientOid": "ID"}

    assert run("kucoin_futures", act) == created("kucoin_futures", side, flags)[1]
