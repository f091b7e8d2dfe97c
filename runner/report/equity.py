"""Follow one market's P&L over time: marked to mid, fees included, funding apart."""

from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from connectors.model.events import BUY, MAKER, IntColumn
from runner.report.downsample import edges_ns
from runner.report.markouts import Estimate
from runner.report.pnl import grid_of
from runner.results import MarketResult, whole

BLOCKS = 40
"""The error of a net P&L comes from so many equal stretches of the run."""
_MIN_BLOCKS = 10


@dataclass(frozen=True, slots=True)
class Ledger:
    """Running sums of a market's fills: cash in half ticks times lots, position, fees in quote."""

    stamps: list[int]
    cash: list[int]
    position: list[int]
    fees: list[float]


def equity_at(market: MarketResult, stamps: list[int], mids: list[int]) -> list[float | None]:
    """Return the net P&L before funding at ascending stamps with mids in half ticks.

    None where the mid is unknown and a position was held.
    """
    ledger = _ledger(market)
    unit = grid_of(market).half_tick_lot
    opening = market.opening_position_lots * market.opening_mark_half_ticks
    opening_unknown = market.opening_position_lots != 0 and market.opening_mark_half_ticks <= 0
    curve: list[float | None] = []
    k = 0
    for stamp, mid in zip(stamps, mids, strict=True):
        while k + 1 < len(ledger.stamps) and ledger.stamps[k + 1] <= stamp:
            k += 1
        position = ledger.position[k]
        if opening_unknown or (position and mid <= 0):
            curve.append(None)
            continue
        held = ledger.cash[k] + position * mid - opening
        curve.append(unit.approximate(held) - ledger.fees[k])
    return curve


def net_estimate(market: MarketResult, net: Decimal | None) -> Estimate | None:
    """Return the net P&L with a standard error from how it varied between stretches of the run."""
    if net is None:
        return None
    return Estimate(float(net), _error(market), len(market.fills))


def _error(market: MarketResult) -> float | None:
    series = market.series
    if len(series) < _MIN_BLOCKS or not len(market.fills):
        return None
    rows = _block_rows(series.now_ns)
    stamps = [int(series.now_ns[r]) for r in rows]
    curve = equity_at(market, stamps, [int(series.mid_half_ticks[r]) for r in rows])
    known = [value for value in curve if value is not None]
    steps = [b - a for a, b in pairwise(known)]
    n = len(steps)
    if n < _MIN_BLOCKS:
        return None
    mean = sum(steps) / n
    variance = sum((step - mean) ** 2 for step in steps) / (n - 1)
    return float((n * variance) ** 0.5)


def _block_rows(stamps: IntColumn) -> list[int]:
    """Return the first row and the last one of each stretch that has any."""
    last = len(stamps) - 1
    edges = edges_ns(int(stamps[0]), int(stamps[last]), BLOCKS)
    return sorted({0, *(bisect_right(stamps, edge) - 1 for edge in edges)})


def fill_fees(market: MarketResult) -> list[float]:
    """Return each fill's fee in quote: what was told of it, or what its role's rate makes."""
    grid, fills, told = grid_of(market), market.fills, market.fees_quote
    maker_fee, taker_fee = grid.maker_fee.approximate(1), grid.taker_fee.approximate(1)
    columns = (fills.ticks, fills.lots, fills.role, fills.trade_id)
    return [
        float(told[trade])
        if trade in told
        else (maker_fee if role == MAKER else taker_fee) * ticks * lots
        for ticks, lots, role, trade in zip(*map(whole, columns), strict=True)
    ]


def _ledger(market: MarketResult) -> Ledger:
    fills = market.fills
    ledger = Ledger([market.first_ns], [0], [market.opening_position_lots], [0.0])
    for stamp, side, ticks, lots, fee in zip(
        whole(fills.recv_ns),
        whole(fills.side),
        whole(fills.ticks),
        whole(fills.lots),
        fill_fees(market),
        strict=True,
    ):
        signed = lots if side == BUY else -lots
        ledger.stamps.append(stamp)
        ledger.cash.append(ledger.cash[-1] - 2 * ticks * signed)
        ledger.position.append(ledger.position[-1] + signed)
        ledger.fees.append(ledger.fees[-1] + fee)
    return ledger
