"""Say how each venue is asked for an order through ccxt: its own words for post-only and our id.

ccxt's own table of what a venue can do is not to be trusted; what is here has been held against the
bodies of requests that it makes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.ccxt import codes
from connectors.ccxt.answers import Codes
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.library import Exchange
from connectors.ccxt.meant import Meant
from connectors.model.events import IOC, POST_ONLY, REDUCE_ONLY

Ask = Callable[[Exchange, Meant], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One venue. `amend` is None where it has none that keeps an order post-only and its place in
    one step, and `cannot` says what else it does not do."""

    venue: str
    exchange: str
    codes: Codes
    create: Ask
    cancel: Ask
    amend: Ask | None = None
    alphabet: Alphabet = Alphabet.TEXT
    options: Mapping[str, Any] = field(default_factory=dict)
    life_ms: int = 5000
    """How old a stamp the venue takes."""
    cannot: str = ""


def params_of(order: Meant, name: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an order is besides side, price and size, in ccxt's words: our id as `name`.

    What is sold on a spot market is held: nothing there only reduces, and the word is unknown.
    """
    params: dict[str, Any] = {name: order.client_text, **more}
    is_spot = ":" not in order.unified
    if order.flags & POST_ONLY:
        params["postOnly"] = True
    if order.flags & IOC:
        params["timeInForce"] = "IOC"
    if order.flags & REDUCE_ONLY and not is_spot:
        params["reduceOnly"] = True
    return params


def _create(name: str = "clientOrderId", **more: Any) -> Ask:
    def ask(exchange: Exchange, order: Meant) -> Awaitable[Any]:
        params = params_of(order, name, more)
        made: Awaitable[Any] = exchange.create_order(
            order.unified, "limit", order.side, order.amount, order.price, params
        )
        return made

    return ask


def _cancel(name: str) -> Ask:
    def ask(exchange: Exchange, order: Meant) -> Awaitable[Any]:
        made: Awaitable[Any] = exchange.cancel_order("", order.unified, {name: order.client_text})
        return made

    return ask


def _amend_okx(exchange: Exchange, order: Meant) -> Awaitable[Any]:
    made: Awaitable[Any] = exchange.privatePostTradeAmendOrder(
        {
            "instId": order.symbol,
            "clOrdId": order.client_text,
            "newSz": order.amount,
            "newPx": order.price,
            "cxlOnFail": False,
        }
    )
    return made


def _amend_binance_usdm(exchange: Exchange, order: Meant) -> Awaitable[Any]:
    made: Awaitable[Any] = exchange.fapiPrivatePutOrder(
        {
            "symbol": order.symbol,
            "side": order.side.upper(),
            "origClientOrderId": order.client_text,
            "quantity": order.amount,
            "price": order.price,
        }
    )
    return made


def kucoin_futures(leverage: int, margin_mode: str) -> Dialect:
    """Return KuCoin's futures. Each order names leverage and margin mode: left out, ccxt sends a
    leverage of 1 whatever the account has."""

    def create(exchange: Exchange, order: Meant) -> Awaitable[Any]:
        params = params_of(order, "clientOid", {"leverage": leverage, "marginMode": margin_mode})
        made: Awaitable[Any] = exchange.create_order(
            order.unified, "limit", order.side, int(order.amount), order.price, params
        )
        return made

    return Dialect(
        "kucoin_futures",
        "kucoinfutures",
        codes.KUCOIN_FUTURES,
        create,
        _cancel("clientOid"),
        options={"uta": False, "partner": {}},
        cannot="amend: it has none for futures, whatever ccxt says; an order stream",
    )


BINANCE = Dialect(
    "binance",
    "binance",
    codes.BINANCE,
    _create(),
    _cancel("origClientOrderId"),
    options={"defaultType": "spot", "fetchMargins": False, "fetchMarkets": {"types": ["spot"]}},
    life_ms=10_000,
    cannot="amend: ccxt's is a cancel and a new LIMIT order that may take",
)
BINANCE_USDM = Dialect(
    "binance_usdm",
    "binanceusdm",
    codes.BINANCE_USDM,
    _create(),
    _cancel("origClientOrderId"),
    _amend_binance_usdm,
    options={"fetchMargins": False, "fetchMarkets": {"types": ["linear"]}},
    life_ms=10_000,
)
OKX = Dialect(
    "okx",
    "okx",
    codes.OKX,
    _create("clOrdId", tdMode="cross"),
    _cancel("clOrdId"),
    _amend_okx,
    options={"fetchMarkets": {"types": ["swap"]}},
    life_ms=30_000,
    cannot="cancel all in one request",
)
MEXC = Dialect(
    "mexc",
    "mexc",
    codes.MEXC,
    _create(),
    _cancel("origClientOrderId"),
    options={"fetchMarkets": {"types": {"spot": True, "swap": False}}},
    cannot="amend: ccxt's is a cancel and a new LIMIT order that may take",
)
HYPERLIQUID = Dialect(
    "hyperliquid",
    "hyperliquid",
    codes.HYPERLIQUID,
    _create(),
    _cancel("clientOrderId"),
    alphabet=Alphabet.HEX_128,
    options={
        "builderFee": False,
        "approvedBuilderFee": False,
        "refSet": True,
        "enableUnifiedMargin": False,
    },
    life_ms=86_400_000,
    cannot="amend: it names an order by the venue's id alone; cancel all in one request",
)

NOT_OFFERED = {
    "dydx": "ccxt sends long-term orders alone, and has no stream of an account: no post-only order"
    " of a market maker goes this way",
}
"""Venues to which nothing is sent through ccxt, and why."""
