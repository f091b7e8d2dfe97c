"""Measure what a recorded market shows: spread, order flow, imbalance, volatility and markout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Market:
    """The touch after each message, and each taker order with the mid before it, in ticks."""

    ns: Ints
    bid: Ints
    ask: Ints
    bid_lots: Ints
    ask_lots: Ints
    order_ns: Ints
    order_is_buy: NDArray[np.bool_]
    order_last: Ints
    order_mid: Floats

    @property
    def seconds(self) -> float:
        return float(self.ns[-1] - self.ns[0]) / SECOND_NS

    @property
    def mid(self) -> Floats:
        return (self.bid + self.ask) / 2

    def at(self, ns: Ints) -> Ints:
        """Return the index of the touch in force at each moment."""
        return np.searchsorted(self.ns, ns, side="right") - 1

    def clock(self, step_ns: int) -> Ints:
        """Return moments at equal distance, a minute short of both ends."""
        return np.arange(self.ns[0] + 60 * SECOND_NS, self.ns[-1] - 60 * SECOND_NS, step_ns)


def one_tick_frac(market: Market) -> float:
    """Return the share of time with a spread of one tick."""
    held = np.diff(market.ns)
    return float(held[(market.ask - market.bid)[:-1] == 1].sum() / held.sum())


def order_counts(market: Market, window_s: int) -> Ints:
    """Return the taker orders in each whole window."""
    edges = np.arange(market.ns[0], market.ns[-1], window_s * SECOND_NS)
    return np.histogram(market.order_ns, edges)[0]


def fano(market: Market, window_s: int) -> float:
    """Return variance over mean of the taker orders in a window: 1 if they came independently."""
    counts = order_counts(market, window_s)
    return float(counts.var() / counts.mean())


def busy_over_quiet(market: Market) -> float:
    """Return the taker orders of the busiest over those of the quietest minute of a hundred."""
    quiet, busy = np.quantile(order_counts(market, 60), [0.01, 0.99])
    return float(busy / quiet)


def reach_bps(market: Market) -> Floats:
    """Return how far beyond the mid before it each taker order traded."""
    beyond = market.order_last - market.order_mid
    return np.where(market.order_is_buy, beyond, -beyond) / market.order_mid * 1e4


def returns_bps(market: Market, horizon_s: int) -> Floats:
    """Return overlapping mid returns, one a second."""
    logs = np.log(market.mid[market.at(market.clock(SECOND_NS))])
    return (logs[horizon_s:] - logs[:-horizon_s]) * 1e4


def variance_ratio(market: Market, horizon_s: int) -> float:
    """Return the variance per second at a horizon over that at 1 s: 1 for a martingale."""
    return float(returns_bps(market, horizon_s).var() / horizon_s / returns_bps(market, 1).var())


def imbalance_and_move(market: Market) -> tuple[Floats, Floats]:
    """Return the queue imbalance every 100 ms, and the bps that mid moves over the next second."""
    now = market.clock(SECOND_NS // 10)
    k = market.at(now)
    bid, ask = market.bid_lots[k], market.ask_lots[k]
    move = np.log(market.mid[market.at(now + SECOND_NS)] / market.mid[k]) * 1e4
    return (bid - ask) / (bid + ask), move


def markouts_bps(market: Market, distance_bps: float) -> Floats:
    """Return the mid 1 s later against the fill price, of fills of an order quoted out of mid.

    The quote is placed every 100 ms, works 50 ms later, and fills when it is traded through.
    """
    step_ns, latency_ns = SECOND_NS // 10, SECOND_NS // 20
    quotes = market.clock(step_ns)
    mid = market.mid[market.at(quotes)]
    found = []
    for is_buyer, sign in ((False, 1.0), (True, -1.0)):
        quoted = mid * (1.0 - sign * distance_bps * 1e-4)
        price = np.floor(quoted) if sign > 0 else np.ceil(quoted)
        taken = market.order_is_buy == is_buyer
        ns, last = market.order_ns[taken], market.order_last[taken]
        window = (ns - latency_ns - quotes[0]) // step_ns
        inside = (window >= 0) & (window < len(quotes))
        ns, last, window = ns[inside], last[inside], window[inside]
        through = sign * (price[window] - last) > 0
        window, first = np.unique(window[through], return_index=True)
        later = market.mid[market.at(ns[through][first] + SECOND_NS)]
        found.append(sign * (later - price[window]) / price[window] * 1e4)
    return np.concatenate(found)
