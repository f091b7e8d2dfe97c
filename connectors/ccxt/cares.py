"""Say in each venue's words how margin, cancel-all, batches and countdowns are asked for.

ccxt makes and signs the requests. Where its own call would ask for something else than was meant,
the venue's address is asked directly.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.ccxt.care import Cannot, Care, Made, Several
from connectors.ccxt.dialects import params_of
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.meant import Meant

Words = Callable[..., Mapping[str, Any] | Sequence[Mapping[str, Any]]]
NO_COUNTDOWN = Cannot("the venue has no countdown: only a watchdog of ours cancels what rests")
IS_SPOT = Cannot("a spot market has no leverage, margin mode or position mode")


def _ask(method: str, words: Words) -> Callable[..., Made]:
    """Ask an address of the venue's directly, with words made of what is asked for."""

    def ask(exchange: Exchange, *asked: Any) -> Made:
        made: Made = getattr(exchange, method)(words(*asked))
        return made

    return ask


def _created(id_name: str, is_counted: bool = False, **more: Any) -> Several:
    """Have ccxt ask for several orders, each with its own id as `id_name`."""

    def ask(exchange: Exchange, market: Listed, orders: Sequence[Meant]) -> Made:
        rows = [
            {
                "symbol": each.unified,
                "type": "limit",
                "side": each.side,
                "amount": int(each.amount) if is_counted else each.amount,
                "price": each.price,
                "params": params_of(each, id_name, more),
            }
            for each in orders
        ]
        made: Made = exchange.create_orders(rows)
        return made

    return ask


def _ids(orders: Sequence[Meant]) -> list[str]:
    return [each.client_text for each in orders]


BINANCE = Care(
    leverage=IS_SPOT,
    margin_mode=IS_SPOT,
    one_way=IS_SPOT,
    cancel_all=_ask("privateDeleteOpenOrders", lambda market: {"symbol": market.symbol}),
    create_several=Cannot("Binance spot has no batch of orders"),
    cancel_several=Cannot("Binance spot has no batch of cancels"),
    countdown=NO_COUNTDOWN,
)
"""Binance spot, "Trading endpoints"."""

BINANCE_USDM = Care(
    leverage=_ask(
        "fapiPrivatePostLeverage",
        lambda market, leverage, mode: {"symbol": market.symbol, "leverage": leverage},
    ),
    margin_mode=_ask(
        "fapiPrivatePostMarginType",
        lambda market, leverage, mode: {
            "symbol": market.symbol,
            "marginType": {"cross": "CROSSED", "isolated": "ISOLATED"}[mode],
        },
    ),
    one_way=_ask("fapiPrivatePostPositionSideDual", lambda market: {"dualSidePosition": "false"}),
    cancel_all=_ask("fapiPrivateDeleteAllOpenOrders", lambda market: {"symbol": market.symbol}),
    create_several=_created("clientOrderId"),
    cancel_several=Cannot(
        "no batch of cancels at Binance USD-M: ccxt calls its list of ids otherwise than the"
        " venue's document does"
    ),
    countdown=_ask(
        "fapiPrivatePostCountdownCancelAll",
        lambda symbol, seconds: {"symbol": symbol, "countdownTime": 1000 * seconds},
    ),
    most=5,
)
"""Binance USD-M futures, "Trade". Leverage, margin type and countdown are a symbol's."""

OKX = Care(
    leverage=_ask(
        "privatePostAccountSetLeverage",
        lambda market, leverage, mode: {
            "instId": market.symbol,
            "lever": str(leverage),
            "mgnMode": mode,
        },
    ),
    margin_mode=Cannot("OKX has no margin mode to set: each order names its own"),
    one_way=_ask("privatePostAccountSetPositionMode", lambda market: {"posMode": "net_mode"}),
    cancel_all=Cannot("OKX cancels all in no one request: those that rest are named, twenty each"),
    create_several=_created("clOrdId", tdMode="cross"),
    cancel_several=_ask(
        "privatePostTradeCancelBatchOrders",
        lambda market, orders: [
            {"instId": market.symbol, "clOrdId": each} for each in _ids(orders)
        ],
    ),
    countdown=_ask(
        "privatePostTradeCancelAllAfter", lambda symbol, seconds: {"timeOut": str(seconds)}
    ),
    most=20,
)
"""OKX v5, "Trade" and "Trading Account"."""


def kucoin_futures(leverage: int, margin_mode: str) -> Care:
    """Return KuCoin's futures, whose every order names leverage and margin mode."""
    return Care(
        leverage=_ask(
            "futuresPrivatePostChangeCrossUserLeverage",
            lambda market, leverage, mode: {"symbol": market.symbol, "leverage": str(leverage)},
        ),
        margin_mode=_ask(
            "futuresPrivatePostPositionChangeMarginMode",
            lambda market, leverage, mode: {"symbol": market.symbol, "marginMode": mode.upper()},
        ),
        one_way=_ask(
            "futuresPrivatePostPositionSwitchPositionMode", lambda market: {"positionMode": "0"}
        ),
        cancel_all=_ask("futuresPrivateDeleteOrders", lambda market: {"symbol": market.symbol}),
        create_several=_created(
            "clientOid", True, leverage=leverage, marginMode=margin_mode.upper()
        ),
        cancel_several=_ask(
            "futuresPrivateDeleteOrdersMultiCancel",
            lambda market, orders: {
                "clientOidsList": [
                    {"symbol": market.symbol, "clientOid": each} for each in _ids(orders)
                ]
            },
        ),
        countdown=NO_COUNTDOWN,
        most=20,
    )


MEXC = Care(
    leverage=IS_SPOT,
    margin_mode=IS_SPOT,
    one_way=IS_SPOT,
    cancel_all=_ask("spotPrivateDeleteOpenOrders", lambda market: {"symbol": market.symbol}),
    create_several=_created("clientOrderId"),
    cancel_several=Cannot("MEXC spot has no batch of cancels: ccxt's asks for contracts'"),
    countdown=NO_COUNTDOWN,
    most=20,
)
"""MEXC spot, "Spot Account/Trade"."""


def _scheduled(exchange: Exchange, symbol: str, seconds: int) -> Made:
    """Schedule a cancel of all, or take it off: that has no moment, where ccxt would name now."""
    nonce = exchange.incrementing_nonce()
    action: dict[str, Any] = {"type": "scheduleCancel"}
    if seconds:
        action["time"] = nonce + 1000 * seconds
    signature = exchange.sign_l1_action(action, nonce)
    made: Made = exchange.privatePostExchange(
        {"action": action, "nonce": nonce, "signature": signature}
    )
    return made


def _leverage_hyperliquid(exchange: Exchange, market: Listed, leverage: int, mode: str) -> Made:
    made: Made = exchange.set_leverage(leverage, market.unified, {"marginMode": mode})
    return made


def _cancelled_hyperliquid(exchange: Exchange, market: Listed, orders: Sequence[Meant]) -> Made:
    made: Made = exchange.cancel_orders([], market.unified, {"clientOrderId": _ids(orders)})
    return made


HYPERLIQUID = Care(
    leverage=_leverage_hyperliquid,
    margin_mode=_leverage_hyperliquid,
    one_way=Cannot("Hyperliquid has no other mode than one-way"),
    cancel_all=Cannot("Hyperliquid cancels all in no one request: those that rest are named"),
    create_several=_created("clientOrderId"),
    cancel_several=_cancelled_hyperliquid,
    countdown=_scheduled,
    most=20,
)
"""Hyperliquid, "Exchange endpoint". One action sets leverage and margin mode; a scheduled cancel is
refused to an account that has traded less than a million dollars."""
