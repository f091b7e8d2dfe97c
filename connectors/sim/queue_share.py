"""Split a cancellation between those behind us and those before us, as hftbacktest's models do.

Each formula gives the share of it that is taken to come from behind us, by the lots before us (a)
and behind us (b), after hftbacktest's ``backtest/models/queue.rs``:

- POWER:   ``b^n / (b^n + a^n)``           PowerProbQueueFunc
- POWER_2: ``b^n / (b + a)^n``             PowerProbQueueFunc2
- POWER_3: ``1 - (a / (a + b))^n``         PowerProbQueueFunc3
- LOG:     ``f(b) / (f(b) + f(a))``        LogProbQueueFunc, ``f(x) = log(1 + x)``
- LOG_2:   ``f(b) / f(b + a)``             LogProbQueueFunc2

A logarithm depends on the unit: it is lots here, whatever the size of a lot.

Arithmetic is that of IEEE 754, also where Python's own raises: a share may come out infinite or as
no number, which `compat` has a use for.
"""

import math

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import LOG, LOG_2, POWER, POWER_2, POWER_3


@kernel
def share_behind(model: int, ahead: float, behind: float, n: float) -> float:
    """Return the share of a cancellation that comes from behind us."""
    if model == POWER:
        back = _power(behind, n)
        return _ratio(back, back + _power(ahead, n))
    if model == POWER_2:
        return _ratio(_power(behind, n), _power(behind + ahead, n))
    if model == POWER_3:
        return 1.0 - _power(_ratio(ahead, ahead + behind), n)
    if model == LOG:
        back = _log(behind)
        return _ratio(back, back + _log(ahead))
    if model == LOG_2:
        return _ratio(_log(behind), _log(behind + ahead))
    return 1.0


@kernel
def _power(x: float, n: float) -> float:
    """Return ``x^n``, no number for a negative x unless n is whole."""
    if math.isnan(x) or (x < 0.0 and n != math.floor(n)):
        return math.nan
    if math.isinf(x):
        return math.inf
    return math.pow(x, n)


@kernel
def _log(x: float) -> float:
    """Return ``log(1 + x)``."""
    if 1.0 + x > 0.0:
        return math.log(1.0 + x)
    return -math.inf if x == -1.0 else math.nan


@kernel
def _ratio(a: float, b: float) -> float:
    """Return ``a / b``."""
    if b != 0.0:
        return a / b
    return math.nan if a == 0.0 or math.isnan(a) else math.inf
