"""Make the order flow of a synthetic market: seeded, endless, the same interpreted and compiled.

A hidden *efficient price* moves by itself (diffusion) and by news (jumps). The displayed touch is
stale until an informed taker order walks the book up to the hidden price, or makers requote. What
waits a random time is a fair sample of that price, so mid returns are a martingale, while the
queues at the touch lean towards what is not shown yet. After news a train of orders goes there,
each short of it or too far. Most taker orders know nothing and take a part of the touch. Taker
orders excite each other (Hawkes) over a base rate; a slow activity drives that rate, the news, the
volatility and the pace of quotes.

Facts it is made to show, measured by ``tests/connectors/sim/test_flow_facts.py``:

===========================================================  ====================
spread is one tick, share of time                            at least 99.5 %
taker orders per second                                      5 to 9
Fano factor of taker orders over 10 s                        10 to 17
busiest over quietest minute of a hundred                    6 to 16
taker orders 1 bp or more beyond mid, per second and side    .010 to .020
volatility from 1 s mids, bps/sqrt(s)                        .4 to .6
correlation of queue imbalance with the next 1 s             .22 to .38
move over 1 s per unit of imbalance, bps                     .18 to .30
1 s markout of an order 1 bp out, traded through, bps        -.8 to -.3
variance ratio of 60 s to 1 s                                .7 to 1.5
===========================================================  ====================
"""

import math

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
from connectors.model.kernel import kernel
from connectors.sim.flow_hidden import (
    advance,
    derive,
    schedule,
    shift_efficient,
    stale_ticks,
    staleness,
    steps_of,
)
from connectors.sim.flow_state import LEVELS, Flow, RowColumn
from connectors.sim.ladder import (
    LEAST_LOTS,
    change_sizes,
    fill_sides,
    lay_out,
    move,
    put,
    quote_touch,
)
from connectors.sim.random import exponential, normal, seed_random, uniform


@kernel
def start(flow: Flow, seed: int, start_mid_ticks: int, start_ns: int) -> None:
    """Set up a market whose `params` are filled, at a start price of the best bid."""
    p = flow.params
    seed_random(flow.random, seed, 0)
    flow.now_ns = start_ns
    flow.efficient_ticks = start_mid_ticks + 0.5
    flow.lowest_ticks = 0.25 * start_mid_ticks
    flow.highest_ticks = 2.0 * start_mid_ticks
    flow.activity_drift = p.activity_sd * normal(flow.random)
    flow.excited_per_s = 0.0
    flow.follower_per_s = 0.0
    flow.lean_noise = p.lean_noise_sd * normal(flow.random)
    flow.following_up = False
    derive(flow)
    lay_out(flow, p.depth_bps * start_mid_ticks * 1e-4)
    fill_sides(flow, start_mid_ticks)
    schedule(flow)


@kernel
def snapshot(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, venue_ns: RowColumn, at: int
) -> int:
    """Write the whole displayed book, stamped with the last message; return the end index."""
    end = put(kind, ticks, lots, at, CLEAR_BIDS, 0, 0)
    end = put(kind, ticks, lots, end, CLEAR_ASKS, 0, 0)
    for k in range(2 * LEVELS):
        if flow.lots[k] > 0:
            side = BID if k < LEVELS else ASK
            end = put(kind, ticks, lots, end, side, flow.ticks[k], flow.lots[k])
    for row in range(at, end):
        venue_ns[row] = flow.now_ns
    return end


@kernel
def next_message(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, venue_ns: RowColumn, at: int
) -> int:
    """Write the rows of the next message from index `at`; return the end index.

    The columns need MESSAGE_ROWS free rows. All rows carry the stamp that `next_ns` announced.
    """
    advance(flow)
    if flow.following_up:
        flow.following_up = False
        end = requote(flow, kind, ticks, lots, at, flow.follow_up_bid_ticks)
    else:
        end = arrive(flow, kind, ticks, lots, at)
    for row in range(at, end):
        venue_ns[row] = flow.now_ns
    schedule(flow)
    return end


@kernel
def arrive(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Choose what arrives by the rates of this moment, and write its rows.

    Excitement has faded since `schedule`; what it lacks falls to depth messages (thinning), so that
    taker orders come at exactly the rate they should.
    """
    p = flow.params
    choice = uniform(flow.random) * flow.total_per_s - p.news_per_s * flow.activity
    if choice < 0.0:
        return news(flow, kind, ticks, lots, at)
    choice -= flow.follower_per_s
    if choice < 0.0:
        return follow_news(flow, kind, ticks, lots, at)
    choice -= flow.base_taker_per_s * flow.activity + flow.excited_per_s
    if choice < 0.0:
        return taker_order(flow, kind, ticks, lots, at)
    return depth_message(flow, kind, ticks, lots, at)


@kernel
def depth_message(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Let makers change sizes, and sometimes bring the touch to the hidden price."""
    bid_ticks = flow.ticks[0]
    if uniform(flow.random) < flow.params.requote_frac:
        bid_ticks += steps_of(stale_ticks(flow))
    end = requote(flow, kind, ticks, lots, at, bid_ticks)
    return change_sizes(flow, kind, ticks, lots, end)


@kernel
def requote(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, bid_ticks: int
) -> int:
    """Show a one-tick spread over `bid_ticks`, its queues leaning towards the hidden price."""
    end = at
    if bid_ticks != flow.ticks[0]:
        end = move(flow, kind, ticks, lots, at, bid_ticks)
    lean = math.tanh(flow.params.lean_gain * staleness(flow) + flow.lean_noise)
    return quote_touch(flow, kind, ticks, lots, end, lean)


@kernel
def taker_order(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Let a taker order arrive: an informed one walks to the hidden price, others take a little."""
    p = flow.params
    flow.excited_per_s += p.child_orders / p.excitation_s
    if uniform(flow.random) < p.informed_frac:
        steps = steps_of(stale_ticks(flow))
        if steps != 0:
            return sweep(flow, kind, ticks, lots, at, steps)
    buy_frac = 0.5 + 0.5 * p.taker_lean * math.tanh(staleness(flow))
    side = BUY if uniform(flow.random) < buy_frac else SELL
    return take_touch(flow, kind, ticks, lots, at, side)


@kernel
def news(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Let the hidden price jump: the first order follows at once, others within `news_s`."""
    p = flow.params
    jump_bps = flow.news_bps * exponential(flow.random)
    shift_efficient(flow, jump_bps if uniform(flow.random) < 0.5 else -jump_bps)
    flow.follower_per_s += p.news_orders / p.news_s
    return follow_news(flow, kind, ticks, lots, at)


@kernel
def follow_news(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Let a taker order go a part of the way to the hidden price, or too far."""
    p = flow.params
    flow.excited_per_s += p.child_orders / p.excitation_s
    distance = stale_ticks(flow)
    reach_frac = p.reach_frac_min + (p.reach_frac_max - p.reach_frac_min) * uniform(flow.random)
    steps = steps_of(distance * reach_frac)
    if steps == 0:
        return take_touch(flow, kind, ticks, lots, at, BUY if distance > 0.0 else SELL)
    return sweep(flow, kind, ticks, lots, at, steps)


@kernel
def take_touch(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, side: int
) -> int:
    """Take a lognormal size at the touch, less than it shows; its last lot goes with the price."""
    k = LEVELS if side == BUY else 0
    if flow.lots[k] < LEAST_LOTS:
        return sweep(flow, kind, ticks, lots, at, 1 if side == BUY else -1)
    wanted = 1 + int(flow.params.taker_lots * math.exp(1.5 * normal(flow.random)))
    taken = min(wanted, flow.lots[k] - 1)
    flow.lots[k] -= taken
    trade = TRADE_BUY if side == BUY else TRADE_SELL
    end = put(kind, ticks, lots, at, trade, flow.ticks[k], taken)
    return put(kind, ticks, lots, end, ASK if side == BUY else BID, flow.ticks[k], flow.lots[k])


@kernel
def sweep(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, steps: int
) -> int:
    """Take every level before the touch `steps` ticks away, and a part of that one if it is shown.

    The other side follows in the next message, `follow_up_ms` later.
    """
    side = ASK if steps > 0 else BID
    trade = TRADE_BUY if steps > 0 else TRADE_SELL
    outward = 1 if steps > 0 else -1
    first = side * LEVELS
    target = flow.ticks[first] + steps
    last = flow.ticks[first + LEVELS - 1]
    if (target - last) * outward > 0:
        target = last
    count = 0
    end = at
    while count < LEVELS and (target - flow.ticks[first + count]) * outward >= 0:
        k = first + count
        taken = flow.lots[k]
        if flow.ticks[k] == target:
            taken = max(1, int(taken * uniform(flow.random)))
        end = put(kind, ticks, lots, end, trade, flow.ticks[k], taken)
        flow.lots[k] -= taken
        count += 1
    for k in range(first, first + count):
        end = put(kind, ticks, lots, end, side, flow.ticks[k], flow.lots[k])
    flow.follow_up_bid_ticks = target - 1 if steps > 0 else target
    flow.following_up = True
    return end
