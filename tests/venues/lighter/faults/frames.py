"""Faults of what streams say: wrong books, wrong states, ids that are no ids."""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from tests.venues.common.faults import Frame, Sent, edited


@dataclass(frozen=True, slots=True)
class Cross:
    """A bid is shown above the asks, and its removal never comes."""

    above_frac: str = "0.001"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Add the bid."""
        words = frame.copy()
        book = words["order_book"]
        prices = [Decimal(row["price"]) for row in (*book["asks"], *book["bids"])]
        step = prices[0].as_tuple().exponent if prices else 0
        top = max(prices, default=Decimal(1)) * (1 + Decimal(self.above_frac))
        crossing = top.quantize(Decimal(1).scaleb(int(step)))
        book["bids"].insert(0, {"price": str(crossing), "size": "1.0000"})
        return _sent(words)


@dataclass(frozen=True, slots=True)
class FreezeSide:
    """One side stands still; the sequence stays whole."""

    side: str = "asks"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Leave the side's changes out."""
        return _sent(edited(frame.copy(), {f"order_book.{self.side}": []}))


@dataclass(frozen=True, slots=True)
class Scale:
    """Every price of a book, a ticker or a trade is multiplied; an update of a book without a new
    bid is left as it is: asks far above the others are nothing that anybody could see."""

    factor: str = "10"

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Multiply."""
        words = frame.copy()
        book = words.get("order_book")
        if book is not None and not any(Decimal(level["size"]) for level in book["bids"]):
            return [(0.0, frame.encoded())]
        return _sent(self._scaled(words))

    def _scaled(self, words: Any) -> Any:
        if isinstance(words, list):
            return [self._scaled(each) for each in words]
        if not isinstance(words, dict):
            return words
        return {k: self._times(v) if k == "price" else self._scaled(v) for k, v in words.items()}

    def _times(self, price: str) -> str:
        if not price:
            return price
        exact = Decimal(price) * Decimal(self.factor)
        return str(exact.quantize(Decimal(price)))


@dataclass(frozen=True, slots=True)
class OldSnapshot:
    """A snapshot is older than the updates that follow: they do not join."""

    nonces: int = 1_000

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Set its nonce back."""
        words = frame.copy()
        words["order_book"]["nonce"] -= self.nonces
        return _sent(words)


@dataclass(frozen=True, slots=True)
class SayStatus:
    """Orders are told with a status that nobody has heard of."""

    status: str

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Put it in."""
        return _sent(edited(frame.copy(), {"orders.*.*.status": self.status}))


@dataclass(frozen=True, slots=True)
class SayOpen:
    """Some time after an order's end it is told once more as resting, in full."""

    s: float = 0.5

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Send the frame, and later what it was before."""
        words = frame.copy()
        for rows in words["orders"].values():
            for row in rows:
                row |= {"status": "open", "remaining_base_amount": row["initial_base_amount"]}
                row["filled_base_amount"] = "0"
        return [(0.0, frame.encoded()), (self.s, msgspec.json.encode(words))]


@dataclass(frozen=True, slots=True)
class SameTradeId:
    """Every trade has the id of the first one that was told so."""

    _first: list[int] = field(default_factory=list)

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Give the id again."""
        words = frame.copy()
        for row in (row for rows in words["trades"].values() for row in rows):
            self._first.append(row["trade_id"])
            row |= {"trade_id": self._first[0], "trade_id_str": str(self._first[0])}
        return _sent(words)


def _sent(words: Any) -> Sent:
    return [(0.0, msgspec.json.encode(words))]
