"""Move the hidden side of the synthetic market: its efficient price, activity and excitement."""

import math

from connectors.model.kernel import kernel
from connectors.sim.flow_state import LEVELS, Flow
from connectors.sim.random import exponential, normal, uniform

DEAD_BAND_TICKS = 0.75
"""A touch moves once it is this far off, so that it does not flicker between two ticks."""
LEAST_ACTIVITY = 0.15
"""The market never stands still altogether."""
LONGEST_GAP_S = 1.0
"""Longest wait for a message; it keeps every time step small against the slow time constants."""


@kernel
def derive(flow: Flow) -> None:
    """Derive from the parameters what each mechanism needs.

    Variance per second is ``diffusion^2 + 2 news_per_s news_bps^2`` (exponential jumps). Orders per
    second are ``(base + news_per_s (1 + news_orders)) / (1 - child_orders)``. A price that diffused
    for an exponential time is off by ``diffusion / sqrt(rate)``.
    """
    p = flow.params
    variance = p.sigma_bps_per_sqrt_s * p.sigma_bps_per_sqrt_s
    flow.news_bps = math.sqrt(variance * p.news_variance_frac / (2.0 * p.news_per_s))
    flow.diffusion_bps_per_sqrt_s = math.sqrt(variance * (1.0 - p.news_variance_frac))
    burst_per_s = p.news_per_s * (1.0 + p.news_orders)
    flow.base_taker_per_s = p.taker_per_s * (1.0 - p.child_orders) - burst_per_s
    recentre_per_s = p.taker_per_s * p.informed_frac + p.depth_per_s * p.requote_frac
    flow.usual_stale_bps = flow.diffusion_bps_per_sqrt_s / math.sqrt(recentre_per_s)


@kernel
def advance(flow: Flow) -> None:
    """Let the hidden state move on to the next message's stamp."""
    p = flow.params
    dt = (flow.next_ns - flow.now_ns) * 1e-9
    flow.now_ns = flow.next_ns
    activity = flow.activity
    root = math.sqrt(dt)
    shock = flow.diffusion_bps_per_sqrt_s * math.sqrt(activity) * root * normal(flow.random)
    shift_efficient(flow, shock)
    flow.excited_per_s *= math.exp(-dt / p.excitation_s)
    flow.follower_per_s *= math.exp(-dt / p.news_s)
    noise = p.activity_sd * math.sqrt(2.0 / p.activity_s) * root * normal(flow.random)
    flow.activity_drift += noise - flow.activity_drift * dt / p.activity_s
    noise = p.lean_noise_sd * math.sqrt(2.0 / p.lean_noise_s) * root * normal(flow.random)
    flow.lean_noise += noise - flow.lean_noise * dt / p.lean_noise_s


@kernel
def shift_efficient(flow: Flow, move_bps: float) -> None:
    """Move the hidden price by bps of itself, inside the allowed range."""
    moved = flow.efficient_ticks * (1.0 + move_bps * 1e-4)
    flow.efficient_ticks = min(max(moved, flow.lowest_ticks), flow.highest_ticks)


@kernel
def stale_ticks(flow: Flow) -> float:
    """Return how far the hidden price is over the displayed mid."""
    return flow.efficient_ticks - 0.5 * (flow.ticks[0] + flow.ticks[LEVELS])


@kernel
def staleness(flow: Flow) -> float:
    """Return `stale_ticks` as bps in units of their usual deviation."""
    return stale_ticks(flow) / flow.efficient_ticks * 1e4 / flow.usual_stale_bps


@kernel
def schedule(flow: Flow) -> None:
    """Set the rates that bound what can come until the next message, and its stamp."""
    p = flow.params
    if flow.following_up:
        wait_s = p.follow_up_ms * 1e-3 * (0.5 + uniform(flow.random))
    else:
        flow.activity = max(LEAST_ACTIVITY, 1.0 + flow.activity_drift)
        calm = p.news_per_s + flow.base_taker_per_s + 0.5 * p.depth_per_s
        excited = flow.excited_per_s + flow.follower_per_s
        flow.total_per_s = calm * flow.activity + 0.5 * p.depth_per_s + excited
        wait_s = min(exponential(flow.random) / flow.total_per_s, LONGEST_GAP_S)
    flow.next_ns = flow.now_ns + 1 + int(wait_s * 1e9)


@kernel
def steps_of(distance_ticks: float) -> int:
    """Return the whole ticks that a touch moves to follow the hidden price."""
    if abs(distance_ticks) < DEAD_BAND_TICKS:
        return 0
    return int(math.floor(distance_ticks + 0.5))
