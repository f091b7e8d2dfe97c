"""Faults of stream frames: lost, twice, late, out of order, garbled, or wrong in content.

Each returns what is delivered instead of a frame: pairs of a delay in seconds and bytes. A fault
that leaves the client's book wrong says so to the truth log.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.stage.front import MARKET, Frame
from tests.stage.network import Network

Sent = list[tuple[float, bytes]]


@dataclass(frozen=True, slots=True)
class Drop:
    """Never delivered."""

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Deliver nothing."""
        _spoilt(network, frame)
        return []


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Delivered several times, the later ones after a while."""

    copies: int = 2
    s: float = 0.05

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Repeat it."""
        return [(self.s * k, frame.encoded()) for k in range(self.copies)]


@dataclass(frozen=True, slots=True)
class Late:
    """Delivered later than what follows it."""

    s: float

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Delay it."""
        _spoilt(network, frame)
        return [(self.s, frame.encoded())]


@dataclass(slots=True)
class Reorder:
    """Each `k` frames of a market are delivered in the opposite order."""

    k: int = 3
    _held: dict[str, list[bytes]] = field(default_factory=dict)

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Hold it back until there are `k`."""
        _spoilt(network, frame)
        held = self._held.setdefault(frame.market, [])
        held.append(frame.encoded())
        if len(held) < self.k:
            return []
        return [(0.0, data) for data in self._held.pop(frame.market)[::-1]]


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something else is delivered: no JSON, the wrong types, a type that nobody knows."""

    text: str = "{"

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Deliver the text."""
        _spoilt(network, frame)
        return [(0.0, self.text.encode())]


@dataclass(frozen=True, slots=True)
class Poison:
    """One field has another value."""

    field: str
    value: Any

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Replace it."""
        _spoilt(network, frame)
        return [(0.0, json.dumps(frame.words | {self.field: self.value}).encode())]


@dataclass(frozen=True, slots=True)
class Cross:
    """A bid is shown above the asks, and its removal never comes."""

    ticks: int = 100

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Add the bid."""
        book = network.front.exchange.books[frame.market]
        _spoilt(network, frame)
        price = book.instrument.price(book.asks[0][0] + self.ticks)
        level = [str(price), str(book.instrument.lot_size_base * 10)]
        words = frame.words | {"bids": [*frame.words.get("bids", []), level]}
        return [(0.0, json.dumps(words).encode())]


@dataclass(frozen=True, slots=True)
class FreezeSide:
    """One side stands still at the venue's counter; the sequence stays whole."""

    side: str = "asks"

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Leave the side out, so that the frame after the last of these tells all of it."""
        _spoilt(network, frame)
        network.healing.add(frame.market)
        if self.side in frame.words:
            network.front.untell(frame.market, self.side)
        return [(0.0, json.dumps(frame.words | {self.side: []}).encode())]


@dataclass(frozen=True, slots=True)
class EmptySide:
    """Every level of one side is taken away; the sequence stays whole."""

    side: str = "bids"

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Take them away."""
        _spoilt(network, frame)
        book = network.front.exchange.books[frame.market]
        of, centre = book.instrument, book.bids[0][0]
        gone = [[str(of.price(t)), "0"] for t in range(centre - 400, centre + 400)]
        return [(0.0, json.dumps(frame.words | {self.side: gone}).encode())]


@dataclass(frozen=True, slots=True)
class Scale:
    """Every price of a frame is multiplied."""

    factor: str = "10"

    def frames(self, network: Network, frame: Frame) -> Sent:
        """Change prices of both sides."""
        _spoilt(network, frame)
        sides = {
            side: [[str(Decimal(p) * Decimal(self.factor)), s] for p, s in frame.words[side]]
            for side in ("bids", "asks")
            if side in frame.words
        }
        return [(0.0, json.dumps(frame.words | sides).encode())]


def _spoilt(network: Network, frame: Frame) -> None:
    """Say that the client's book of this market is wrong from here on."""
    if frame.stream == MARKET:
        network.feed(frame.market, False)
