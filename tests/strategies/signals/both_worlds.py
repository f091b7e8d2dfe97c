"""Drive every signal in one loop, which runs interpreted and compiled."""

import random
from typing import Annotated

from connectors.model.book import Book, set_ask, set_bid
from connectors.model.events import IntColumn
from connectors.model.kernel import Floats, kernel, state
from strategies.signals import (
    adx,
    flips,
    hawkes,
    intensity,
    kyle,
    markout,
    microprice,
    order_flow,
    own_fills,
    own_intensity,
    rolling,
    sweeps,
    uptime,
    vpin,
)
from strategies.signals.adx import Adx
from strategies.signals.flips import Flips
from strategies.signals.hawkes import Hawkes
from strategies.signals.intensity import Intensity
from strategies.signals.kyle import Kyle
from strategies.signals.markout import Markouts
from strategies.signals.microprice import Microprice
from strategies.signals.order_flow import OrderFlow
from strategies.signals.own_fills import OwnFills
from strategies.signals.own_intensity import OwnIntensity
from strategies.signals.sweeps import Sweeps
from strategies.signals.uptime import Uptime
from strategies.signals.vpin import Vpin
from tests.support import MID_TICKS, MS, NOW_NS

TOUCH, TRADE, FILL = range(3)
READINGS = 32


@state
class AllSignals:
    """One of each, and what their kernels returned last."""

    book: Book
    markouts: Markouts
    hawkes: Hawkes
    adx: Adx
    flips: Flips
    microprice: Microprice
    own: OwnFills
    uptime: Uptime
    sweeps: Sweeps
    flow: OrderFlow
    kyle: Kyle
    vpin: Vpin
    intensity: Intensity
    own_intensity: OwnIntensity
    readings: Annotated[Floats, READINGS]
    summed: float


def drive(
    every: AllSignals,
    kind: IntColumn,
    side: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    now_ns: IntColumn,
    count: int,
) -> int:
    """Take every event and read every signal after each; return how many readings were no number.

    Each event is a change of the touch, a market order or a fill of ours.
    """
    odd = 0
    for k in range(count):
        if kind[k] == TOUCH:
            _move_touch(every, ticks[k], lots[k], side[k], now_ns[k])
        elif kind[k] == TRADE:
            _trade(every, side[k], ticks[k], lots[k], now_ns[k])
        else:
            own_intensity.add_fill(every.own_intensity, side[k])
            markout.add_fill(every.markouts, side[k], ticks[k], now_ns[k])
            own_fills.add_fill(every.own, side[k], ticks[k], lots[k], lots[k] & 1, now_ns[k])
        odd += _read_all(every, now_ns[k])
    return odd


@kernel
def _trade(every: AllSignals, side: int, ticks: int, lots: int, now_ns: int) -> None:
    mid = 0.5 * (every.book.best_bid_ticks + every.book.best_ask_ticks)
    ended = every.sweeps.ended
    if sweeps.add_trade(every.sweeps, side, ticks, lots, mid, now_ns):
        hawkes.add_order(every.hawkes, side, now_ns)
    if every.sweeps.ended > ended:
        intensity.add_order(every.intensity, every.sweeps.depth_bps)
    kyle.add_trade(every.kyle, side, ticks, lots)
    vpin.add_trade(every.vpin, side, lots)


@kernel
def _move_touch(every: AllSignals, ticks: int, lots: int, side: int, now_ns: int) -> None:
    book = every.book
    set_bid(book, book.best_bid_ticks, 0)
    set_ask(book, book.best_ask_ticks, 0)
    set_bid(book, ticks, lots)
    set_ask(book, ticks + 1 + side, 7)
    mid = 0.5 * (book.best_bid_ticks + book.best_ask_ticks)
    markout.observe(every.markouts, mid, now_ns)
    hawkes.observe(every.hawkes, now_ns)
    adx.observe(every.adx, mid, now_ns)
    microprice.observe(every.microprice, book)
    flips.observe(every.flips, every.microprice.offset_ticks, now_ns)
    uptime.observe(every.uptime, lots - 3, side, now_ns)
    if sweeps.observe(every.sweeps, now_ns):
        intensity.add_order(every.intensity, every.sweeps.depth_bps)
    intensity.observe(every.intensity, now_ns)
    own_intensity.observe(every.own_intensity, 0.1 * lots, 0.3 * lots - 1.0, now_ns)
    order_flow.observe(every.flow, book, now_ns)
    kyle.observe(every.kyle, mid, now_ns)
    if lots == 1:
        intensity.fit(every.intensity, 0.02)
        own_intensity.fit(every.own_intensity)


@kernel
def _read_all(every: AllSignals, now_ns: int) -> int:
    """Write every reading; return how many are neither finite nor allowed to be infinite."""
    out = every.readings
    for s in range(2):
        series = markout.series(s, 1)
        out[s] = rolling.median(every.markouts.windows, series)
        out[2 + s] = rolling.mean(every.markouts.windows, series)
        out[4 + s] = rolling.t_statistic(every.markouts.windows, series)
        out[6 + s] = hawkes.score(every.hawkes, s)
        out[8 + s] = own_fills.same_side(every.own, s, now_ns)
        out[10 + s] = own_fills.same_side_quantile(every.own, s, 0.95)
        out[12 + s] = uptime.side_frac(every.uptime, s)
    out[14] = every.adx.value
    out[15] = flips.recent(every.flips)
    out[16] = every.microprice.offset_ticks
    out[17] = own_fills.age_s(every.own, now_ns)
    out[18] = own_fills.age_quantile_s(every.own, 0.95)
    out[19] = order_flow.expected_ticks(every.flow)
    out[20] = order_flow.score(every.flow)
    out[21] = kyle.slope(every.kyle)
    out[22] = kyle.slope_through_zero(every.kyle)
    out[23] = vpin.read(every.vpin)
    out[24] = every.intensity.k_per_bps
    out[25] = every.intensity.a_per_s
    out[26] = every.own_intensity.k_per_bps
    out[27] = every.own_intensity.a_per_s
    out[28] = vpin.bought_frac(out[16], 0.7)
    out[29] = adx.directional_index(every.adx, 1)
    odd = 0
    for k in range(READINGS):
        value = out[k]
        if not (-1e300 < value < 1e300):
            odd += 1
        every.summed = 0.5 * every.summed + value
    return odd


def new_signals(seed: int) -> AllSignals:
    """Return one of each with settings, and a touch."""
    rng = random.Random(seed)
    every = AllSignals()
    every.book.best_bid_ticks, every.book.best_ask_ticks = -1, 1 << 60
    every.book.lost_bid_ticks, every.book.lost_ask_ticks = -1, 1 << 60
    set_bid(every.book, MID_TICKS, 5)
    set_ask(every.book, MID_TICKS + 1, 5)
    markout.start(every.markouts, 1000 * MS)
    every.hawkes.mu[:] = [0.5, 0.4]
    every.hawkes.alpha[:] = [0.6, 0.3, 0.2, 0.7]
    every.hawkes.beta[:] = [2.0, 2.5]
    hawkes.prepare(every.hawkes)
    every.adx.bars.length_ns = 500 * MS
    every.flips.least_ticks, every.flips.window_ns = 0.1, 200 * MS
    every.sweeps.gap_ns = MS
    every.flow.tau_s = 2.0
    every.kyle.bucket_ns, every.kyle.tau_s = 1000 * MS, 100.0
    every.kyle.millions_per_tick_lot = 1e-9
    every.vpin.bucket_lots = 100
    every.intensity.reached.tau_s = 3000.0
    own_intensity.start(every.own_intensity, 3000.0)
    every.microprice.has_table = bool(seed % 2)
    every.microprice.table[:] = [rng.uniform(-1.0, 1.0) for _ in every.microprice.table]
    return every


def events(seed: int, count: int) -> list[list[int]]:
    """Return columns of events: bursts, stillness, times that repeat, and gaps of minutes."""
    rng = random.Random(seed)
    columns: list[list[int]] = [[] for _ in range(5)]
    now_ns, ticks = NOW_NS, MID_TICKS
    for _ in range(count):
        now_ns += rng.choice((0, 0, 1, MS, 40 * MS, 700 * MS, 700 * MS))
        if rng.random() < 0.002:
            now_ns += 100_000 * MS
        ticks = max(10, ticks + rng.choice((-3, -1, 0, 0, 1, 3)))
        kind = rng.choice((TOUCH, TOUCH, TOUCH, TRADE, FILL))
        row = (kind, rng.randrange(2), ticks, rng.randrange(1, 60), now_ns)
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns
