"""Write `fills.csv`: every fill of every market, in order of arrival.

Prices, sizes and fees are exact decimals. `inventory_age_s` is how long, just before the fill, the
inventory had been neither zero nor of the other sign (for a position that the run began with:
since its first batch). `same_side_fills_1s` counts our fills on this side in the second that ends
with this fill, itself included.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path

from connectors.model.events import BUY, LIQUIDATION, MAKER, TAKER
from runner.report.exact import HALF, Step, plain
from runner.report.files import write_text
from runner.report.markouts import HORIZONS, markouts_bps
from runner.report.pnl import grid_of
from runner.results import MarketResult, RunResult, whole

COLUMNS = (
    "ts_ns",
    "ts_venue_ns",
    "market",
    "venue",
    "side",
    "role",
    "price",
    "size",
    "fee",
    "fee_ccy",
    "inventory_before",
    "inventory_after",
    "mid",
    "mid_1s",
    "mid_5s",
    "mid_10s",
    "mid_60s",
    "markout_1s_bps",
    "same_side_fills_1s",
    "flips_200ms",
    "inventory_age_s",
    "trade_id",
    "client_id",
)
ROLES = {MAKER: "maker", TAKER: "taker", LIQUIDATION: "liquidation"}
_SECOND_NS = 1_000_000_000


def write_fills(path: Path, result: RunResult, *, durable: bool = True) -> None:
    """Replace `path` with one line a fill."""
    lines = [line for market in result.markets for line in _stamped_lines(market)]
    if len(result.markets) > 1:
        lines.sort(key=itemgetter(0))
    text = "".join(line for _, line in lines)
    write_text(path, f"{','.join(COLUMNS)}\n{text}", durable=durable)


def _stamped_lines(market: MarketResult) -> Iterator[tuple[int, str]]:
    """Yield each fill's receive stamp and its line."""
    fills = market.fills
    tick, lot = Step.of(market.instrument.tick_size), Step.of(market.instrument.lot_size_base)
    half, grid = tick.times(HALF), grid_of(market)
    told = market.fees_quote
    place = _cells(market.name, market.venue)
    currency = _cells(market.instrument.quote)
    stamps, sides, lots = whole(fills.recv_ns), whole(fills.side), whole(fills.lots)
    before = whole(fills.position_before_lots)
    rows = zip(
        stamps,
        whole(fills.venue_ns),
        sides,
        whole(fills.role),
        whole(fills.ticks),
        lots,
        before,
        whole(fills.mid_half_ticks),
        *(whole(getattr(fills, f"mid_{horizon}_half_ticks")) for horizon in HORIZONS),
        markouts_bps(fills),
        same_side_fills(stamps, sides),
        whole(fills.flips_200ms),
        _ages_s(market.first_ns, stamps, before),
        whole(fills.trade_id),
        whole(fills.client_id),
        strict=True,
    )
    for (
        stamp, venue_stamp, side, role, ticks, size, held, *mids,
        markout, same_side, flips, age_s, trade, client,
    ) in rows:  # fmt: skip
        fee = (grid.maker_fee if role == MAKER else grid.taker_fee).text(ticks * size)
        if trade in told:
            fee = plain(told[trade])
        yield (
            stamp,
            f"{stamp},{venue_stamp},{place},"
            f"{'buy' if side == BUY else 'sell'},{ROLES[role]},"
            f"{tick.text(ticks)},{lot.text(size)},{fee},{currency},"
            f"{lot.text(held)},{lot.text(held + (size if side == BUY else -size))},"
            f"{','.join(half.text(mid) if mid > 0 else '' for mid in mids)},"
            f"{'' if markout is None else f'{markout:.4f}'},"
            f"{same_side},{flips},{age_s},{trade},{client}\n",
        )


def _cells(*texts: str) -> str:
    """Return texts as cells of one line, quoted where needed."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(texts)
    return line.getvalue()


def same_side_fills(stamps: list[int], sides: list[int]) -> Iterator[int]:
    """Yield how many fills of its side the second up to each fill has seen, itself included."""
    recent: tuple[deque[int], deque[int]] = (deque(), deque())
    for stamp, side in zip(stamps, sides, strict=True):
        window = recent[side]
        window.append(stamp)
        while window[0] <= stamp - _SECOND_NS:
            window.popleft()
        yield len(window)


def _ages_s(first_ns: int, stamps: list[int], before: Iterable[int]) -> Iterator[str]:
    """Yield the inventory's age just before each fill, in seconds with nine digits."""
    since, sign = first_ns, 0
    previous = first_ns
    for stamp, held in zip(stamps, before, strict=True):
        held_sign = (held > 0) - (held < 0)
        if held_sign != sign:
            since, sign = previous, held_sign
        age = max(stamp - since, 0) if sign else 0
        yield f"{age // _SECOND_NS}.{age % _SECOND_NS:09d}" if age else "0"
        previous = stamp
