"""Remember which of our ids an order of the venue's has, where trades do not say it."""

from collections import OrderedDict

MOST_NAMES = 65_536


class Names:
    """The texts of our ids by symbol and the venue's number of an order; the oldest go first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, int | str], str] = OrderedDict()

    def note(self, symbol: str, order_id: int | str, text: str) -> None:
        """Remember an order."""
        self._texts[symbol, order_id] = text
        if len(self._texts) > MOST_NAMES:
            self._texts.popitem(last=False)

    def find(self, symbol: str, order_id: int | str) -> str | None:
        """Return the text of an order's id, None where it has not been told."""
        return self._texts.get((symbol, order_id))
