"""Ask no more of a spot wallet that has just been found too small.

What a wallet lacks, because it was moved away or is locked by somebody else, no repetition brings:
a side that the venue has refused for its balance rests for a while.
"""

from connectors.model.errors import Refusal
from connectors.model.events import REJECTED, AccountRows

REST_NS = 30_000_000_000


class Purse:
    """The sides of spot markets that were refused for their balance, and when."""

    def __init__(self) -> None:
        self._refused_ns: dict[tuple[str, int], int] = {}

    def hear(self, market: str, rows: AccountRows, now_ns: int) -> None:
        """Hear what became of orders of a spot market."""
        for kind, code, side in zip(rows.kind, rows.code, rows.side, strict=True):
            if kind == REJECTED and code == Refusal.INSUFFICIENT_MARGIN:
                self._refused_ns.setdefault((market, side), now_ns)

    def rests(self, market: str, side: int, now_ns: int) -> bool:
        """Tell whether a side is to send nothing yet."""
        refused_ns = self._refused_ns.get((market, side))
        if refused_ns is None:
            return False
        if now_ns - refused_ns < REST_NS:
            return True
        del self._refused_ns[market, side]
        return False
