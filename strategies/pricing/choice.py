"""Choose the pricing model of a market by its number.

Numbers below `BROUGHT` are ours. The others belong to models that installed packages bring: kernels
of the same form as `avellaneda_stoikov.price`, which find their own settings in `params.own`.
"""

import math
from collections.abc import Callable, Sequence

from connectors.model.kernel import bind, kernel
from strategies.desk import Params, Quotes, Signals
from strategies.pricing import avellaneda_stoikov, glft
from strategies.pricing.terms import AT_LIMIT, at_limit_skew_bps
from strategies.pricing.value import ValueFunction

Pricer = Callable[[Params, Signals, Quotes, int], None]

AVELLANEDA_STOIKOV = 0
GLFT = 1
BROUGHT = 100
"""Models: ours, and the number of the first that a package brings."""


@kernel
def price(
    params: Params, signals: Signals, value: ValueFunction, quotes: Quotes, now_ns: int
) -> None:
    """Write reservation, half spread and skew [bps] with the model that `params` names."""
    if params.model == AVELLANEDA_STOIKOV:
        avellaneda_stoikov.price(params, signals, quotes, now_ns)
    elif params.model == GLFT:
        glft.price(params, signals, value, quotes, now_ns)
    else:
        brought_price(params, signals, quotes, now_ns)


@kernel
def finish(params: Params, quotes: Quotes) -> None:
    """Count the shift at the limit in half spreads as they are quoted, after floors and limits."""
    if params.model < BROUGHT and params.skew == AT_LIMIT:
        quotes.skew_bps = at_limit_skew_bps(params, quotes.half_spread_bps)
        quotes.reservation_bps = -quotes.inventory_clips * quotes.skew_bps


@kernel
def no_price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    """Write no price: a number that belongs to no model holds both sides."""
    quotes.reservation_bps = math.nan
    quotes.half_spread_bps = math.nan
    quotes.skew_bps = math.nan


brought_price: Pricer = no_price
"""The models that packages bring. Bound once, at wiring, before anything is compiled."""


def bring(models: Sequence[Pricer]) -> None:
    """Make `models` answer to the numbers from `BROUGHT` on. Every one must be a kernel."""
    bind(tuple(f"{model.__module__}.{model.__qualname__}" for model in models))
    global brought_price  # noqa: PLW0603 - a kernel calls what its module names: see docs/decisions.md
    chained: Pricer = no_price
    for number, model in reversed(list(enumerate(models, BROUGHT))):
        chained = _chain(number, model, chained)
    brought_price = chained


def _chain(number: int, first: Pricer, rest: Pricer) -> Pricer:
    """Return a kernel that calls `first` for its number and `rest` for any other."""

    def chained_price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
        if params.model == number:
            first(params, signals, quotes, now_ns)
        else:
            rest(params, signals, quotes, now_ns)

    return kernel(chained_price)
