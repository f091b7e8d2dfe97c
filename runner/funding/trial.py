"""Try rules on one pair: every payment to what was held at its stamp, every cost to its trade.

What happens at the very stamp of a settlement comes after it, as in the simulator. Money is exact.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from runner.funding.history import HOUR_NS, Leg, Payment, Period
from strategies.funding.rules import Act, Position, Rules, Seen, decide
from strategies.funding.why import Why

PER_BPS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that came or went at a moment; `is_cost`: a trade's cost, else funding."""

    at_ns: int
    quote: Decimal
    is_cost: bool


@dataclass(slots=True)
class Hold:
    """One position from entering to leaving. `missed_ns`: time whose settlements are not known."""

    direction: int
    entered_ns: int
    left_ns: int = 0
    payments: int = 0
    funding: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)
    missed_ns: int = 0
    reasons: tuple[Why, ...] = ()

    @property
    def net(self) -> Decimal:
        """What it earned after its trades."""
        return self.funding - self.costs


@dataclass(slots=True)
class Trial:
    """What became of one pair."""

    name: str
    first: Leg
    second: Leg
    notional: Decimal
    first_ns: int
    last_ns: int
    holds: list[Hold] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    missed_ns: int = 0

    @property
    def trade_cost(self) -> Decimal:
        """Cost of entering, or of leaving, with both legs."""
        return (self.first.one_way_bps + self.second.one_way_bps) * PER_BPS * self.notional


def try_pair(
    name: str,
    legs: tuple[Leg, Leg],
    history: Sequence[Period],
    rules: Rules,
    notional: Decimal,
    lookback_h: float,
) -> Trial:
    """Return what rules would have made of a pair's history, which is not empty.

    A history has no prices and no margin, so that the rules about them are left out.
    """
    rules = replace(rules, max_basis_bps=None, min_margin_frac=None)
    trial = Trial(name, *legs, notional, history[0].at_ns, history[-1].at_ns)
    directions = tuple(d for d in (1, -1) if legs[0 if d == 1 else 1].can_short)
    cost_bps = 2.0 * float(legs[0].one_way_bps + legs[1].one_way_bps)
    rates: deque[float] = deque(maxlen=max(round(lookback_h / history[0].step_h), 1))
    position = Position()
    for period in history:
        _settle(trial, position, period)
        if period.rate_per_h is not None:
            rates.append(period.rate_per_h)
        verdict = decide(
            rules,
            position,
            Seen(
                now_h=period.at_ns / HOUR_NS,
                step_h=period.step_h,
                rates_per_h=tuple(rates),
                cost_bps=cost_bps,
                directions=directions,
                is_rate_known=period.rate_per_h is not None,
            ),
        )
        position = verdict.position
        if verdict.act is Act.ENTER and period is not history[-1]:
            _enter(trial, position.direction, period.at_ns)
        elif verdict.act is Act.LEAVE:
            _leave(trial, period.at_ns, verdict.reasons)
    if trial.holds and not trial.holds[-1].left_ns:
        _leave(trial, history[-1].at_ns, (Why.HISTORY_ENDS,))
    return trial


def _settle(trial: Trial, position: Position, period: Period) -> None:
    trial.missed_ns += period.missed_ns
    if not position.direction:
        return
    hold = trial.holds[-1]
    hold.missed_ns += period.missed_ns
    for payment in period.payments:
        quote = _paid_us(payment, position.direction) * trial.notional
        hold.payments += 1
        hold.funding += quote
        trial.entries.append(Entry(payment.at_ns, quote, is_cost=False))


def _paid_us(payment: Payment, direction: int) -> Decimal:
    """Return what a settlement pays us, a share: the short leg gets what the long one pays."""
    is_short = (payment.leg == 0) == (direction == 1)
    return payment.rate if is_short else -payment.rate


def _enter(trial: Trial, direction: int, at_ns: int) -> None:
    trial.holds.append(Hold(direction, at_ns))
    _charge(trial, at_ns)


def _leave(trial: Trial, at_ns: int, reasons: tuple[Why, ...]) -> None:
    trial.holds[-1].left_ns = at_ns
    trial.holds[-1].reasons = reasons
    _charge(trial, at_ns)


def _charge(trial: Trial, at_ns: int) -> None:
    trial.holds[-1].costs += trial.trade_cost
    trial.entries.append(Entry(at_ns, -trial.trade_cost, is_cost=True))
