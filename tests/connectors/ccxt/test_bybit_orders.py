"""What we write for Bybit is what ccxt would, to the last byte of its signature."""

import random
from itertools import product
from typing import Any

import pytest

from connectors.ccxt.budgets import Budgets
from connectors.ccxt.bybit import Bybit
from connectors.ccxt.bybit_orders import order_body, signed
from connectors.ccxt.commands import Command
from connectors.ccxt.library import Keys
from connectors.ccxt.network import Network
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY, SELL
from tests import virtual
from tests.connectors.ccxt.bybit_trader import TERMS
from tests.connectors.ccxt.standing import CAPS
from tests.connectors.ccxt.test_bybit_safety import MARKET, Account, _market, _nothing
from tests.virtual import VirtualClock

WORDS = {POST_ONLY: "PostOnly", IOC: "IOC", 0: "GTC"}


def exchange_of(clock: VirtualClock, secret: str = "s" * 32) -> Any:
    way: Any = Account()
    network = Network(
        "bybit", Budgets(CAPS), way, way, clock, random.Random(1), lambda *_: None, _nothing
    )
    exchange = Bybit(network, TERMS, Keys("key", secret), True).exchange
    exchange.set_markets([_market(exchange, MARKET.symbol, MARKET.unified)])
    return exchange


def test_an_order_asks_for_what_ccxt_would_ask_for() -> None:
    async def main(clock: VirtualClock) -> None:
        exchange = exchange_of(clock)
        for side, kind, only in product((BUY, SELL), WORDS, (0, REDUCE_ONLY)):
            command = Command("btc", 2176, side, 600_001, 7, kind | only)
            params: dict[str, Any] = {
                "clientOrderId": MARKET.codec.text(2176),
                "timeInForce": WORDS[kind],
                "positionIdx": 0,
            }
            if only:
                params["reduceOnly"] = True
            word = "buy" if side == BUY else "sell"
            asked = (MARKET.unified, "limit", word, "0.007", "60000.1", params)
            assert order_body(MARKET, command) == exchange.create_order_request(*asked)

    virtual.run(main)


@pytest.mark.parametrize("body", [{"category": "linear", "price": "60000.1", "positionIdx": 0}, {}])
def test_a_write_is_signed_as_ccxt_signs_it(body: dict[str, Any]) -> None:
    async def main(clock: VirtualClock) -> None:
        exchange = exchange_of(clock)
        made = exchange.sign("v5/order/create", ["private"], "POST", dict(body))
        made["headers"].pop("Referer")
        url, headers, text = signed(exchange, "v5/order/create", body)
        assert (url, dict(headers), text) == (made["url"], made["headers"], made["body"])

    virtual.run(main)


def test_a_key_of_another_kind_is_left_to_ccxt() -> None:
    async def main(clock: VirtualClock) -> None:
        exchange = exchange_of(clock, "-----BEGIN PRIVATE KEY-----")
        exchange.sign = lambda *asked: {"url": "u", "headers": {}, "body": str(asked[3])}
        assert signed(exchange, "v5/order/create", {"a": 1})[2] == "{'a': 1}"

    virtual.run(main)
