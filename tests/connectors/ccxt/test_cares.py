"""What leaves for margin, cancel-all, batches and countdowns, held against the venues' documents.

Where a venue cannot do something, nothing leaves, and a sentence says why.
"""

import json
from contextlib import suppress
from typing import Any

import pytest

from connectors.ccxt import cares, dialects
from connectors.ccxt.answers import Told
from connectors.ccxt.care import Care
from connectors.ccxt.meant import Meant
from connectors.model.errors import VenueError
from connectors.model.events import POST_ONLY
from tests import virtual
from tests.connectors.ccxt.capture import Captured, rows_said
from tests.connectors.ccxt.test_dialects import MARKETS
from tests.virtual import VirtualClock

CARES: dict[str, Care] = {
    "binance": cares.BINANCE,
    "binance_usdm": cares.BINANCE_USDM,
    "okx": cares.OKX,
    "kucoin_futures": cares.kucoin_futures(5, "cross"),
    "mexc": cares.MEXC,
    "hyperliquid": cares.HYPERLIQUID,
}
ASKED: dict[str, tuple[Any, ...]] = {
    "leverage": (5, "cross"),
    "margin_mode": (5, "isolated"),
    "one_way": (),
    "cancel_all": (),
    "countdown": (60,),
}
NO_COUNTDOWN = "no countdown"
SPOT = "a spot market has no leverage"

SENT: dict[tuple[str, str], tuple[str, dict[str, Any]] | str] = {
    # Binance spot, "Cancel all Open Orders on a Symbol".
    ("binance", "leverage"): SPOT,
    ("binance", "margin_mode"): SPOT,
    ("binance", "one_way"): SPOT,
    ("binance", "cancel_all"): ("DELETE /api/v3/openOrders", {"symbol": "BTCUSDT"}),
    ("binance", "countdown"): NO_COUNTDOWN,
    # Binance USD-M, "Change Initial Leverage", "Change Margin Type", "Change Position Mode",
    # "Cancel All Open Orders", "Auto-Cancel All Open Orders": the countdown is in milliseconds.
    ("binance_usdm", "leverage"): (
        "POST /fapi/v1/leverage",
        {"symbol": "BTCUSDT", "leverage": "5"},
    ),
    ("binance_usdm", "margin_mode"): (
        "POST /fapi/v1/marginType",
        {"symbol": "BTCUSDT", "marginType": "ISOLATED"},
    ),
    ("binance_usdm", "one_way"): (
        "POST /fapi/v1/positionSide/dual",
        {"dualSidePosition": "false"},
    ),
    ("binance_usdm", "cancel_all"): ("DELETE /fapi/v1/allOpenOrders", {"symbol": "BTCUSDT"}),
    ("binance_usdm", "countdown"): (
        "POST /fapi/v1/countdownCancelAll",
        {"symbol": "BTCUSDT", "countdownTime": "60000"},
    ),
    # OKX v5, "Set leverage", "Set position mode", "Cancel All After": seconds.
    ("okx", "leverage"): (
        "POST /api/v5/account/set-leverage",
        {"instId": "BTC-USDT-SWAP", "lever": "5", "mgnMode": "cross"},
    ),
    ("okx", "margin_mode"): "each order names its own",
    ("okx", "one_way"): ("POST /api/v5/account/set-position-mode", {"posMode": "net_mode"}),
    ("okx", "cancel_all"): "in no one request",
    ("okx", "countdown"): ("POST /api/v5/trade/cancel-all-after", {"timeOut": "60"}),
    # KuCoin futures, "Modify Cross Margin Leverage", "Switch Margin Mode", "Switch Position Mode".
    ("kucoin_futures", "leverage"): (
        "POST /api/v2/changeCrossUserLeverage",
        {"symbol": "XBTUSDTM", "leverage": "5"},
    ),
    ("kucoin_futures", "margin_mode"): (
        "POST /api/v2/position/changeMarginMode",
        {"symbol": "XBTUSDTM", "marginMode": "ISOLATED"},
    ),
    ("kucoin_futures", "one_way"): (
        "POST /api/v2/position/switchPositionMode",
        {"positionMode": "0"},
    ),
    ("kucoin_futures", "cancel_all"): ("DELETE /api/v1/orders", {"symbol": "XBTUSDTM"}),
    ("kucoin_futures", "countdown"): NO_COUNTDOWN,
    # MEXC spot, "Cancel all Open Orders on a Symbol".
    ("mexc", "leverage"): SPOT,
    ("mexc", "margin_mode"): SPOT,
    ("mexc", "one_way"): SPOT,
    ("mexc", "cancel_all"): ("DELETE /api/v3/openOrders", {"symbol": "BTCUSDT"}),
    ("mexc", "countdown"): NO_COUNTDOWN,
    # Hyperliquid, "Update leverage", "Schedule cancel (dead man's switch)": a moment.
    ("hyperliquid", "leverage"): (
        "POST /exchange",
        {"action": {"type": "updateLeverage", "asset": 0, "isCross": True, "leverage": 5}},
    ),
    ("hyperliquid", "margin_mode"): (
        "POST /exchange",
        {"action": {"type": "updateLeverage", "asset": 0, "isCross": False, "leverage": 5}},
    ),
    ("hyperliquid", "one_way"): "no other mode",
    ("hyperliquid", "cancel_all"): "in no one request",
    ("hyperliquid", "countdown"): (
        "POST /exchange",
        {"action": {"type": "scheduleCancel", "time": 1_763_000_060_000}},
    ),
}


def sent(venue: str, what: str, *args: Any) -> tuple[str, Any] | str:
    """Return the one request that something makes, or the sentence that refuses it."""

    async def main(clock: VirtualClock) -> tuple[str, Any] | str:
        captured = Captured(clock, *MARKETS[venue])
        market = captured.market.symbol if what == "countdown" else captured.market
        try:
            await getattr(CARES[venue], what)(captured.exchange, market, *args)
        except VenueError as error:
            assert captured.http.sent == []
            return str(error)
        except (Told, TypeError):
            pass  # The listener answers no venue's way: what has left is looked at.
        (request,) = captured.http.sent
        return rows_said(request)

    return virtual.run(main)


@pytest.mark.parametrize(("venue", "what"), SENT)
def test_a_setting_is_asked_for_in_the_venues_own_words_or_refused(venue: str, what: str) -> None:
    told, expected = sent(venue, what, *ASKED[what]), SENT[venue, what]
    if isinstance(expected, str):
        assert isinstance(told, str)
        assert expected in told
        assert what in CARES[venue].lacks()
    else:
        assert told == expected


def test_a_countdown_is_taken_off_without_a_moment_where_ccxt_would_name_now() -> None:
    assert sent("hyperliquid", "countdown", 0) == (
        "POST /exchange",
        {"action": {"type": "scheduleCancel"}},
    )
    assert sent("binance_usdm", "countdown", 0)[1]["countdownTime"] == "0"  # type: ignore[index]
    assert sent("okx", "countdown", 0)[1] == {"timeOut": "0"}


def two_bids(captured: Captured, tick: int) -> list[Meant]:
    """Return two post-only bids of three lots, a tick apart."""
    market, units = captured.market, captured.market.units
    return [
        Meant(
            market.unified,
            market.symbol,
            market.codec.text(number),
            "buy",
            units.price_text(tick - number),
            units.amount_text(3),
            POST_ONLY,
        )
        for number in (1, 2)
    ]


def several(venue: str, what: str) -> tuple[str, Any]:
    """Return the request that two orders make, with their ids as ID-1 and ID-2."""

    async def main(clock: VirtualClock) -> tuple[str, Any]:
        captured = Captured(clock, *MARKETS[venue])
        bids = two_bids(captured, 60_000 if venue == "hyperliquid" else 600_001)
        with suppress(Told, TypeError):
            await getattr(CARES[venue], what)(captured.exchange, captured.market, bids)
        (request,) = captured.http.sent
        place, words = rows_said(request)
        text = json.dumps(words)
        for number, bid in enumerate(bids, 1):
            text = text.replace(bid.client_text, f"ID-{number}")
        return place, json.loads(text)

    return virtual.run(main)


def _two(row: dict[str, Any], price: str, name: str, prices: tuple[Any, Any]) -> list[Any]:
    return [{**row, price: each, name: f"ID-{k}"} for k, each in enumerate(prices, 1)]


PRICES = ("60000", "59999.9")
BATCHES: dict[str, tuple[str, Any]] = {
    # Binance USD-M, "Place Multiple Orders": at most five.
    "binance_usdm": (
        "POST /fapi/v1/batchOrders",
        _two(
            {
                "symbol": "BTCUSDT",
                "side": "BUY",
                "newOrderRespType": "RESULT",
                "type": "LIMIT",
                "quantity": "0.003",
                "timeInForce": "GTX",
            },
            "price",
            "newClientOrderId",
            PRICES,
        ),
    ),
    # OKX v5, "Place multiple orders": at most twenty, sizes in contracts.
    "okx": (
        "POST /api/v5/trade/batch-orders",
        _two(
            {
                "instId": "BTC-USDT-SWAP",
                "side": "buy",
                "ordType": "post_only",
                "sz": "3",
                "tdMode": "cross",
            },
            "px",
            "clOrdId",
            PRICES,
        ),
    ),
    # KuCoin futures, "Batch Add Orders": leverage and margin mode in each.
    "kucoin_futures": (
        "POST /api/v1/orders/multi",
        _two(
            {
                "side": "buy",
                "symbol": "XBTUSDTM",
                "type": "limit",
                "leverage": 5,
                "marginMode": "CROSS",
                "size": 3,
                "postOnly": True,
            },
            "price",
            "clientOid",
            PRICES,
        ),
    ),
    # MEXC spot, "Batch Orders": at most twenty, all of one symbol.
    "mexc": (
        "POST /api/v3/batchOrders",
        _two(
            {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT_MAKER", "quantity": "0.003"},
            "price",
            "newClientOrderId",
            PRICES,
        ),
    ),
    # Hyperliquid, "Place an order": one action.
    "hyperliquid": (
        "POST /exchange",
        _two(
            {"a": 0, "b": True, "s": "0.003", "r": False, "t": {"limit": {"tif": "Alo"}}},
            "p",
            "c",
            ("59999", "59998"),
        ),
    ),
}


@pytest.mark.parametrize("venue", CARES)
def test_each_order_of_a_batch_is_post_only_and_named_by_us(venue: str) -> None:
    if venue not in BATCHES:
        assert "no batch" in CARES[venue].lacks()["create_several"]
        return
    place, words = several(venue, "create_several")
    if isinstance(words, dict) and "batchOrders" in words:
        words = json.loads(words["batchOrders"])
    elif isinstance(words, dict):
        assert words["action"].keys() == {"type", "orders", "grouping"}
        words = words["action"]["orders"]
    assert (place, words) == BATCHES[venue]
    assert CARES[venue].most >= len(words)


CANCELS: dict[str, tuple[str, Any]] = {
    "okx": (
        "POST /api/v5/trade/cancel-batch-orders",
        [{"instId": "BTC-USDT-SWAP", "clOrdId": f"ID-{k}"} for k in (1, 2)],
    ),
    "kucoin_futures": (
        "DELETE /api/v1/orders/multi-cancel",
        {"clientOidsList": [{"symbol": "XBTUSDTM", "clientOid": f"ID-{k}"} for k in (1, 2)]},
    ),
    "hyperliquid": (
        "POST /exchange",
        {
            "action": {
                "type": "cancelByCloid",
                "cancels": [{"asset": 0, "cloid": f"ID-{k}"} for k in (1, 2)],
            }
        },
    ),
}


@pytest.mark.parametrize("venue", CARES)
def test_a_batch_of_cancels_names_every_id(venue: str) -> None:
    if venue in CANCELS:
        assert several(venue, "cancel_several") == CANCELS[venue]
    else:
        assert "no batch of cancels" in CARES[venue].lacks()["cancel_several"]


def test_a_batch_through_ccxt_names_no_broker() -> None:
    for venue in BATCHES:
        text = json.dumps(several(venue, "create_several")).lower()
        assert not any(name in text for name in ("builder", "x-tkt", '"tag"', "6b9ad", "partner"))


def test_dydx_has_neither_dialect_nor_care() -> None:
    assert dialects.NOT_OFFERED.keys() == {"dydx"}
