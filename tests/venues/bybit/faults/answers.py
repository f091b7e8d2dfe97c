"""Faults of requests and of what is read: refusals, stale lists, missing rows, wrong positions."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tests.venues.bybit.errors import MESSAGES, NO_BALANCE, SERVER_ERROR, TOO_MANY
from tests.venues.bybit.faults.hands import fill
from tests.venues.bybit.gateway import rows_of
from tests.venues.bybit.guard import KEY
from tests.venues.bybit.orders import Status
from tests.venues.bybit.shapes import accounts
from tests.venues.common.http import JSON, Answer, Plan, said
from tests.venues.perpetuals.gate import Call

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue refuses at the door, with a code of its own."""

    code: int
    status: int = 200
    message: str = ""

    def meet(self, call: Call) -> Plan:
        """Refuse."""
        return Plan(_refusal(call, self.code, self.message, self.status))


@dataclass(frozen=True, slots=True)
class RefuseSide:
    """Orders of one side are refused at the door; a batch with one is refused whole."""

    side: str
    code: int = NO_BALANCE

    def meet(self, call: Call) -> Plan:
        """Refuse that side, carry out the other."""
        if any(str(row.get("side")).lower() == self.side for row in rows_of(call.asked)):
            return Plan(_refusal(call, self.code))
        return Plan(call())


@dataclass(frozen=True, slots=True)
class ServerError:
    """The venue says that it has failed, whether or not it did what was asked."""

    is_processed: bool = True

    def meet(self, call: Call) -> Plan:
        """Do it, and say that it went wrong."""
        if self.is_processed:
            call()
        return Plan(_refusal(call, SERVER_ERROR))


@dataclass(frozen=True, slots=True)
class TooMany:
    """The account has asked too often, and hears until when."""

    retry_after_s: float = 1.0

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        until_ms = call.venue.exchange.now_ms + round(self.retry_after_s * 1e3)
        told = {"X-Bapi-Limit-Status": "0", "X-Bapi-Limit-Reset-Timestamp": str(until_ms)}
        refused = _refusal(call, TOO_MANY)
        return Plan(Answer(refused.status, refused.body, {**JSON, **told}))


@dataclass(frozen=True, slots=True)
class FalseEmpty:
    """A list is empty that is not."""

    def meet(self, call: Call) -> Plan:
        """Empty the list."""
        return _changed(call, lambda rows: [])


@dataclass(frozen=True, slots=True)
class Subset:
    """A share of a list's rows is missing, by chance."""

    frac: float = 0.5

    def meet(self, call: Call) -> Plan:
        """Leave rows out."""
        return _changed(call, lambda rows: [r for r in rows if call.chance.random() >= self.frac])


@dataclass(frozen=True, slots=True)
class StaleList:
    """The list of open orders is as old as this: new ones are missing, ended ones still there."""

    s: float = 2.0

    def meet(self, call: Call) -> Plan:
        """Answer with what was."""
        exchange = call.venue.exchange
        account, _ = call.venue.guard.find(call.asked.headers[KEY])
        before_ns, symbol = exchange.now_ns - round(self.s * 1e9), call.asked.words.get("symbol")
        old = [
            {
                **accounts.order(exchange.floors[o.symbol].market, o),
                "orderStatus": str(Status.NEW),
            }
            for o in account.orders.values()
            if o.created_ns <= before_ns
            and (o.is_open or o.updated_ns > before_ns)
            and symbol in (None, o.symbol)
        ]
        return _changed(call, lambda rows: old)


@dataclass(frozen=True, slots=True)
class OmitMarket:
    """One market is missing among an account's positions."""

    omitted: str

    def meet(self, call: Call) -> Plan:
        """Leave it out."""
        return _changed(call, lambda rows: [r for r in rows if r["symbol"] != self.omitted])


@dataclass(frozen=True, slots=True)
class WrongPosition:
    """Every position is multiplied: by 0 it is flat, by -1 turned round, by 10 in other units."""

    factor: int = 0

    def meet(self, call: Call) -> Plan:
        """Change the positions."""
        return _changed(call, lambda rows: [self._times(row) for row in rows])

    def _times(self, row: dict[str, Any]) -> dict[str, Any]:
        turned = {"Buy": "Sell", "Sell": "Buy"}
        side = turned.get(row["side"], "") if self.factor < 0 else row["side"]
        size = Decimal(row["size"]) * abs(self.factor)
        return {**row, "size": str(size), "side": side if size else ""}


@dataclass(frozen=True, slots=True)
class FillAtOnce:
    """An order trades, a share of it, before its acknowledgement leaves."""

    frac: float = 1.0
    s: float = 0.5

    def meet(self, call: Call) -> Plan:
        """Do it, let it trade as soon as it rests, and answer later."""
        link = str(json.loads(call.asked.raw).get("orderLinkId") or "")
        call.venue.agenda.after(self.s / 2, partial(self._fill, call, link))
        return Plan(call(), self.s)

    def _fill(self, call: Call, link: str) -> None:
        venue = call.venue
        account, _ = venue.guard.find(call.asked.headers[KEY])
        order = account.find("", link)
        if order is not None and order.is_open:
            lots = max(1, round(order.open_lots * self.frac))
            venue.round(partial(fill, venue.exchange, order, lots))


def _refusal(call: Call, code: int, message: str = "", status: int = 200) -> Answer:
    words = {"retCode": code, "retMsg": message or MESSAGES.get(code, "refused")}
    now_ms = call.venue.exchange.now_ms
    return said({**words, "result": {}, "retExtInfo": {}, "time": now_ms}, status)


def _changed(call: Call, change: Callable[[Rows], Rows]) -> Plan:
    answer = call()
    if answer.status != 200:
        return Plan(answer)
    words = json.loads(answer.body)
    if isinstance(words["result"].get("list"), list):
        words["result"]["list"] = change(words["result"]["list"])
    return Plan(Answer(answer.status, said(words).body, answer.headers))
