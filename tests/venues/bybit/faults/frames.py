"""Faults of what streams say: wrong books, wrong states, ids that are no ids."""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from tests.venues.common.faults import Frame, Sent

PRICES = ("p", "price", "lastPrice", "markPrice", "indexPrice", "bid1Price", "ask1Price")


@dataclass(frozen=True, slots=True)
class Cross:
    """A bid is shown above the asks, and its removal never comes."""

    above_frac: str = "0.001"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Add the bid."""
        words = frame.copy()
        book = words["data"]
        prices = [Decimal(row[0]) for row in (*book["a"], *book["b"])]
        if prices:
            top = max(prices) * (1 + Decimal(self.above_frac))
            book["b"].insert(0, [str(top.quantize(prices[0])), "1.000"])
        return _sent(words)


@dataclass(frozen=True, slots=True)
class FreezeSide:
    """One side stands still; the sequence stays whole."""

    side: str = "asks"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Leave the side's changes out."""
        words = frame.copy()
        words["data"][self.side[0]] = []
        return _sent(words)


@dataclass(frozen=True, slots=True)
class Scale:
    """Every price of a book, a ticker or a trade is multiplied; an update of a book without a new
    bid is left as it is: asks far above the others are nothing that anybody could see."""

    factor: str = "10"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Multiply."""
        words = frame.copy()
        data = words["data"]
        if "b" in data and not any(Decimal(size) for _, size in data["b"]):
            return [(0.0, frame.encoded())]
        for row in data if isinstance(data, list) else [data]:
            for name in PRICES:
                if row.get(name):
                    row[name] = self._times(row[name])
            for side in ("a", "b"):
                if isinstance(row.get(side), list):
                    row[side] = [[self._times(price), size] for price, size in row[side]]
        return _sent(words)

    def _times(self, price: str) -> str:
        return str((Decimal(price) * Decimal(self.factor)).quantize(Decimal(price)))


@dataclass(frozen=True, slots=True)
class OldSnapshot:
    """A snapshot is older than the updates that follow: they do not join."""

    updates: int = 1_000

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Set its update id and its sequence back."""
        words = frame.copy()
        words["data"]["u"] -= self.updates
        words["data"]["seq"] -= self.updates
        return _sent(words)


@dataclass(frozen=True, slots=True)
class SayStatus:
    """Orders are told with a status that nobody has heard of."""

    status: str

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Put it in."""
        words = frame.copy()
        for row in words["data"]:
            row["orderStatus"] = self.status
        return _sent(words)


@dataclass(frozen=True, slots=True)
class SayOpen:
    """Some time after an order's end it is told once more as resting, in full."""

    s: float = 0.5

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send the frame, and later what it was before."""
        words = frame.copy()
        for row in words["data"]:
            row |= {"orderStatus": "New", "leavesQty": row["qty"], "cumExecQty": "0"}
        return [(0.0, frame.encoded()), (self.s, msgspec.json.encode(words))]


@dataclass(frozen=True, slots=True)
class SameTradeId:
    """Every execution has the id of the first one that was told so."""

    _first: list[str] = field(default_factory=list)

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Give the id again."""
        words = frame.copy()
        for row in words["data"]:
            self._first.append(row["execId"])
            row["execId"] = self._first[0]
        return _sent(words)


def _sent(words: Any) -> Sent:
    return [(0.0, msgspec.json.encode(words))]
