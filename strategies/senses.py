"""Follow the signals that somebody reads, and no others.

A signal costs with every batch, so each has a switch, set where the market is made from what its
gates and its reference need. Settings go from `Params` into the signals with the first batch.
"""

from typing import Annotated

from connectors.model.book import Book
from connectors.model.events import BUY, SELL, TRADE_BUY, TRADE_SELL, IntColumn
from connectors.model.kernel import Floats, kernel, state
from strategies.signals import (
    adx,
    hawkes,
    intensity,
    lead,
    markout,
    microprice,
    order_flow,
    sweeps,
)
from strategies.signals.adx import Adx
from strategies.signals.hawkes import Hawkes
from strategies.signals.intensity import Intensity
from strategies.signals.lead import Lead, LeadKnobs
from strategies.signals.markout import Markouts
from strategies.signals.microprice import BUCKETS, SPREADS, Microprice
from strategies.signals.order_flow import OrderFlow
from strategies.signals.sweeps import Sweeps

CLUSTER_NS = 10_000_000_000
"""Fills of one such stretch count as one observation of an error."""


@state
class SenseKnobs:
    """Which signals to follow, and their settings. `on` is whether any is."""

    on: bool
    excitement: bool
    trend: bool
    markouts: bool
    touch: bool
    flow: bool
    reach: bool
    sweep_gap_ns: int
    baseline_per_s: float
    self_per_s: float
    cross_per_s: float
    decay_per_s: float
    bar_ns: int
    flow_tau_s: float
    reach_tau_s: float
    sweep_sigmas: float
    has_table: bool
    table: Annotated[Floats, SPREADS * BUCKETS]
    lead: LeadKnobs


@state
class Senses:
    """The signals. `begun` once their settings have been taken.

    `swept_ns` is when a market order last reached too far.
    """

    begun: bool
    swept_ns: int
    sweeps: Sweeps
    hawkes: Hawkes
    intensity: Intensity
    adx: Adx
    markouts: Markouts
    microprice: Microprice
    order_flow: OrderFlow
    lead: Lead


@kernel
def observe_market(
    senses: Senses,
    knobs: SenseKnobs,
    book: Book,
    mid_before: float,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> None:
    """Take a batch that left a two-sided book; `mid_before` is the former mid (0: none)."""
    if not senses.begun:
        _begin(senses, knobs)
    mid = 0.5 * (book.best_bid_ticks + book.best_ask_ticks)
    if knobs.reach:
        intensity.observe(senses.intensity, now_ns)
    if knobs.excitement or knobs.reach or knobs.sweep_sigmas > 0.0:
        _take_trades(senses, mid_before, kind, ticks, lots, i, j, now_ns)
    if knobs.excitement:
        hawkes.observe(senses.hawkes, now_ns)
    if knobs.reach:
        if sweeps.observe(senses.sweeps, now_ns):
            intensity.add_order(senses.intensity, senses.sweeps.depth_bps)
    if knobs.trend:
        adx.observe(senses.adx, mid, now_ns)
    if knobs.markouts:
        markout.observe(senses.markouts, mid, now_ns)
    if knobs.touch:
        microprice.observe(senses.microprice, book)
    if knobs.flow:
        order_flow.observe(senses.order_flow, book, now_ns)
    if knobs.lead.on:
        lead.look(senses.lead, knobs.lead, mid, now_ns)


@kernel
def lose_market(senses: Senses, knobs: SenseKnobs, now_ns: int) -> None:
    """Take a batch that left no two-sided book."""
    if not senses.begun:
        _begin(senses, knobs)
    if knobs.markouts:
        markout.observe(senses.markouts, 0.0, now_ns)
    order_flow.forget_touch(senses.order_flow)
    if knobs.lead.on:
        lead.lose(senses.lead, knobs.lead, now_ns)


@kernel
def hear_lead(
    senses: Senses, knobs: SenseKnobs, half_ticks: int, mid_ticks: float, now_ns: int
) -> None:
    """Take the leading market's mid beside our own (0: not known)."""
    if knobs.lead.on:
        lead.hear(senses.lead, knobs.lead, half_ticks, now_ns)
        lead.look(senses.lead, knobs.lead, mid_ticks, now_ns)


@kernel
def observe_fill(senses: Senses, knobs: SenseKnobs, side: int, ticks: int, now_ns: int) -> None:
    """Take a fill of ours."""
    if knobs.markouts and senses.begun:
        markout.add_fill(senses.markouts, side, ticks, now_ns)


@kernel
def _begin(senses: Senses, knobs: SenseKnobs) -> None:
    senses.begun = True
    senses.sweeps.gap_ns = knobs.sweep_gap_ns
    excited = senses.hawkes
    for side in range(2):
        excited.mu[side] = knobs.baseline_per_s
        excited.beta[side] = knobs.decay_per_s
        excited.alpha[3 * side] = knobs.self_per_s
        excited.alpha[1 + side] = knobs.cross_per_s
    hawkes.prepare(excited)
    senses.adx.bars.length_ns = knobs.bar_ns
    markout.start(senses.markouts, CLUSTER_NS)
    senses.order_flow.tau_s = knobs.flow_tau_s
    senses.intensity.reached.tau_s = knobs.reach_tau_s
    senses.microprice.has_table = knobs.has_table
    for k in range(SPREADS * BUCKETS):
        senses.microprice.table[k] = knobs.table[k]


@kernel
def _take_trades(
    senses: Senses,
    mid_before: float,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> None:
    """Count each market order once, however many trades it made; its reach when it has ended."""
    for r in range(i, j):
        what = kind[r]
        if TRADE_BUY <= what <= TRADE_SELL:
            side = BUY if what == TRADE_BUY else SELL
            ended = senses.sweeps.ended
            if sweeps.add_trade(senses.sweeps, side, ticks[r], lots[r], mid_before, now_ns):
                hawkes.add_order(senses.hawkes, side, now_ns)
            if senses.sweeps.ended != ended:
                intensity.add_order(senses.intensity, senses.sweeps.depth_bps)
