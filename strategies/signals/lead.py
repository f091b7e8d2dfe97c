"""Follow a market that leads ours: where would our mid be if it stood to it as it usually does?

::

    gap    = 1e4 ln(own mid / lead's mid)                                       [bps]
    basis  = num / den,   num = num w + gap (1 - w),   den = den w + (1 - w),   w = exp(-dt / tau)
    offset = basis - gap: what our mid lacks                                    [bps]

`basis` is the mean of the gap over time, fading with `tau_s`; a gap counts from the moment it came
about to the next one, so the news that moved it is not in the basis that judges it. `den` is the
share of a memory that has been seen: it grows while both mids are known, fades while they are not,
and from a half on (one half-life) the basis is relied on. To first order this is lead + EWMA of
(own - lead); the logarithm makes it hold for any unit that either market is quoted in.
"""

import math

from connectors.model.kernel import kernel, state

READY_SHARE = 0.5
"""Share of a memory that must have been seen."""


@state
class LeadKnobs:
    """Settings. `tick_ratio` is the lead's tick in ticks of ours."""

    on: bool
    tick_ratio: float
    tau_s: float
    most_age_ns: int


@state
class Lead:
    """What is known of the lead. `mid_ticks` is in our ticks, 0 while it is not known.

    The gap is that of the last look, and may be relied on up to `until_ns`.
    """

    mid_ticks: float
    heard_ns: int
    gap_bps: float
    until_ns: int
    looked_ns: int
    num: float
    den: float


@kernel
def hear(lead: Lead, knobs: LeadKnobs, half_ticks: int, now_ns: int) -> None:
    """Take the lead's mid, in half ticks of its own; 0: its book is not to be relied on."""
    lead.mid_ticks = 0.5 * half_ticks * knobs.tick_ratio
    lead.heard_ns = now_ns


@kernel
def look(lead: Lead, knobs: LeadKnobs, mid_ticks: float, now_ns: int) -> None:
    """Take our own mid: the gap so far goes into the basis, and a new one begins."""
    _pass_time(lead, knobs, now_ns)
    lead.until_ns = 0
    if mid_ticks > 0.0 and is_fresh(lead, knobs, now_ns):
        lead.gap_bps = 1e4 * math.log(mid_ticks / lead.mid_ticks)
        lead.until_ns = lead.heard_ns + knobs.most_age_ns


@kernel
def lose(lead: Lead, knobs: LeadKnobs, now_ns: int) -> None:
    """Have no mid of our own."""
    _pass_time(lead, knobs, now_ns)
    lead.until_ns = 0


@kernel
def is_fresh(lead: Lead, knobs: LeadKnobs, now_ns: int) -> bool:
    """Tell whether the lead's mid is known and young enough."""
    return lead.mid_ticks > 0.0 and now_ns - lead.heard_ns <= knobs.most_age_ns


@kernel
def is_ready(lead: Lead) -> bool:
    """Tell whether the basis has seen enough."""
    return lead.den >= READY_SHARE


@kernel
def basis_bps(lead: Lead) -> float:
    """Return how far our mid usually is over the lead's; 0 before anything has been seen."""
    return lead.num / lead.den if lead.den > 0.0 else 0.0


@kernel
def offset_bps(lead: Lead) -> float:
    """Return what our mid lacks."""
    return basis_bps(lead) - lead.gap_bps


@kernel
def _pass_time(lead: Lead, knobs: LeadKnobs, now_ns: int) -> None:
    """Let the gap count for as long as it could be relied on, and fade from then on."""
    if lead.looked_ns > 0:
        known_ns = min(now_ns, lead.until_ns)
        if known_ns > lead.looked_ns:
            kept = math.exp((lead.looked_ns - known_ns) * 1e-9 / knobs.tau_s)
            lead.num = lead.num * kept + lead.gap_bps * (1.0 - kept)
            lead.den = lead.den * kept + (1.0 - kept)
            lead.looked_ns = known_ns
        if now_ns > lead.looked_ns:
            kept = math.exp((lead.looked_ns - now_ns) * 1e-9 / knobs.tau_s)
            lead.num *= kept
            lead.den *= kept
    lead.looked_ns = now_ns
