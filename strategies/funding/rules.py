"""Decide about one pair of legs: stay out, enter, hold or leave, with every reason.

A direction is +1 for a short first leg and a long second one, which earns while the first leg's
rate is above the second's; -1 is the mirror. Rates are per hour and signed so: first less second.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from strategies.funding.costs import break_even_periods
from strategies.funding.decay import Decay, Estimate, fit, forecast
from strategies.funding.rates import HOURS_A_YEAR, is_within
from strategies.funding.why import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When two legs are worth holding. None: the rule is off."""

    min_rate_bps_per_h: float
    min_net_apr_frac: float
    min_deviations: float
    horizon_h: float
    max_break_even_h: float
    max_basis_bps: float | None
    min_margin_frac: float | None
    keep_rate_bps_per_h: float
    flip_periods: int
    max_hold_h: float | None
    cooldown_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known when a period of `step_h` has ended; None: not known.

    `rates_per_h` are those of the last known periods, the oldest first. `cost_bps` is that of all
    four trades, `directions` are those the legs allow, `basis_bps` is of either sign.
    """

    now_h: float
    step_h: float
    rates_per_h: Sequence[float]
    cost_bps: float
    directions: tuple[int, ...] = (1, -1)
    is_rate_known: bool = True
    basis_bps: float | None = None
    margin_frac: float | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """What is held, and what is remembered of it: a plain value, so that a restart goes on.

    `direction` is 0 while flat. `is_armed` says that the opportunity has been seen absent since the
    last position was left: only then is a new one fresh.
    """

    direction: int = 0
    entered_h: float = 0.0
    left_h: float | None = None
    against: int = 0
    is_armed: bool = True


class Act(Enum):
    """What is to be done."""

    NOTHING = "nothing"
    ENTER = "enter"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, the position as it then is, and all reasons."""

    act: Act
    position: Position
    reasons: tuple[Why, ...]


def decide(rules: Rules, position: Position, seen: Seen) -> Verdict:
    """Decide at the end of a period. An unknown never opens a position, nor does it close one."""
    return _hold(rules, position, seen) if position.direction else _look(rules, position, seen)


def watch(rules: Rules, position: Position, seen: Seen) -> Verdict:
    """Decide within a period, when no rate is new: leave for a risk or for age, never enter."""
    reasons = tuple(_risks(rules, seen)) if position.direction else ()
    if position.direction and _is_old(rules, position, seen):
        reasons = (*reasons, Why.HELD_LONG)
    if not reasons:
        return Verdict(Act.NOTHING, position, ())
    return Verdict(Act.LEAVE, left(seen.now_h), reasons)


def left(now_h: float) -> Position:
    """Return what is remembered of a position that has been left: none is fresh until seen gone."""
    return Position(0, 0.0, now_h, 0, is_armed=False)


def _look(rules: Rules, position: Position, seen: Seen) -> Verdict:
    direction = _direction_of(seen)
    absent = tuple(_absent(rules, seen, direction))
    unknown = tuple(_unknown(rules, seen))
    if absent and not unknown:
        position = replace(position, is_armed=True)
    against = (*unknown, *absent, *_too_soon(rules, position, seen))
    if against:
        return Verdict(Act.NOTHING, position, against)
    entered = Position(direction, seen.now_h)
    return Verdict(Act.ENTER, entered, (Why.OPPORTUNITY,))


def _direction_of(seen: Seen) -> int:
    return -1 if seen.rates_per_h and seen.rates_per_h[-1] < 0.0 else 1


def _unknown(rules: Rules, seen: Seen) -> Iterator[Why]:
    if not (seen.is_rate_known and seen.rates_per_h):
        yield Why.RATE_UNKNOWN
    if rules.max_basis_bps is not None and seen.basis_bps is None:
        yield Why.BASIS_UNKNOWN
    if rules.min_margin_frac is not None and seen.margin_frac is None:
        yield Why.MARGIN_UNKNOWN


def _absent(rules: Rules, seen: Seen, direction: int) -> Iterator[Why]:
    """Yield why there is no opportunity; the cheap reasons save the forecast."""
    if not seen.rates_per_h:
        return
    if direction not in seen.directions:
        yield Why.WRONG_WAY
    if seen.rates_per_h[-1] * direction * 10_000.0 < rules.min_rate_bps_per_h:
        yield Why.RATE_LOW
        return
    yield from _risks(rules, seen)
    decay = fit(seen.rates_per_h)
    if decay is None:
        yield Why.HISTORY_SHORT
        return
    yield from _not_worth_it(rules, seen, decay, direction)


def _risks(rules: Rules, seen: Seen) -> Iterator[Why]:
    basis, margin = seen.basis_bps, seen.margin_frac
    if rules.max_basis_bps is not None and basis is not None:
        if not is_within(basis, rules.max_basis_bps):
            yield Why.BASIS_WIDE
    if rules.min_margin_frac is not None and margin is not None and margin < rules.min_margin_frac:
        yield Why.MARGIN_THIN


def _not_worth_it(rules: Rules, seen: Seen, decay: Decay, direction: int) -> Iterator[Why]:
    gain = expected_bps(decay, seen.step_h, rules.horizon_h)
    net_bps = gain.value * direction - seen.cost_bps
    if net_bps <= rules.min_deviations * gain.error:
        yield Why.GAIN_UNSURE
    if net_bps * HOURS_A_YEAR / rules.horizon_h < rules.min_net_apr_frac * 10_000.0:
        yield Why.APR_LOW
    rate = gain.value * direction / 10_000.0 / rules.horizon_h
    hours = break_even_periods(seen.cost_bps, 0.0, rate)
    if hours is None or hours > rules.max_break_even_h:
        yield Why.BREAK_EVEN_LATE


def expected_bps(decay: Decay, step_h: float, horizon_h: float) -> Estimate:
    """Return what the next hours are expected to pay, of rates per hour in periods of `step_h`."""
    found = forecast(decay, max(round(horizon_h / step_h), 1))
    scale = step_h * 10_000.0
    return Estimate(found.value * scale, found.error * scale)


def _too_soon(rules: Rules, position: Position, seen: Seen) -> Iterator[Why]:
    if position.left_h is not None and seen.now_h - position.left_h < rules.cooldown_h:
        yield Why.COOLING_DOWN
    if not position.is_armed:
        yield Why.NOT_FRESH


def _hold(rules: Rules, position: Position, seen: Seen) -> Verdict:
    position = replace(position, against=_against(position, seen))
    reasons = (*_risks(rules, seen), *_worn_out(rules, position, seen))
    if not reasons:
        unknown = tuple(_unknown(rules, seen))
        return Verdict(Act.NOTHING, position, unknown or (Why.CARRYING,))
    return Verdict(Act.LEAVE, left(seen.now_h), reasons)


def _is_old(rules: Rules, position: Position, seen: Seen) -> bool:
    return rules.max_hold_h is not None and seen.now_h - position.entered_h >= rules.max_hold_h


def _against(position: Position, seen: Seen) -> int:
    """Return for how many known periods in a row the rate has been against the position."""
    if not (seen.is_rate_known and seen.rates_per_h):
        return position.against
    return position.against + 1 if seen.rates_per_h[-1] * position.direction < 0.0 else 0


def _worn_out(rules: Rules, position: Position, seen: Seen) -> Iterator[Why]:
    if _is_old(rules, position, seen):
        yield Why.HELD_LONG
    if position.against >= rules.flip_periods:
        yield Why.FLIPPED
    decay = fit(seen.rates_per_h) if seen.is_rate_known else None
    if decay is not None:
        left = expected_bps(decay, seen.step_h, rules.horizon_h).value / rules.horizon_h
        if left * position.direction < rules.keep_rate_bps_per_h:
            yield Why.DECAYED
