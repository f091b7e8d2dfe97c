"""Keep the venue's own top of book, the independent check on ours."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from connectors.tape.grid import to_ticks
from connectors.tape.tape import TopOfBook

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from connectors.tape.binance_wire import BookTicker


class TopLog:
    """Collect bookTicker messages, in any order."""

    __slots__ = ("_id", "_place", "_prices")

    def __init__(self) -> None:
        self._id = array("q")
        self._prices = array("d")
        self._place = array("q")

    def take(self, ticker: BookTicker, place: int) -> None:
        """Append one message."""
        self._id.append(ticker.update_id)
        self._prices.extend((ticker.bid, ticker.ask))
        self._place.append(place)

    def close(self, tick_size: Decimal, text: Callable[[int], str]) -> TopOfBook:
        """Return the messages sorted by update id."""
        import numpy as np

        update_id = np.array(self._id, np.int64)
        prices = np.array(self._prices, np.float64)
        ticks = to_ticks(prices, tick_size, lambda k: text(self._place[k // 2]), or_none=True)
        order = np.argsort(update_id, kind="stable")
        return TopOfBook(update_id[order], ticks[0::2][order], ticks[1::2][order])
