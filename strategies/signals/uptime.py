"""Add up how long we were quoting, side by side and on both at once."""

from typing import Annotated

from connectors.model.kernel import Ints, kernel, state


@state
class Uptime:
    """Time in ns with a quote on each side and on both, of `watched_ns` in all."""

    last_ns: int
    quoting: Annotated[Ints, 2]
    watched_ns: int
    side_ns: Annotated[Ints, 2]
    both_ns: int


@kernel
def observe(uptime: Uptime, bid_lots: int, ask_lots: int, now_ns: int) -> None:
    """Close the time since the last call; from now on these lots are quoted."""
    gone_ns = now_ns - uptime.last_ns
    if uptime.last_ns != 0 and gone_ns > 0:
        uptime.watched_ns += gone_ns
        uptime.side_ns[0] += gone_ns * uptime.quoting[0]
        uptime.side_ns[1] += gone_ns * uptime.quoting[1]
        uptime.both_ns += gone_ns * uptime.quoting[0] * uptime.quoting[1]
    uptime.last_ns = max(uptime.last_ns, now_ns)
    uptime.quoting[0] = 1 if bid_lots > 0 else 0
    uptime.quoting[1] = 1 if ask_lots > 0 else 0


@kernel
def side_frac(uptime: Uptime, side: int) -> float:
    """Return the share of time with a quote on a side; 0 while `watched_ns` is 0."""
    return uptime.side_ns[side] / uptime.watched_ns if uptime.watched_ns > 0 else 0.0


@kernel
def both_frac(uptime: Uptime) -> float:
    """Return the share of time with a quote on both sides; 0 while `watched_ns` is 0."""
    return uptime.both_ns / uptime.watched_ns if uptime.watched_ns > 0 else 0.0
