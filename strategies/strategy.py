"""Try a strategy by hand, in a notebook or a test, without the runner.

The same kernels as everywhere, behind plain prices and sizes. What it wants is what a worker would
want; it has no orders, no limits at a sender and no venue.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.model.book import clear
from connectors.model.events import (
    ASK,
    BID,
    BUY,
    CLEAR_ASKS,
    CLEAR_BIDS,
    SELL,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.model.kernel import fields_of
from connectors.model.orders import LEVELS
from strategies.desk import Desk
from strategies.holding import take_fill
from strategies.quoting import decide, observe
from strategies.reasons import names
from strategies.senses import observe_fill
from strategies.telling import lines, row_of
from strategies.trades import count_fill

DEFAULTS: Mapping[str, float] = {
    "gamma": 0.2,
    "kappa": 1.5,
    "intensity_per_s": 0.08,
    "unit_horizon_s": 10.0,
    "risk_horizon_s": 10.0,
    "skew_at_limit_half_spreads": 2.0,
    "max_spread_bps": 100.0,
    "levels": 1,
    "level_step_bps": 1.0,
    "level_size_frac": 1.0,
    "tolerance_bps": 0.1,
    "min_lots": 1,
    "live_tau_s": 90.0 / math.log(2.0),
    "reference_tau_s": 2400.0 / math.log(2.0),
    "sample_ns": 1_000_000_000,
    "prior_bps": 0.5,
    "floor_bps": 0.2,
    "warmup_s": 60.0,
    "max_ratio": 4.0,
}
"""Knobs as in conf/ with profile=demo."""

Level = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """Price and size of each level wanted, nearest to mid first, and the reasons of the side."""

    levels: tuple[Level, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a decision wants, and the prices that it came from, in bps (from mid).

    `explanation` says how it came to that: each adjustment in its order, gates by name, reasons.
    `take` is the worst price and the size to take at once: bought above 0, sold under 0.
    """

    bid: Side
    ask: Side
    take: Level | None
    fair_bps: float
    reservation_bps: float
    half_spread_bps: float
    inventory_clips: float
    explanation: str


class Strategy:
    """One market's strategy. Sizes are in base; knobs are fields of `strategies.desk.Params`."""

    def __init__(
        self,
        *,
        tick_size: float,
        lot_size: float,
        order_size: float,
        max_position: float,
        gates: Mapping[str, Mapping[str, Any]] | None = None,
        **knobs: float,
    ) -> None:
        """Set the knobs; `gates` turns gates on by name, with their own knobs.

        Raises ValueError for a knob or a gate that there is not.
        """
        self.desk = Desk()
        self._tick, self._lot = tick_size, lot_size
        clear(self.desk.book)
        params = self.desk.params
        params.order_lots = self._lots(order_size)
        params.max_position_lots = self._lots(max_position)
        params.min_position_lots = -params.max_position_lots
        params.gates.most_take_lots = params.max_position_lots
        _set(params, {**DEFAULTS, **knobs})
        for name, values in (gates or {}).items():
            _require(type(params.gates), name)
            gate = getattr(params.gates, name)
            _set(gate, {**values, "on": True})
            params.gates.on = True
            params.gates.leaves = params.gates.leaves or hasattr(gate, "leave")

    def book(self, bids: Iterable[Level], asks: Iterable[Level], at_s: float) -> None:
        """Show a whole book of (price, size), and the time in seconds."""
        rows = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0)]
        rows += [(BID, self._ticks(price), self._lots(size)) for price, size in bids]
        rows += [(ASK, self._ticks(price), self._lots(size)) for price, size in asks]
        self._observe(rows, at_s)

    def trade(self, *, taker_buys: bool, price: float, size: float, at_s: float) -> None:
        """Show a trade of others."""
        kind = TRADE_BUY if taker_buys else TRADE_SELL
        self._observe([(kind, self._ticks(price), self._lots(size))], at_s)

    def fill(self, *, we_buy: bool, price: float, size: float, at_s: float) -> None:
        """Book a fill of our own."""
        side = BUY if we_buy else SELL
        ticks, lots, now_ns = self._ticks(price), self._lots(size), _ns(at_s)
        count_fill(self.desk.trades, side, ticks, lots, now_ns)
        take_fill(self.desk.holding, side, ticks, lots, now_ns)
        observe_fill(self.desk.senses, self.desk.params.senses, side, ticks, now_ns)
        orders = self.desk.orders
        orders.last_fill_ns[side] = now_ns
        orders.position_lots += lots if we_buy else -lots
        orders.cash_tick_lots -= lots * ticks if we_buy else -lots * ticks

    def quotes(self, at_s: float) -> Wanted:
        """Decide, and return what is wanted."""
        decide(self.desk, _ns(at_s))
        quotes = self.desk.quotes
        return Wanted(
            bid=self._side(BUY),
            ask=self._side(SELL),
            take=self._take(),
            fair_bps=quotes.fair_bps,
            reservation_bps=quotes.reservation_bps,
            half_spread_bps=quotes.half_spread_bps,
            inventory_clips=quotes.inventory_clips,
            explanation=self._explanation(),
        )

    def _explanation(self) -> str:
        tick, lot = (Decimal(repr(step)) for step in (self._tick, self._lot))
        return "\n".join(lines(row_of(self.desk), tick, lot))

    def _side(self, side: int) -> Side:
        quotes = self.desk.quotes
        rows = range(side * LEVELS, side * LEVELS + self.desk.params.levels)
        levels = tuple(
            (quotes.ticks[k] * self._tick, quotes.lots[k] * self._lot)
            for k in rows
            if quotes.lots[k] > 0
        )
        return Side(levels, tuple(names(quotes.reasons[side])))

    def _take(self) -> Level | None:
        quotes = self.desk.quotes
        if quotes.take_lots == 0:
            return None
        return quotes.take_ticks * self._tick, quotes.take_lots * self._lot

    def _observe(self, rows: list[tuple[int, int, int]], at_s: float) -> None:
        kind, ticks, lots = (list(column) for column in zip(*rows, strict=True))
        observe(self.desk, kind, ticks, lots, 0, len(rows), _ns(at_s))

    def _ticks(self, price: float) -> int:
        return round(price / self._tick)

    def _lots(self, size: float) -> int:
        return round(size / self._lot)


def _ns(at_s: float) -> int:
    return int(at_s * 1e9)


def _set(target: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        _require(type(target), name)
        if isinstance(value, Mapping):
            _set(getattr(target, name), value)
        elif isinstance(value, (list, tuple)):
            getattr(target, name)[: len(value)] = list(value)
        else:
            setattr(target, name, value)


def _require(owner: type, name: str) -> None:
    known = [field.name for field in fields_of(owner)]
    if name not in known:
        raise ValueError(f"{name}: expected one of {', '.join(known)}, was not")
