"""Send Bybit's orders: over the stream for orders where it is open, else over HTTP.

ccxt makes the body. What it asks of the venue has to be what was meant, to the last digit: it would
round a price to the nearest tick, and keep every request of a stream for ever.
"""

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Any

from connectors.calls import Asked, Confirmed, Lost, Refused, Unproven
from connectors.ccxt.answers import Told, Verdict, answer_of, verdict_of
from connectors.ccxt.asking import written
from connectors.ccxt.codes import BYBIT
from connectors.ccxt.commands import Command
from connectors.ccxt.keeper import Keeper
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.words import Answered
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY
from connectors.pacing import Pacer

RECV_WINDOW_MS = 5000
ANSWER_WITHIN_S = 5.0
REST = {
    "order.create": "privatePostV5OrderCreate",
    "order.cancel": "privatePostV5OrderCancel",
    "order.amend": "privatePostV5OrderAmend",
}


class BybitWrites:
    """The orders of one account. Give it the stream for orders as `trade`, where there is one."""

    life_ns = RECV_WINDOW_MS * 1_000_000
    amends = True

    def __init__(self, exchange: Exchange, network: Network) -> None:
        self._exchange = exchange
        self._network = network
        self._numbers = count(1)
        self.trade: Keeper | None = None
        self._asked = {
            id(pacer): Asked(pacer, ANSWER_WITHIN_S)
            for pacer in (network.budgets.places, network.budgets.cancels, network.budgets.amends)
        }

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        units = market.units
        price, amount = units.price_text(command.ticks), units.amount_text(command.lots)
        side = "buy" if command.side == BUY else "sell"
        params = {
            "clientOrderId": market.codec.text(command.client_id),
            "timeInForce": _time_in_force(command.flags),
            "positionIdx": 0,
        }
        if command.flags & REDUCE_ONLY:
            params["reduceOnly"] = True
        make = self._exchange.create_order_request
        body = make(market.unified, "limit", side, amount, price, params)
        _as_meant(body, price, amount)
        return await self._write("order.create", body, self._network.budgets.places)

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        body = {
            "category": "linear",
            "symbol": market.symbol,
            "orderLinkId": market.codec.text(client_id),
        }
        return await self._write("order.cancel", body, self._network.budgets.cancels)

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict:
        """Send an amend: the size is that in all, what has filled included."""
        price, amount = market.units.price_text(ticks), market.units.amount_text(lots)
        body = {
            "category": "linear",
            "symbol": market.symbol,
            "orderLinkId": market.codec.text(client_id),
            "qty": amount,
            "price": price,
        }
        return await self._write("order.amend", body, self._network.budgets.amends)

    async def run(self) -> None:
        """Keep the stream for orders, until cancelled."""
        if self.trade is None:
            await asyncio.Event().wait()
        else:
            await self.trade.run()

    def on_answer(self, answered: Answered) -> None:
        """Take the answer to a request over the stream."""
        if answered.code == "0":
            outcome: Any = Confirmed(answered.body)
        else:
            outcome = self._refused(answered)
        for asked in self._asked.values():
            asked.answer(answered.request_id, outcome)

    def on_lost(self, why: str) -> None:
        """Hear that what was asked over the stream will not be answered."""
        for asked in self._asked.values():
            asked.lose(why)

    def _refused(self, answered: Answered) -> Refused | Unproven:
        answer = answer_of(Exception(), answered.code, answered.text, BYBIT)
        told = Told(answered.code, answered.text, 200, answer)
        outcome = verdict_of(told).outcome
        return outcome if isinstance(outcome, (Refused, Unproven)) else Unproven(str(told))

    async def _write(self, op: str, body: Mapping[str, Any], pacer: Pacer) -> Verdict:
        trade = self.trade
        if trade is None or not trade.is_whole:
            return await written(pacer, lambda: getattr(self._exchange, REST[op])(dict(body)))
        key = f"mm{next(self._numbers)}"
        frame = {
            "op": op,
            "reqId": key,
            "args": [body],
            "header": {
                "X-BAPI-TIMESTAMP": str(self._network.now_ms()),
                "X-BAPI-RECV-WINDOW": str(RECV_WINDOW_MS),
            },
        }

        async def send() -> None:
            try:
                await trade.send_once(frame)
            except ConnectionError as error:
                raise Lost(str(error), False) from None

        outcome = await self._asked[id(pacer)].ask(key, send)
        if isinstance(outcome, Refused):
            code = str(outcome.code) if outcome.code else ""
            refused = Told(code, outcome.text, 200, answer_of(Exception(), code, "", BYBIT))
            return Verdict(outcome, refused.answer) if code else verdict_of(Lost("", False))
        return Verdict(outcome)


def _time_in_force(flags: int) -> str:
    if flags & IOC:
        return "IOC"
    return "PostOnly" if flags & POST_ONLY else "GTC"


def _as_meant(body: Mapping[str, Any], price: str, amount: str) -> None:
    """Raise VenueError where ccxt would ask for another price or size than was meant."""
    if (body.get("price"), body.get("qty")) != (price, amount):
        raise VenueError(
            f"bybit: expected to ask for {amount} at {price}, ccxt made {body.get('qty')} at"
            f" {body.get('price')}: nothing was sent",
            Plan.HALT,
        )
