"""What leaves for Bybit's leverage and margin mode, held against the pages of its documents."""

import json
import random
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.calls import Reply, Request
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.bybit import Bybit
from connectors.ccxt.bybit_safety import Safety
from connectors.ccxt.ids import Codec
from connectors.ccxt.library import Keys
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.units import Units
from connectors.model.errors import VenueError
from tests import virtual
from tests.connectors.ccxt.bybit_trader import BTC, TERMS
from tests.connectors.ccxt.standing import CAPS
from tests.virtual import VirtualClock

MARKET = Listed("btc", "BTCUSDT", "BTC/USDT:USDT", Units.of(BTC), Codec("BTCUSDT"))
NO_CHANGE = {
    "/v5/position/set-leverage": (110043, "leverage not modified"),
    "/v5/account/set-margin-mode": (110026, "margin mode is not modified"),
}


class Account:
    """Answers reads as documented, and keeps what was asked of it; `heeds` tells whether it acts.

    `refuses`: it says that everything is so already.
    """

    def __init__(self, *, heeds: bool = True, refuses: bool = False) -> None:
        self.margin_mode, self.leverage = "ISOLATED_MARGIN", "10"
        self.heeds, self.refuses = heeds, refuses
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def send(self, request: Request) -> Reply:
        """Answer."""
        path = urlsplit(request.url).path
        code, text = 0, "OK"
        if request.method == "POST":
            words = json.loads(request.body)
            self.asked.append((f"{request.method} {path}", words))
            if self.heeds:
                self.margin_mode = words.get("setMarginMode", self.margin_mode)
                self.leverage = words.get("buyLeverage", self.leverage)
            if self.refuses:
                code, text = NO_CHANGE[path]
        said = {"retCode": code, "retMsg": text, "result": self._result(path), "time": 1}
        return Reply(200, {}, json.dumps(said).encode())

    def _result(self, path: str) -> dict[str, Any]:
        if path == "/v5/account/info":
            return {"marginMode": self.margin_mode, "unifiedMarginStatus": 6}
        row = {"symbol": "BTCUSDT", "side": "", "size": "0", "positionIdx": 0}
        return {"list": [{**row, "leverage": self.leverage}], "nextPageCursor": ""}


def prepared(account: Account, safety: Safety) -> list[tuple[str, dict[str, Any]]]:
    """Return what was asked of an account to make it what is wanted."""

    async def main(clock: VirtualClock) -> None:
        network = Network(
            "bybit",
            Budgets(CAPS),
            account,
            None,  # type: ignore[arg-type]
            clock,
            random.Random(1),
            lambda now_ns, market, text: None,
            _nothing,
        )
        parts = Bybit(network, TERMS, Keys("key", "s" * 32), True, safety)
        symbol, unified = MARKET.symbol, MARKET.unified
        parts.exchange.set_markets([_market(parts.exchange, symbol, unified)])
        await parts.prepare(MARKET)

    virtual.run(main)
    return account.asked


def test_the_margin_mode_of_the_account_is_set_in_its_own_words() -> None:
    # "Set Margin Mode": of the whole account.
    asked = prepared(Account(), Safety(margin_mode="cross"))
    assert asked == [("POST /v5/account/set-margin-mode", {"setMarginMode": "REGULAR_MARGIN"})]


def test_the_leverage_of_a_market_is_set_for_both_sides_alike() -> None:
    # "Set Leverage": in one-way mode both have to be the same.
    asked = prepared(Account(), Safety(leverage=Decimal("12.5")))
    words = {"category": "linear", "symbol": "BTCUSDT"}
    both = {"buyLeverage": "12.5", "sellLeverage": "12.5"}
    assert asked == [("POST /v5/position/set-leverage", words | both)]


def test_what_is_so_already_is_not_asked_for() -> None:
    assert prepared(Account(), Safety(margin_mode="isolated", leverage=Decimal("10.0"))) == []


@pytest.mark.parametrize(
    ("safety", "what"),
    [
        (Safety(margin_mode="cross"), "margin_mode"),
        (Safety(leverage=Decimal(5)), "leverage"),
    ],
)
def test_what_reads_back_otherwise_ends_the_start(safety: Safety, what: str) -> None:
    with pytest.raises(VenueError, match=f"venue.{what}: expected .* reads back"):
        prepared(Account(heeds=False), safety)


def test_a_word_that_it_is_so_already_is_no_error_where_it_reads_back_so() -> None:
    account = Account(refuses=True)
    assert len(prepared(account, Safety(margin_mode="cross", leverage=Decimal(5)))) == 2
    assert (account.margin_mode, account.leverage) == ("REGULAR_MARGIN", "5")


def _market(exchange: Any, symbol: str, unified: str) -> Any:
    return exchange.safe_market_structure(
        {
            "id": symbol,
            "symbol": unified,
            "base": "BTC",
            "quote": "USDT",
            "settle": "USDT",
            "type": "swap",
            "swap": True,
            "spot": False,
            "contract": True,
            "linear": True,
            "active": True,
            "contractSize": 1.0,
            "precision": {"price": 0.1, "amount": 0.001},
        }
    )


async def _nothing() -> None:
    """Hold nothing open."""
