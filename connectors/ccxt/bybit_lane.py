"""Carry Bybit's requests of one sort: over the stream for orders where it is open, else over HTTP.

What is asked for at one moment leaves as one request, and nothing waits for company. Each order of
a batch has an answer of its own; a batch whose answer is lost leaves each of its orders unknown.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from connectors.calls import Asked, Confirmed, Lost, Refused, Unproven
from connectors.ccxt.answers import Told, Verdict, answer_of, verdict_of
from connectors.ccxt.asking import written
from connectors.ccxt.bybit_orders import post
from connectors.ccxt.bybit_rates import heed
from connectors.ccxt.codes import BYBIT
from connectors.ccxt.keeper import Keeper
from connectors.ccxt.lane import Body, Lane
from connectors.ccxt.library import Exchange
from connectors.ccxt.network import Network
from connectors.ccxt.words import Answered
from connectors.pacing import Pacer

MOST = 10
"""Orders of one batch: Bybit takes as many of every account."""
RECV_WINDOW_MS = 5000
ANSWER_WITHIN_S = 5.0
DEAF_AFTER_S = 1.5
"""A stream that has not said anything so long after a request is not waited for: what comes next
goes over HTTP until there is another."""
BATCH = "-batch"


class BybitLane:
    """Requests of one sort, as ``order.create``. Their budget, of one each, has been taken."""

    def __init__(
        self,
        exchange: Exchange,
        network: Network,
        op: str,
        pacer: Pacer,
        keys: Iterator[int],
        trade: Callable[[], Keeper | None],
    ) -> None:
        """`keys` number all requests of a stream, `trade` gives the stream for orders."""
        self._exchange = exchange
        self._network = network
        self._op = op
        self._pacer = pacer
        self._keys = keys
        self._trade = trade
        self._asked = Asked(pacer, ANSWER_WITHIN_S)
        self._lane = Lane(MOST, self._carry)

    async def write(self, body: Body) -> Verdict:
        """Send a request once, with those of its sort that are asked for at this moment."""
        return await self._lane.write(body)

    def on_answer(self, answered: Answered) -> None:
        """Take an answer of the stream, which may be to another sort."""
        is_ours = self._asked.answer(answered.request_id, _outcome_of(answered))
        header = answered.body.get("header")
        if is_ours and isinstance(header, dict):
            heed(self._network, self._pacer, header)

    def on_lost(self, why: str) -> None:
        """Hear that what was asked over the stream will not be answered."""
        self._asked.lose(why)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._lane.close()

    async def _carry(self, bodies: Sequence[Body]) -> list[Verdict]:
        """Send requests as one; return a verdict for each."""
        if len(bodies) == 1:
            return [await self._send(self._op, bodies[0])]
        rows = [{k: v for k, v in body.items() if k != "category"} for body in bodies]
        try:
            told = await self._send(self._op + BATCH, {"category": "linear", "request": rows})
        finally:
            for _ in bodies[1:]:
                self._pacer.release()
        if not isinstance(told.outcome, Confirmed):
            return [told] * len(bodies)
        return fates(told.outcome.body, [str(body["orderLinkId"]) for body in bodies])

    async def _send(self, op: str, body: Body) -> Verdict:
        trade = self._trade()
        if trade is None or not trade.is_whole:
            path = f"v5/{op.replace('.', '/')}"
            return await written(self._pacer, lambda: post(self._exchange, path, body))
        key = f"mm{next(self._keys)}"
        header = {
            "X-BAPI-TIMESTAMP": str(self._network.now_ms()),
            "X-BAPI-RECV-WINDOW": str(RECV_WINDOW_MS),
        }
        frame = {"op": op, "reqId": key, "args": [body], "header": header}

        async def send() -> None:
            try:
                await trade.send_once(frame)
            except ConnectionError as error:
                raise Lost(str(error), False) from None

        loop = asyncio.get_running_loop()
        why = f"no word for {DEAF_AFTER_S:g} s after a request"
        look = loop.call_later(DEAF_AFTER_S, trade.break_if_deaf, loop.time(), why)
        try:
            outcome = await self._asked.ask(key, send)
        finally:
            look.cancel()
        if isinstance(outcome, Refused):
            code = str(outcome.code) if outcome.code else ""
            answer = answer_of(Exception(), code, outcome.text, BYBIT)
            return Verdict(outcome, answer) if code else verdict_of(Lost("", False))
        return Verdict(outcome)


def fates(said: Any, texts: Sequence[str]) -> list[Verdict]:
    """Return what a batch's answer proves of each order, which `texts` name. What it does not speak
    of is unknown."""
    try:
        rows = (said.get("data") or said.get("result"))["list"]
        codes = said["retExtInfo"]["list"]
        told = list(zip(rows, codes, texts, strict=True))
        return [_fate(row, code, text) for row, code, text in told]
    except (AttributeError, KeyError, TypeError, ValueError):
        return [Verdict(Unproven(f"not as documented: {str(said)[:120]}"))] * len(texts)


def _fate(row: Body, code: Body, text: str) -> Verdict:
    if row["orderLinkId"] != text:
        return Verdict(Unproven(f"answered for {str(row['orderLinkId'])[:40]}"))
    return Verdict(Confirmed(row)) if code["code"] in (0, "0") else _refused(code)


def _refused(told: Body) -> Verdict:
    code, text = str(told["code"]), str(told["msg"])
    return verdict_of(Told(code, text, 200, answer_of(Exception(), code, text, BYBIT)))


def _outcome_of(answered: Answered) -> Confirmed | Refused | Unproven:
    if answered.code == "0":
        return Confirmed(answered.body)
    outcome = _refused({"code": answered.code, "msg": answered.text}).outcome
    return outcome if isinstance(outcome, (Refused, Unproven)) else Unproven(answered.text)
