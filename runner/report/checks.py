"""Hold a result against itself: a fill that is lost or invented shows as a line here."""

from collections import Counter
from itertools import pairwise

from connectors.model.events import BUY
from runner.results import MarketResult, RunResult, whole


def problems_of(result: RunResult) -> list[str]:
    """Return one line for everything that does not add up; an honest run has none."""
    return [line for market in result.markets for line in market_problems(market)]


def market_problems(market: MarketResult) -> list[str]:
    """Return one line for each way in which a market's fills, position and marks disagree."""
    found = [*_position_problems(market), *_trade_problems(market), *_mark_problems(market)]
    return [f"{market.name}: {line}" for line in found]


def _position_problems(market: MarketResult) -> list[str]:
    position = market.opening_position_lots
    found: list[str] = []
    rows = zip(
        whole(market.fills.side),
        whole(market.fills.lots),
        whole(market.fills.position_before_lots),
        strict=True,
    )
    for i, (side, lots, before) in enumerate(rows, start=1):
        if before != position and not found:
            found.append(
                f"before fill {i} the position was {before} lots; the fills so far make {position}"
            )
        position += lots if side == BUY else -lots
    if position != market.position_lots:
        found.append(f"the fills make {position} lots; the worker holds {market.position_lots}")
    return found


def _trade_problems(market: MarketResult) -> list[str]:
    found = []
    # A trade with ourselves has one id and two sides.
    sides = zip(whole(market.fills.trade_id), whole(market.fills.side), strict=True)
    twice = [trade for (trade, _), n in Counter(sides).items() if n > 1]
    if twice:
        found.append(f"{len(twice)} trade ids appear more than once, first {twice[0]}")
    empty = sum(lots <= 0 for lots in whole(market.fills.lots))
    if empty:
        found.append(f"{empty} fills have no size")
    stamps = whole(market.fills.recv_ns)
    back = sum(b < a for a, b in pairwise(stamps))
    if back:
        found.append(f"{back} fills arrived before the one that precedes them")
    return found


def _mark_problems(market: MarketResult) -> list[str]:
    found = []
    if market.position_lots and market.mark_half_ticks <= 0:
        found.append("the closing mark is unknown: gross and net are not stated")
    if market.opening_position_lots and market.opening_mark_half_ticks <= 0:
        found.append("the opening mark is unknown: gross and net are not stated")
    return found
