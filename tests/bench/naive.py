"""Be the peer of a step: what one writes in an afternoon, a book of dicts and the textbook formula.

It does less than the project's step: no reasons, limits, lockouts, slots or sizes. It is here to
show what the same message costs without any of the project's machinery.
"""

import math
from collections.abc import Sequence

from connectors.model.events import ASK, BID
from strategies.desk import Params

NAME = "dict book and textbook formula"


class DictBook:
    """Lots by tick, a dict a side."""

    def __init__(self) -> None:
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}

    def apply(
        self, kind: Sequence[int], ticks: Sequence[int], lots: Sequence[int], i: int, j: int
    ) -> None:
        """Apply the depth rows [i, j)."""
        for r in range(i, j):
            if kind[r] == BID:
                side = self.bids
            elif kind[r] == ASK:
                side = self.asks
            else:
                continue
            if lots[r] == 0:
                side.pop(ticks[r], None)
            else:
                side[ticks[r]] = lots[r]


class NaiveMaker:
    """Quote one bid and one ask; replace whatever is further than the tolerance from its price."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._book = DictBook()
        self._mid = 0.0
        self._variance = params.prior_bps * params.prior_bps
        self._sampled_ns = 0
        self._decided_ns = 0
        self._bid = 0
        self._ask = 0
        self.position_clips = 0.0
        self.sent = 0

    def on_message(
        self,
        kind: Sequence[int],
        ticks: Sequence[int],
        lots: Sequence[int],
        i: int,
        j: int,
        now_ns: int,
    ) -> None:
        """Take one message, and quote when it is time."""
        self._book.apply(kind, ticks, lots, i, j)
        if not self._book.bids or not self._book.asks:
            return
        mid = 0.5 * (max(self._book.bids) + min(self._book.asks))
        if now_ns - self._sampled_ns >= self._params.sample_ns:
            if self._mid:
                r_bps = math.log(mid / self._mid) * 1e4
                self._variance += 0.01 * (r_bps * r_bps - self._variance)
            self._mid = mid
            self._sampled_ns = now_ns
        if now_ns - self._decided_ns >= self._params.refresh_ns:
            self._decided_ns = now_ns
            self._quote(mid)

    def _quote(self, mid: float) -> None:
        p = self._params
        unit = math.sqrt(self._variance * p.unit_horizon_s)
        half = unit * math.log(1.0 + p.gamma / p.kappa) / p.gamma + 0.5 * unit * p.gamma
        shift = -self.position_clips * unit * p.gamma
        bid = math.floor(mid * (1.0 + (shift - half) * 1e-4))
        ask = math.ceil(mid * (1.0 + (shift + half) * 1e-4))
        tolerance = p.tolerance_bps * 1e-4 * mid
        if abs(bid - self._bid) > tolerance:
            self._bid = bid
            self.sent += 2
        if abs(ask - self._ask) > tolerance:
            self._ask = ask
            self.sent += 2
