"""Remember what the venue has said of our orders: each word is news once, and an end stays."""

from collections import OrderedDict

from connectors.lighter.own import Word
from connectors.model.events import ACCEPTED, AMENDED, FILLED

MOST = 8192
"""Orders that are remembered."""


class OwnOrders:
    """The last word on each order, by market and client id."""

    def __init__(self) -> None:
        self.highest_client_id: dict[str, int] = {}
        self._last: OrderedDict[tuple[str, int], Word] = OrderedDict()

    def last(self, market: str, client_id: int) -> Word | None:
        """Return the last word on an order, or None."""
        return self._last.get((market, client_id))

    def hear(self, market: str, client_id: int, word: Word) -> int | None:
        """Remember a word; return the kind of row that it is news as, None for none.

        Nothing follows an end, and an order that has been shown is not shown again, but with other
        terms: it has been amended. One that was amended to what it had filled is told so too.
        """
        key = market, client_id
        before = self._last.get(key)
        if before is not None and (before.is_final or before == word):
            return None
        self._last[key] = word
        self._last.move_to_end(key)
        if len(self._last) > MOST:
            self._last.popitem(last=False)
        self.note(market, client_id)
        if before is None:
            return word.kind
        has_changed = (before.ticks, before.lots) != (word.ticks, word.lots)
        if has_changed and word.kind in (ACCEPTED, FILLED):
            return AMENDED
        return word.kind if before.kind != word.kind else None

    def note(self, market: str, client_id: int) -> None:
        """Take an id for used. One that no order of ours can have reached is somebody else's."""
        if client_id < MOST_OURS:
            highest = self.highest_client_id.get(market, 0)
            self.highest_client_id[market] = max(highest, client_id)


MOST_OURS = 1 << 47
"""Our ids count up from one; others use stamps, which begin above."""
