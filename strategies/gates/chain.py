"""Look at every gate that is on, in one order: the market's, each side's, the position's.

Their effects combine to the most restrictive, so the order changes nothing but how they are told.
All are looked at, also when one has pulled already: every reason of a moment is kept.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies.desk import Desk
from strategies.gates import (
    age_exit,
    bad_fills,
    book_spread,
    calendar,
    cooldown,
    economics,
    flip_rate,
    guard,
    ladder,
    net_loss,
    regime,
    schedule,
    side_fills,
    stop_loss,
    take_profit,
    timeout,
    toxicity,
)
from strategies.gates.heavy import heavy_frac
from strategies.gates.leaving import begin_leaving


@kernel
def pass_gates(desk: Desk, now_ns: int) -> None:
    """Write what the gates leave of both sides."""
    knobs = desk.params.gates
    if knobs.scheduled:
        schedule.look(desk, now_ns)
    if knobs.hours.on:
        calendar.look_at_hours(desk, now_ns)
    if knobs.funding.on:
        calendar.look_at_funding(desk, now_ns)
    if knobs.book_spread.on:
        book_spread.look(desk)
    if knobs.flip_rate.on:
        flip_rate.look(desk, now_ns)
    if knobs.regime.on:
        regime.look(desk)
    if knobs.net_loss.on:
        net_loss.look(desk, now_ns)
    heavy = heavy_frac(desk)
    _pass_side(desk, BUY, heavy, now_ns)
    _pass_side(desk, SELL, -heavy, now_ns)
    if knobs.leaves and begin_leaving(desk, now_ns):
        _pass_position(desk, now_ns)


@kernel
def _pass_side(desk: Desk, side: int, heavy: float, now_ns: int) -> None:
    knobs = desk.params.gates
    if knobs.guard.on:
        guard.look(desk, side, heavy)
    if knobs.side_fills.on:
        side_fills.look(desk, side, now_ns)
    if knobs.toxicity.on or knobs.cooldown.on:
        share = toxicity.toxicity_of(desk, side)
        if share > 0.0:
            toxicity.look(desk, side, share)
        if knobs.cooldown.on:
            cooldown.look(desk, side, share, now_ns)
    if knobs.bad_fills.on:
        bad_fills.look(desk, side, now_ns)
    if knobs.ladder.on and heavy > 0.0:
        ladder.look(desk, side, heavy)
    if knobs.economics.on:
        economics.look(desk, side)


@kernel
def _pass_position(desk: Desk, now_ns: int) -> None:
    knobs = desk.params.gates
    if knobs.stop_loss.on:
        stop_loss.look(desk, now_ns)
    if knobs.take_profit.on:
        take_profit.look(desk, now_ns)
    if knobs.timeout.on:
        timeout.look(desk, now_ns)
    if knobs.age_exit.on:
        age_exit.look(desk, now_ns)
