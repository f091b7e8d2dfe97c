"""Pause a side whose fills turn out bad, probe it, and let it back when probes do well.

A side is bad when, at 1, 5 or 10 s, the mean of its realised markouts is under ``-threshold * U``
and under ``-t`` standard errors, over at least `min_fills` (rule T); or when the median at 1 s is
under ``-median_bps`` (rule MEDIAN: a constant that measured markets are always under). It is then
pulled for the pause. After it, probes of a share of the size are quoted until `probe_fills` of them
are a second old: with a mean over ``-release * U`` the side is whole again, otherwise it pauses
again. Each stage begins with empty windows.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull, shrink
from strategies.signals import rolling
from strategies.signals.markout import series
from strategies.signals.rolling import Rolling
from strategies.units import unit_bps

T = 0
MEDIAN = 1
"""Rules."""

WHOLE = 0
PAUSED = 1
PROBING = 2
"""Stages of a side."""

LOOKED_AT = 3
"""Horizons of 1, 5 and 10 s."""


@kernel
def look(desk: Desk, side: int, now_ns: int) -> None:
    """Move the side's stage by its markouts and the clock, then pull or shrink it by its stage."""
    memory = desk.gates
    knobs = desk.params.gates.bad_fills
    windows = desk.senses.markouts.windows
    stage = memory.fills_stage[side]
    if stage == WHOLE and not _has_news(desk, side):
        return
    if stage == PAUSED and now_ns >= memory.bad_until_ns[side]:
        memory.fills_stage[side] = PROBING
        _forget(windows, side)
    elif stage == PROBING:
        first = series(side, 0)
        if rolling.size(windows, first) >= knobs.probe_fills:
            if rolling.mean(windows, first) >= -knobs.release_units * _unit(desk):
                memory.fills_stage[side] = WHOLE
                _forget(windows, side)
            else:
                _pause(desk, side, now_ns)
    elif stage == WHOLE and _is_bad(desk, side):
        _pause(desk, side, now_ns)
    if memory.fills_stage[side] == PAUSED:
        pull(desk.quotes, side, why.BAD_FILLS)
    elif memory.fills_stage[side] == PROBING:
        shrink(desk.quotes, side, knobs.probe_frac, why.PROBING)


@kernel
def _unit(desk: Desk) -> float:
    return unit_bps(desk.params, desk.signals)


@kernel
def _has_news(desk: Desk, side: int) -> bool:
    """Tell whether a markout has come since the last look: statistics cost more than counting."""
    counts = desk.senses.markouts.windows.count
    first = series(side, 0)
    count = counts[first] + counts[first + 1] + counts[first + 2]
    if count == desk.gates.markouts_seen[side]:
        return False
    desk.gates.markouts_seen[side] = count
    return True


@kernel
def _is_bad(desk: Desk, side: int) -> bool:
    knobs = desk.params.gates.bad_fills
    windows = desk.senses.markouts.windows
    bad = False
    if knobs.rule == MEDIAN:
        first = series(side, 0)
        if rolling.size(windows, first) >= knobs.min_fills:
            bad = rolling.median(windows, first) < -knobs.median_bps
        return bad
    least_bps = -knobs.threshold_units * _unit(desk)
    for h in range(LOOKED_AT):
        s = series(side, h)
        if rolling.size(windows, s) >= knobs.min_fills:
            if rolling.mean(windows, s) < least_bps and rolling.t_statistic(windows, s) < -knobs.t:
                bad = True
    return bad


@kernel
def _pause(desk: Desk, side: int, now_ns: int) -> None:
    desk.gates.fills_stage[side] = PAUSED
    desk.gates.bad_until_ns[side] = now_ns + desk.params.gates.bad_fills.pause_ns
    _forget(desk.senses.markouts.windows, side)


@kernel
def _forget(windows: Rolling, side: int) -> None:
    for h in range(LOOKED_AT):
        rolling.forget(windows, series(side, h))
