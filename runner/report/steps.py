"""Cut a run into equal steps of time, and say what each step earned and from what."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from runner.report.equity import equity_at, fill_fees
from runner.report.markouts import HORIZONS, mids_after
from runner.report.parts import earned_half_ticks
from runner.report.pnl import grid_of
from runner.results import UNKNOWN_MID, MarketResult, whole

SECOND_NS = 1_000_000_000
FEWEST_STEPS = 40
MOST_STEPS = 1440
LONGEST_S = 60


def moments_of(first_ns: int, last_ns: int) -> list[int]:
    """Return the edges of equal stretches: a minute or less, at least 40 and at most 1440."""
    span = max(last_ns - first_ns, 1)
    steps = min(max(span // (LONGEST_S * SECOND_NS), FEWEST_STEPS), MOST_STEPS)
    return equal_moments(first_ns, last_ns, steps)


def equal_moments(first_ns: int, last_ns: int, steps: int) -> list[int]:
    """Return the edges of so many equal steps."""
    span = max(last_ns - first_ns, 1)
    return [first_ns + span * k // steps for k in range(steps + 1)]


@dataclass(frozen=True, slots=True)
class Steps:
    """What each step of a run brought, in one currency: columns of one length, fees as a cost.

    `net` is before funding; ``net = spread + adverse + inventory - fees`` in every step.
    """

    moments_ns: Sequence[int]
    net: Sequence[float]
    spread: Sequence[float]
    adverse: Sequence[float]
    fees: Sequence[float]
    volume: Sequence[float]
    fills: Sequence[float]

    def __len__(self) -> int:
        return len(self.net)

    @property
    def step_s(self) -> float:
        """Length of one step."""
        return (self.moments_ns[-1] - self.moments_ns[0]) / len(self) / SECOND_NS

    @property
    def inventory(self) -> list[float]:
        """What the position brought after the horizon of adverse selection."""
        columns = zip(self.net, self.spread, self.adverse, self.fees, strict=True)
        return [net - spread - adverse + fees for net, spread, adverse, fees in columns]


def steps_of(market: MarketResult, moments_ns: Sequence[int], horizon: str) -> Steps | None:
    """Return what each step between the moments brought, None where a mid that counts is missing.

    Spread and adverse selection belong to the step of their fill.
    """
    moments = list(moments_ns)
    at = [max(moment, market.first_ns) for moment in moments]
    curve = equity_at(market, at, mids_at(market, at))
    if any(value is None for value in curve):
        return None
    known = [value for value in curve if value is not None]
    net = [after - before for before, after in pairwise([0.0, *known[1:]])]
    return Steps(moments, net, *_by_step(market, moments, horizon))


def _by_step(
    market: MarketResult, moments: list[int], horizon: str
) -> tuple[list[float], list[float], list[float], list[float], list[float]]:
    """Return spread, adverse selection, fees, volume and count of the fills of each step."""
    grid, fills = grid_of(market), market.fills
    half, tick = grid.half_tick_lot.approximate(1), grid.tick_lot.approximate(1)
    spread, adverse, fees, volume, count = ([0.0] * (len(moments) - 1) for _ in range(5))
    rows = zip(
        whole(fills.recv_ns),
        earned_half_ticks(fills, horizon),
        whole(fills.ticks),
        whole(fills.lots),
        fill_fees(market),
        strict=True,
    )
    for stamp, (captured, lost), ticks, lots, fee in rows:
        k = min(max(bisect_left(moments, stamp) - 1, 0), len(moments) - 2)
        spread[k] += half * captured
        adverse[k] += half * lost
        fees[k] += fee
        volume[k] += tick * ticks * lots
        count[k] += 1.0
    return spread, adverse, fees, volume, count


def mids_at(market: MarketResult, moments_ns: Sequence[int]) -> list[int]:
    """Return the mid in half ticks that was last known at ascending moments, -1 before any was.

    Known are the mids of the series, those of fills and after them, and the closing mark.
    """
    stamps, mids = _known_mids(market)
    found = []
    for moment in moments_ns:
        k = bisect_right(stamps, moment) - 1
        found.append(mids[k] if k >= 0 else UNKNOWN_MID)
    return found


def _known_mids(market: MarketResult) -> tuple[list[int], list[int]]:
    """Return stamps and mids in order; of equal stamps the series' mid comes last, and counts."""
    fills, series = market.fills, market.series
    stamps = whole(fills.recv_ns)
    known = [(market.first_ns, market.opening_mark_half_ticks)]
    for horizon in ("0s", *HORIZONS):
        after_ns = int(horizon.removesuffix("s")) * SECOND_NS
        later = whole(mids_after(fills, horizon))
        known += [(stamp + after_ns, mid) for stamp, mid in zip(stamps, later, strict=True)]
    known += zip(whole(series.now_ns), whole(series.mid_half_ticks), strict=True)
    usable = [(stamp, mid) for stamp, mid in known if mid > 0 and stamp < market.last_ns]
    usable.sort(key=itemgetter(0))
    usable.append((market.last_ns, market.mark_half_ticks))
    return [stamp for stamp, _ in usable], [mid for _, mid in usable]


def add_steps(parts: Sequence[tuple[Steps, float]]) -> Steps:
    """Return the sum of steps between the same moments, each in its currency's worth."""

    def total(name: str) -> list[float]:
        columns = ([value * rate for value in getattr(steps, name)] for steps, rate in parts)
        return [sum(values) for values in zip(*columns, strict=True)]

    net, spread, adverse, fees, volume = map(total, _MONEY)
    counts = zip(*(steps.fills for steps, _ in parts), strict=True)
    fills = [sum(values) for values in counts]
    return Steps(parts[0][0].moments_ns, net, spread, adverse, fees, volume, fills)


_MONEY = ("net", "spread", "adverse", "fees", "volume")
