"""Give a dialect an exchange whose requests end in a list: nothing leaves, and no list is read."""

import json
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.calls import Reply, Request
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.dialects import Dialect
from connectors.ccxt.ids import Codec
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.units import Units
from connectors.ccxt.writes import DialectWrites
from connectors.model.instrument import Instrument
from tests.virtual import VirtualClock

CAPS = Caps(600, 10, 10, 10, 50, 100)
SIGNED = {"timestamp", "signature", "recvWindow", "nonce"}


class Listener:
    """A `Sender` that keeps what it is given and answers with nothing."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    async def send(self, request: Request) -> Reply:
        """Keep it."""
        self.sent.append(request)
        return Reply(200, {}, b'{"code":"0","data":[{"sCode":"0"}]}')


class Captured:
    """One venue's writes, a market, and what would have been sent."""

    def __init__(
        self,
        clock: VirtualClock,
        dialect: Dialect,
        symbol: str,
        unified: str,
        steps: tuple[str, str],
        contract: str = "1",
    ) -> None:
        self.http = Listener()
        self.network = Network(
            dialect.venue,
            Budgets(CAPS),
            self.http,
            None,  # type: ignore[arg-type]
            clock,
            random.Random(1),
            lambda now_ns, market, text: None,
            _nothing,
        )
        way = Way(dialect.exchange, dialect.options, dialect.codes)
        self.exchange = exchange_of(way, self.network, Keys("key", "s" * 32, "word"))
        self.exchange.walletAddress = "0x" + "11" * 20
        self.exchange.privateKey = "0x" + "22" * 32
        base, _, rest = unified.partition("/")
        quote, _, settle = rest.partition(":")
        lot = Decimal(steps[1])
        self.exchange.set_markets(
            [_market(self.exchange, symbol, unified, base, quote, settle, steps, contract)]
        )
        instrument = Instrument(symbol, base, quote, Decimal(steps[0]), lot * Decimal(contract))
        units = Units.of(instrument, Decimal(contract))
        self.market = Listed("btc", symbol, unified, units, Codec(symbol, dialect.alphabet))
        self.writes = DialectWrites(self.exchange, self.network, dialect)

    def only(self) -> tuple[str, dict[str, Any]]:
        """Return method and path, and the words, of the one request that was sent."""
        (request,) = self.http.sent
        self.http.sent.clear()
        return said(request)


def rows_said(request: Request) -> tuple[str, Any]:
    """Return a request that names several orders: its words, or its rows where it is a list."""
    place, words = said(request)
    body = request.body.decode()
    return place, json.loads(body) if body.startswith("[") else words


def said(request: Request) -> tuple[str, dict[str, Any]]:
    """Return a request without what signs it."""
    parts = urlsplit(request.url)
    words: dict[str, Any] = dict(parse_qsl(parts.query))
    body = request.body.decode()
    if body.startswith(("{", "[")):
        read = json.loads(body)
        words |= read[0] if isinstance(read, list) else read
    else:
        words |= dict(parse_qsl(body))
    return f"{request.method} {parts.path}", {k: v for k, v in words.items() if k not in SIGNED}


def _market(
    exchange: Any,
    symbol: str,
    unified: str,
    base: str,
    quote: str,
    settle: str,
    steps: tuple[str, str],
    contract: str,
) -> Mapping[str, Any]:
    kind = "swap" if settle else "spot"
    made: Mapping[str, Any] = exchange.safe_market_structure(
        {
            "id": symbol,
            "symbol": unified,
            "base": base,
            "quote": quote,
            "settle": settle or None,
            "baseId": "0" if exchange.id == "hyperliquid" else base,
            "quoteId": quote,
            "settleId": settle or None,
            "type": kind,
            "spot": not settle,
            "swap": bool(settle),
            "future": False,
            "option": False,
            "contract": bool(settle),
            "linear": True if settle else None,
            "inverse": False if settle else None,
            "active": True,
            "contractSize": float(contract) if settle else None,
            "precision": {"price": float(steps[0]), "amount": float(steps[1])},
            "limits": {"amount": {"min": float(steps[1])}, "price": {}, "cost": {}, "leverage": {}},
            "info": {"orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"]},
        }
    )
    return made


async def _nothing() -> None:
    """Hold nothing open."""
