"""Ask Hyperliquid what anybody may ask: each question is a body of its own at one address.

Questions are dear, and most answers are of all markets: who asks the same while a question still
waits for its turn has a part in its answer. One that has left is asked anew.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from connectors.calls import Request
from connectors.ccxt.native import hyperliquid_wire as wire
from connectors.ccxt.native.hyperliquid import FUNDED_EVERY_H, next_hour_ms
from connectors.ccxt.native.listed import market
from connectors.ccxt.native.rest import answered
from connectors.ccxt.network import PAID, Network
from connectors.ccxt.words import Rates
from connectors.pacing import Kind
from connectors.socket import Malformed

T = TypeVar("T")
INFO = "/info"
JSON = {"Content-Type": "application/json"}
PRICE_DECIMALS = 6
"""A price has at most so many decimals less those of a size."""
PRICE_DIGITS = 5
"""And so many digits that count, unless it is whole ("Tick and lot size")."""
LEAST_COST = "10"
QUOTE = "USDC"
LIGHT, USUAL = 2, 20
"""Weights of questions ("Rate limits")."""


class HyperliquidRest:
    """Hyperliquid's `PublicRest`, of its own perpetuals."""

    def __init__(self, network: Network, url: str) -> None:
        self._network = network
        self._url = url
        self._waiting: dict[bytes, asyncio.Task[tuple[int, Any]]] = {}

    async def ask(
        self, kind: type[T], weight: int, urgency: Kind = Kind.READ, **words: object
    ) -> T:
        """Return an answer. Raises Told where the venue refuses, Lost where nothing is known, and
        Malformed for what is not of the kind."""
        body = msgspec.json.encode(words)
        task = self._waiting.get(body)
        if task is None:
            task = self._waiting[body] = asyncio.ensure_future(self._asked(body, weight, urgency))
            task.add_done_callback(_heard)
        status, said = await asyncio.shield(task)
        return answered(status, said, kind, str(words.get("type")))

    async def _asked(self, body: bytes, weight: int, urgency: Kind) -> tuple[int, Any]:
        """Send a question once it is its turn; return status and answer."""
        pacer, clock = self._network.budgets.reads, self._network.clock
        try:
            await pacer.turn(weight, urgency, clock)
        finally:
            del self._waiting[body]
        PAID.set(pacer)
        return await self._network.carry(Request("POST", f"{self._url}{INFO}", JSON, body))

    async def time_ms(self) -> int:
        """Return the venue's time."""
        return (await self.ask(wire.Status, LIGHT, type="exchangeStatus")).time

    async def assets(self) -> list[wire.Asset]:
        """Return every perpetual, by the number that orders name it with."""
        return (await self.ask(wire.Meta, USUAL, type="meta")).universe

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every perpetual in ccxt's words."""
        return [market_of(each) for each in await self.assets()]

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        bids, asks = (await self.ask(wire.Best, LIGHT, type="l2Book", coin=symbol)).levels
        return bids[0].px if bids else "", asks[0].px if asks else ""

    async def rates(self, symbol: str) -> Rates:
        """Return mark, oracle and funding."""
        meta, contexts = await self.ask(
            tuple[wire.Meta, list[wire.Context]], USUAL, type="metaAndAssetCtxs"
        )
        for asset, ctx in zip(meta.universe, contexts, strict=True):
            if asset.name == symbol:
                due_ms = next_hour_ms(self._network.now_ms())
                words = ctx.markPx, ctx.oraclePx, ctx.funding
                return Rates(symbol, *words, due_ms, FUNDED_EVERY_H)
        raise Malformed(f"{symbol[:40]} has no context")


def _heard(task: "asyncio.Task[tuple[int, Any]]") -> None:
    """Take note of how a question has ended: whoever has asked may be gone."""
    if not task.cancelled():
        task.exception()


def market_of(asset: wire.Asset) -> Mapping[str, Any]:
    """Return a perpetual. Its tick is the finest that any of its prices may have."""
    lot, tick = asset.szDecimals, max(0, PRICE_DECIMALS - asset.szDecimals)
    made = market(
        asset.name,
        asset.name,
        QUOTE,
        is_spot=False,
        is_active=not asset.isDelisted,
        tick=f"1e-{tick}",
        lot=f"1e-{lot}",
        least=None,
        least_cost=LEAST_COST,
    )
    unified = f"{asset.name}/{QUOTE}:{QUOTE}"
    return {**made, "symbol": unified, "price_digits": PRICE_DIGITS}
