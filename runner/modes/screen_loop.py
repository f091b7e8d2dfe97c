"""Walk a tape's view with one set of parameters: the decision's own prices, a rule for fills.

Prices come from the kernels that decide everywhere. What stands at the exchange is an order a level
that is kept while it is close enough, and filled at its price by one of two rules:

- **strict** (`Screen.rule` 0): what traded through its price, or was shown across it;
- **touch** (`Screen.rule` 1): also what traded at its price, as if nobody stood before us.

Between them lies what a queue decides. A fill is taken to happen halfway to the next decision,
which is the first to know of it.
"""

from typing import Annotated

from connectors.model.events import BUY, SELL, IntColumn
from connectors.model.kernel import Ints, kernel, state
from connectors.model.orders import LEVELS
from runner.modes.view_loop import FAR
from strategies import reasons as why
from strategies.desk import Desk
from strategies.holding import adopt, take_fill
from strategies.quoting import decide, hold, level_ticks, tolerance_ticks
from strategies.signals import volatility
from strategies.trades import count_fill

BUCKETS = 48
"""Distances of a quote from mid that are told apart; the last one has no end."""
SIGMA_STEP = 5e-3
"""Prices are formed anew once a volatility has moved by this share: of a bp, less than a tick."""


@state
class Screen:
    """One walk: its rule, the orders at the exchange, and what came of it.

    Prices are formed anew after `hold_ns` (0: with every decision), or once a volatility has moved
    by `sigma_step`. `buckets` counts fills by the distance of the order from mid, in parts of
    `bucket_half_ticks`.

    Until `calm_until_ns` orders stay as they are while the touch is within `calm_ticks` of the one
    here and the market reaches no further than `near`, by side.
    """

    rule: int
    hold_ns: int
    sigma_step: float
    calm_until_ns: int
    calm_ticks: int
    calm_bid_ticks: int
    calm_ask_ticks: int
    near: Annotated[Ints, 2]
    bucket_half_ticks: int
    step: int
    moment: int
    priced_ns: int
    priced_live_bps: float
    priced_reference_bps: float
    priced_lots: int
    priced: bool
    lots: Annotated[Ints, 2 * LEVELS]
    ticks: Annotated[Ints, 2 * LEVELS]
    fills: Annotated[Ints, 2]
    buckets: Annotated[Ints, BUCKETS]
    decisions: int
    lowest_lots: int
    highest_lots: int


def screen(
    desk: Desk,
    s: Screen,
    until: int,
    now_ns: IntColumn,
    bid_ticks: IntColumn,
    ask_ticks: IntColumn,
    entry_bid_ticks: IntColumn,
    entry_ask_ticks: IntColumn,
    early_bid_reach: IntColumn,
    early_ask_reach: IntColumn,
    late_bid_reach: IntColumn,
    late_ask_reach: IntColumn,
    sold_lots: IntColumn,
    bought_lots: IntColumn,
    moments_ns: IntColumn,
    marks: Ints,
) -> None:
    """Walk from `s.step` to `until`; `marks` takes what `_mark` writes at each moment."""
    moments = len(moments_ns)
    steps = len(now_ns)
    for k in range(s.step, until):
        now = now_ns[k]
        while s.moment < moments and moments_ns[s.moment] <= now:
            _mark(desk, s, marks)
        s.decisions += 1
        bid_reach = min(early_bid_reach[k], late_bid_reach[k])
        ask_reach = min(early_ask_reach[k], late_ask_reach[k])
        if (
            now < s.calm_until_ns
            and abs(bid_ticks[k] - s.calm_bid_ticks) <= s.calm_ticks
            and abs(ask_ticks[k] - s.calm_ask_ticks) <= s.calm_ticks
            and bid_reach > s.near[BUY]
            and ask_reach > s.near[SELL]
        ):
            desk.signals.mid_half_ticks = bid_ticks[k] + ask_ticks[k]
            continue
        if bid_ticks[k] == 0:
            desk.signals.sound = False
            hold(desk.quotes, why.NO_BOOK)
            s.priced = False
        else:
            _observe(desk, bid_ticks[k], ask_ticks[k], now)
            _price(desk, s, now)
        fill_ns = now
        if k + 1 < steps:
            fill_ns += (now_ns[k + 1] - now) // 2
        tolerance = tolerance_ticks(desk)
        _work_side(
            desk, s, BUY, tolerance, entry_ask_ticks[k],
            bid_reach, late_bid_reach[k], sold_lots[k], now, fill_ns,
        )  # fmt: skip
        _work_side(
            desk, s, SELL, tolerance, entry_bid_ticks[k],
            ask_reach, late_ask_reach[k], bought_lots[k], now, fill_ns,
        )  # fmt: skip
        _calm_down(desk, s, tolerance)
    s.step = until
    while until == steps and s.moment < moments:
        _mark(desk, s, marks)


@kernel
def _mark(desk: Desk, s: Screen, marks: Ints) -> None:
    """Write cash [ticks times lots], position, mid [half ticks] and what has traded."""
    k = 4 * s.moment
    marks[k] = desk.orders.cash_tick_lots
    marks[k + 1] = desk.orders.position_lots
    marks[k + 2] = desk.signals.mid_half_ticks
    marks[k + 3] = desk.trades.notional_tick_lots
    s.moment += 1


@kernel
def _observe(desk: Desk, bid: int, ask: int, now_ns: int) -> None:
    """Take the touch, and measure volatility."""
    signals = desk.signals
    desk.book.best_bid_ticks = bid
    desk.book.best_ask_ticks = ask
    signals.sound = True
    signals.seen_ns = now_ns
    signals.mid_half_ticks = bid + ask
    signals.mid_ticks = 0.5 * (bid + ask)
    if desk.holding.lots != desk.orders.position_lots:
        adopt(desk.holding, desk.orders.position_lots, signals.mid_ticks, now_ns)
    volatility.observe(desk.volatility, desk.params, signals, signals.mid_ticks, now_ns)


@kernel
def _price(desk: Desk, s: Screen, now_ns: int) -> None:
    """Decide; where nothing has changed that prices come from, only move them with the mid."""
    if not _holds(desk, s, now_ns):
        decide(desk, now_ns)
        s.priced = True
        s.priced_ns = now_ns
        s.priced_live_bps = desk.signals.sigma_live_bps
        s.priced_reference_bps = desk.signals.sigma_reference_bps
        s.priced_lots = desk.orders.position_lots
        return
    for side in range(2):
        for level in range(desk.params.levels):
            k = side * LEVELS + level
            if desk.quotes.lots[k] > 0:
                desk.quotes.ticks[k] = level_ticks(desk, side, level)


@kernel
def _holds(desk: Desk, s: Screen, now_ns: int) -> bool:
    """Tell whether offsets and sizes are still those that were decided last."""
    if not s.priced or now_ns - s.priced_ns >= s.hold_ns:
        return False
    if s.priced_lots != desk.orders.position_lots:
        return False
    live = abs(desk.signals.sigma_live_bps - s.priced_live_bps)
    reference = abs(desk.signals.sigma_reference_bps - s.priced_reference_bps)
    return (
        live <= s.sigma_step * s.priced_live_bps
        and reference <= s.sigma_step * s.priced_reference_bps
    )


@kernel
def _work_side(
    desk: Desk,
    s: Screen,
    side: int,
    tolerance: int,
    entry_ticks: int,
    whole_reach: int,
    late_reach: int,
    reaching_lots: int,
    now_ns: int,
    fill_ns: int,
) -> None:
    """Bring one side's orders to what is wanted, and fill what the market reaches.

    `entry_ticks` is the other side's touch when a new order would arrive: one that would take is
    refused.
    """
    sign = 1 - 2 * side
    left = reaching_lots
    for level in range(desk.params.levels):
        k = side * LEVELS + level
        reach = late_reach
        if _is_kept(desk, s, k, tolerance):
            reach = whole_reach
        else:
            s.lots[k] = 0
            if desk.quotes.lots[k] > 0 and not _is_locked(desk, side, now_ns):
                _place(desk, s, k, side, sign, entry_ticks, now_ns)
        if s.lots[k] > 0 and left > 0 and reach <= 2 * sign * s.ticks[k] + s.rule:
            lots = min(s.lots[k], left)
            left -= lots
            _fill(desk, s, side, k, lots, fill_ns)


@kernel
def _calm_down(desk: Desk, s: Screen, tolerance: int) -> None:
    """Say how long and how far nothing but a fill can change the orders.

    A price that follows the mid moves by at most a tick more than the touch, for its rounding, and
    the tolerance may shrink by one on the way.
    """
    s.calm_until_ns = 0
    if not s.priced or desk.orders.position_lots != s.priced_lots:
        return
    apart = 0
    for side in range(2):
        sign = 1 - 2 * side
        s.near[side] = -FAR
        for level in range(desk.params.levels):
            k = side * LEVELS + level
            if desk.quotes.lots[k] > 0:
                if not _is_kept(desk, s, k, tolerance):
                    return
                apart = max(apart, abs(s.ticks[k] - desk.quotes.ticks[k]))
                s.near[side] = max(s.near[side], 2 * sign * s.ticks[k] + s.rule)
    s.calm_ticks = max(tolerance - 2 - apart, 0)
    s.calm_bid_ticks = desk.book.best_bid_ticks
    s.calm_ask_ticks = desk.book.best_ask_ticks
    if desk.params.smoothing_tau_s == 0.0:
        sampled_ns = desk.volatility.last_ns + desk.params.sample_ns
        s.calm_until_ns = min(sampled_ns, s.priced_ns + s.hold_ns)


@kernel
def _is_kept(desk: Desk, s: Screen, k: int, tolerance: int) -> bool:
    """Tell whether the order of a level stays: near in price, and half to all of the size."""
    wanted = desk.quotes.lots[k]
    if s.lots[k] == 0 or s.lots[k] > wanted or 2 * s.lots[k] < wanted:
        return False
    apart = s.ticks[k] - desk.quotes.ticks[k]
    return -tolerance <= apart <= tolerance


@kernel
def _is_locked(desk: Desk, side: int, now_ns: int) -> bool:
    """Tell whether a side may not place now."""
    orders = desk.orders
    return (
        now_ns - orders.last_fill_ns[side] < desk.params.fill_lockout_ns
        or now_ns - orders.last_place_ns[side] < desk.params.place_lockout_ns
        or now_ns - orders.last_reject_ns[side] < desk.params.reject_lockout_ns
    )


@kernel
def _place(
    desk: Desk, s: Screen, k: int, side: int, sign: int, entry_ticks: int, now_ns: int
) -> None:
    """Let an order stand at a level, unless it would take when it arrives."""
    ticks = desk.quotes.ticks[k]
    desk.orders.last_place_ns[side] = now_ns
    if entry_ticks != 0 and sign * ticks >= sign * entry_ticks:
        desk.orders.last_reject_ns[side] = now_ns
        return
    s.ticks[k] = ticks
    s.lots[k] = desk.quotes.lots[k]


@kernel
def _fill(desk: Desk, s: Screen, side: int, k: int, lots: int, fill_ns: int) -> None:
    """Fill an order at its price, and count it by its distance from the mid of its decision."""
    ticks = s.ticks[k]
    s.lots[k] -= lots
    signed = lots if side == BUY else -lots
    orders = desk.orders
    orders.position_lots += signed
    orders.cash_tick_lots -= signed * ticks
    orders.last_fill_ns[side] = fill_ns
    count_fill(desk.trades, side, ticks, lots, fill_ns)
    take_fill(desk.holding, side, ticks, lots, fill_ns)
    s.fills[side] += 1
    s.lowest_lots = min(s.lowest_lots, orders.position_lots)
    s.highest_lots = max(s.highest_lots, orders.position_lots)
    distance = abs(2 * ticks - desk.signals.mid_half_ticks)
    s.buckets[min(distance // s.bucket_half_ticks, BUCKETS - 1)] += 1
