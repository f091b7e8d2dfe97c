"""Fit kappa and the arrival rate anew while quoting, and never let a bad fit reach a quote.

Market orders around where we quote give a slope k and a level A (`signals.intensity`). With U the
market's scale, kappa = k U. Each is drawn towards what is configured by how much the fit knows::

    log x = w log(fitted) + (1 - w) log(configured) ,   w = s^2 / (s^2 + C / n)

for n orders, a prior deviation s of log x, and C because orders come in bursts: n of them say as
much as n / C that come alone. Then it moves by a bounded step, inside bounds around what is
configured. Without an accepted fit for too long the configured values come back, by the same steps.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Desk, LearningKnobs
from strategies.pricing.terms import liquidity_bps
from strategies.scheduled import INTENSITY_MICRO, KAPPA_MICRO, MICRO
from strategies.signals import intensity
from strategies.signals.intensity import FITTED
from strategies.units import unit_bps

PRIOR_VARIANCE = 0.49
"""Of the logarithm: a configured value may well be off by a factor of two."""
CLUSTERED = 12.0
"""Variance of counts over that of independent orders (markets show 10 to 17 over 10 s)."""


@kernel
def learn(desk: Desk, now_ns: int) -> None:
    """Fit anew if it is time, and move what is in use; call with a sound book, before pricing."""
    params = desk.params
    knobs = params.learning
    learning = desk.learning
    if not learning.begun:
        learning.begun = True
        learning.kappa = params.kappa
        learning.intensity_per_s = params.intensity_per_s
        learning.tried_ns = now_ns
        learning.accepted_ns = now_ns
        return
    if now_ns - learning.tried_ns < knobs.every_ns:
        return
    learning.tried_ns = now_ns
    unit = unit_bps(params, desk.signals)
    fit = desk.senses.intensity
    learning.status = intensity.fit(fit, liquidity_bps(params, unit, params.gamma))
    kappa = fit.k_per_bps * unit
    if learning.status == FITTED and is_sane(kappa) and is_sane(fit.a_per_s):
        learning.accepted += 1
        learning.accepted_ns = now_ns
        w = weight(fit.count)
        _move(
            desk, blend(kappa, learning.kappa, w), blend(fit.a_per_s, learning.intensity_per_s, w)
        )
        return
    learning.refused += 1
    if now_ns - learning.accepted_ns >= knobs.most_age_ns:
        _move(desk, learning.kappa, learning.intensity_per_s)


@kernel
def adopt_rates(desk: Desk) -> None:
    """Use rates that were fitted outside and told as rows, once: what is set later stands."""
    asked = desk.scheduled.asked
    learning = desk.learning
    if asked[KAPPA_MICRO] != learning.told_kappa_micro:
        learning.told_kappa_micro = asked[KAPPA_MICRO]
        if asked[KAPPA_MICRO] > 0:
            desk.params.kappa = asked[KAPPA_MICRO] / MICRO
    if asked[INTENSITY_MICRO] != learning.told_intensity_micro:
        learning.told_intensity_micro = asked[INTENSITY_MICRO]
        if asked[INTENSITY_MICRO] > 0:
            desk.params.intensity_per_s = asked[INTENSITY_MICRO] / MICRO


@kernel
def is_sane(value: float) -> bool:
    """Tell whether a logarithm of the value can be reckoned with."""
    return 1e-12 < value < 1e12


@kernel
def weight(orders: float) -> float:
    """Return w, how much of a fit of so many orders counts."""
    if not orders > 0.0:
        return 0.0
    return PRIOR_VARIANCE / (PRIOR_VARIANCE + CLUSTERED / orders)


@kernel
def blend(fitted: float, configured: float, w: float) -> float:
    """Return the fitted value drawn towards the configured one."""
    return math.exp(w * math.log(fitted) + (1.0 - w) * math.log(configured))


@kernel
def bounded(now: float, wanted: float, configured: float, knobs: LearningKnobs) -> float:
    """Return `wanted`, at most a step from now and within the factor around what is configured."""
    step = 1.0 + knobs.most_step_frac
    value = min(max(wanted, now / step), now * step)
    return min(max(value, configured / knobs.most_factor), configured * knobs.most_factor)


@kernel
def _move(desk: Desk, kappa: float, per_s: float) -> None:
    params = desk.params
    knobs = params.learning
    learning = desk.learning
    moved = bounded(params.kappa, kappa, learning.kappa, knobs)
    params.kappa = min(max(moved, knobs.least_kappa), knobs.most_kappa)
    params.intensity_per_s = bounded(params.intensity_per_s, per_s, learning.intensity_per_s, knobs)
