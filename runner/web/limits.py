"""Limit how often something may be tried: a bucket for each who tries, and few are kept."""

from collections import OrderedDict
from collections.abc import Callable

MOST_KEPT = 4096


class Limit:
    """So many tries at once, refilled at a rate. Of the many who try, the latest are kept."""

    def __init__(self, burst: float, per_s: float, now_s: Callable[[], float]) -> None:
        self._burst = burst
        self._per_s = per_s
        self._now_s = now_s
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def is_over(self, who: str) -> bool:
        """Tell whether one may not try now."""
        return self._left(who) < 1

    def take(self, who: str) -> bool:
        """Count a try; tell whether it was allowed."""
        left = self._left(who)
        if left < 1:
            return False
        self._kept[who] = (left - 1, self._now_s())
        self._kept.move_to_end(who)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return True

    def _left(self, who: str) -> float:
        left, since_s = self._kept.get(who, (self._burst, self._now_s()))
        return min(self._burst, left + max(self._now_s() - since_s, 0.0) * self._per_s)
