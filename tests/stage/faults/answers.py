"""Faults of reads: the venue answers in good form, and what it says is old, partial or wrong."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.stage.front import Answer, order_words, refused
from tests.stage.network import Call


@dataclass(frozen=True, slots=True)
class NotFound:
    """An order that is there is not found."""

    async def answer(self, call: Call) -> Answer:
        """Deny it."""
        return refused("not_found", 404)


@dataclass(frozen=True, slots=True)
class StaleList:
    """The list of open orders is as old as this."""

    s: float = 2.0

    async def answer(self, call: Call) -> Answer:
        """List what rested then, at the size of now or none."""
        exchange, market = call.network.front.exchange, call.asked.market
        book = exchange.books[market]
        then = exchange.truth.state(exchange.now_ns - int(self.s * 1e9))
        ids = [o.client_id for o in then.ours(market)]
        rows = [order_words(book, book.orders[i]) | {"status": "open"} for i in ids]
        return _json({"orders": rows, "more": False})


@dataclass(frozen=True, slots=True)
class Subset:
    """Every other row of a list is missing."""

    async def answer(self, call: Call) -> Answer:
        """Leave rows out."""
        return changed(call.carry_out(), lambda rows: rows[1::2])


@dataclass(frozen=True, slots=True)
class FalseEmpty:
    """A list is empty that is not."""

    async def answer(self, call: Call) -> Answer:
        """Leave everything out."""
        return changed(call.carry_out(), lambda rows: [])


@dataclass(frozen=True, slots=True)
class OmitMarket:
    """One market is missing among the positions."""

    omitted: str

    async def answer(self, call: Call) -> Answer:
        """Leave its row out."""
        symbol = call.network.front.exchange.books[self.omitted].instrument.symbol
        return changed(
            call.carry_out(), lambda rows: [row for row in rows if row["market"] != symbol]
        )


@dataclass(frozen=True, slots=True)
class WrongPosition:
    """Every position is multiplied: by 0 it is flat, by -1 turned round, by 10 in other units."""

    factor: int = 0

    async def answer(self, call: Call) -> Answer:
        """Change the sizes."""
        return changed(
            call.carry_out(),
            lambda rows: [r | {"size": str(Decimal(r["size"]) * self.factor)} for r in rows],
        )


@dataclass(frozen=True, slots=True)
class Malformed:
    """A field that must be there has another name, or no value."""

    field: str
    value: str | None = None

    async def answer(self, call: Call) -> Answer:
        """Spoil each row."""

        def spoil(row: dict[str, Any]) -> dict[str, Any]:
            spoilt = {k: v for k, v in row.items() if k != self.field}
            return spoilt if self.value is None else spoilt | {self.field: self.value}

        answer = call.carry_out()
        if self.field in json.loads(answer.body):
            return _json(spoil(json.loads(answer.body)))
        return changed(answer, lambda rows: [spoil(row) for row in rows])


@dataclass(frozen=True, slots=True)
class SayOpen:
    """An order that is over is told as resting, in full."""

    async def answer(self, call: Call) -> Answer:
        """Tell it as it was at first."""
        answer = call.carry_out()
        if answer.status != 200:
            return answer
        return _json(json.loads(answer.body) | {"status": "open", "filled": "0"})


@dataclass(frozen=True, slots=True)
class SayStatus:
    """An order is told with a status that nobody has heard of."""

    status: str

    async def answer(self, call: Call) -> Answer:
        """Change the status."""
        answer = call.carry_out()
        return _json(json.loads(answer.body) | {"status": self.status})


def changed(answer: Answer, change: Callable[[list[dict[str, Any]]], Any]) -> Answer:
    """Return an answer whose only list was changed."""
    words = json.loads(answer.body)
    return _json({k: change(v) if isinstance(v, list) else v for k, v in words.items()})


def _json(words: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(words).encode())
