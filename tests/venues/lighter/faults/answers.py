"""Faults of requests and of what is read: refusals, stale lists, missing rows, wrong positions."""

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tests.venues.common.faults import NOTHING
from tests.venues.common.http import Plan, said
from tests.venues.lighter.errors import MESSAGES
from tests.venues.lighter.faults.hands import fill
from tests.venues.lighter.gateway import Call
from tests.venues.lighter.shapes import accounts
from tests.venues.lighter.transactions import TxType, batch

LISTS = ("orders", "trades", "accounts", "position_fundings", "txs")


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue refuses at the door, with a code of its own."""

    code: int
    status: int = 400
    message: str = ""

    def meet(self, call: Call) -> Plan:
        """Refuse."""
        message = self.message or MESSAGES.get(self.code, "refused")
        return Plan(said({"code": self.code, "message": message}, self.status))


@dataclass(frozen=True, slots=True)
class RefuseSide:
    """Orders of one side are refused at the door; a batch with one is refused whole."""

    side: str
    code: int = 21739

    def meet(self, call: Call) -> Plan:
        """Refuse that side, carry out the other."""
        is_ask = self.side == "sell"
        creates = (tx for tx in batch(dict(call.asked.words)) if tx.kind == TxType.CREATE)
        if any(tx.fields["IsAsk"] == is_ask for tx in creates):
            return Refuse(self.code).meet(call)
        return Plan(call())


@dataclass(frozen=True, slots=True)
class RefuseBatch:
    """The venue lets the first transactions of a batch in, and refuses it with a code."""

    code: int
    let_in: int = 1

    def meet(self, call: Call) -> Plan:
        """Let in what comes before, and refuse."""
        if self.let_in:
            words = dict(call.asked.words)
            for name in ("tx_types", "tx_infos"):
                words[name] = json.dumps(json.loads(words[name])[: self.let_in])
            call.venue.gateway.carry_out(replace(call.asked, words=words))
        return Refuse(self.code).meet(call)


@dataclass(frozen=True, slots=True)
class BareError:
    """A transaction over a stream is refused by a frame that names no request."""

    code: int = 21104

    def meet(self, call: Call) -> Plan:
        """Refuse without an id: the session sends as it is what is no JSON object with a code."""
        error = {"error": {"code": self.code, "message": MESSAGES.get(self.code, "refused")}}
        return Plan(said(error, 400))


@dataclass(frozen=True, slots=True)
class FalseEmpty:
    """A list is empty that is not."""

    def meet(self, call: Call) -> Plan:
        """Empty the lists."""
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
        answer = call()
        words = json.loads(answer.body)
        exchange = call.venue.exchange
        before_ns = exchange.now_ns - round(self.s * 1e9)
        account = exchange.accounts[int(call.asked.words["account_index"])]
        wanted = call.asked.words.get("market_id", "255")
        words["orders"] = [
            {**accounts.order(exchange.floors[o.market_id].market, o), "status": "open"}
            for o in account.orders.values()
            if o.created_ns <= before_ns
            and (o.is_open or o.updated_ns > before_ns)
            and wanted in ("255", str(o.market_id))
        ]
        return Plan(said(words, answer.status))


@dataclass(frozen=True, slots=True)
class OmitMarket:
    """One market is missing among an account's positions."""

    omitted: str

    def meet(self, call: Call) -> Plan:
        """Leave it out."""
        return _positions(call, lambda rows: [r for r in rows if r["symbol"] != self.omitted])


@dataclass(frozen=True, slots=True)
class WrongPosition:
    """Every position is multiplied: by 0 it is flat, by -1 turned round, by 10 in other units."""

    factor: int = 0

    def meet(self, call: Call) -> Plan:
        """Change the positions."""
        return _positions(call, lambda rows: [self._times(row) for row in rows])

    def _times(self, row: dict[str, Any]) -> dict[str, Any]:
        whole, _, decimals = row["position"].partition(".")
        lots = int(whole + decimals) * abs(self.factor)
        spelled = f"{lots / 10 ** len(decimals):.{len(decimals)}f}"
        sign = row["sign"] * (-1 if self.factor < 0 else 1)
        return {**row, "position": spelled, "sign": sign}


@dataclass(frozen=True, slots=True)
class FillAtOnce:
    """An order trades, a share of it, before its acknowledgement leaves."""

    frac: float = 1.0
    s: float = 0.5

    def meet(self, call: Call) -> Plan:
        """Do it, let it trade as soon as it rests, and answer later."""
        venue = call.venue
        for tx in batch(dict(call.asked.words)):
            if tx.kind == TxType.CREATE:
                deed = partial(self._fill, call, tx.account, tx.client_index)
                venue.agenda.after(self.s / 2, deed)
        return Plan(call(), self.s)

    def _fill(self, call: Call, account: int, client_index: int) -> None:
        venue = call.venue
        order = venue.exchange.accounts[account].by_client.get(client_index)
        if order is not None and order.is_open:
            lots = max(1, round(order.open_lots * self.frac))
            venue.round(partial(fill, venue.exchange, order, lots))


def _changed(call: Call, change: Any) -> Plan:
    answer = call()
    words = json.loads(answer.body)
    for name in LISTS:
        if isinstance(words.get(name), list):
            words[name] = change(words[name])
    return Plan(said(words, answer.status)) if words else Plan(NOTHING)


def _positions(call: Call, change: Any) -> Plan:
    answer = call()
    words = json.loads(answer.body)
    for account in words.get("accounts", ()):
        account["positions"] = change(account["positions"])
    return Plan(said(words, answer.status))
