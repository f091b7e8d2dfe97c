"""Find the pricing model of each market: ours, or one that a package brings.

A package's entry point (group ``mmrunner.strategies``) loads an object with ``Settings``, a class
derived from `runner.settings.Quoting`; ``price``, a kernel; and ``own(settings)``, the numbers that
the kernel finds in ``params.own``.
"""

from collections.abc import Sequence
from typing import Any

from connectors.model.errors import ConfigError
from connectors.model.kernel import kernels
from runner.settings import Quoting, Settings
from runner.settings.registry import entry_point
from strategies.desk import OWN
from strategies.pricing.choice import AVELLANEDA_STOIKOV, BROUGHT, GLFT, Pricer, bring

OURS = {
    "avellaneda_stoikov": AVELLANEDA_STOIKOV,
    "cartea_jaimungal": GLFT,
    "glft": GLFT,
    "hybrid": AVELLANEDA_STOIKOV,
    "linear": AVELLANEDA_STOIKOV,
}
"""Built-in strategies and their models. Cartea and Jaimungal's is a case of GLFT's."""


def bind_strategies(settings: Settings) -> dict[str, int]:
    """Make the strategies of a deploy callable; return each one's number by name.

    Raises ConfigError when a package's strategy lacks a part or its price is no kernel.
    """
    names = sorted({m.strategy.name for m in settings.markets.values()} - set(OURS))
    models = [_brought_price(name) for name in names]
    bring(models)
    return {name: BROUGHT + k for k, name in enumerate(names)}


def model_number(strategy: Quoting, numbers: dict[str, int]) -> int:
    """Return the number by which the kernels know a strategy."""
    ours = OURS.get(strategy.name)
    return ours if ours is not None else numbers[strategy.name]


def own_numbers(strategy: Quoting) -> Sequence[float]:
    """Return the numbers of a package's strategy for `params.own`; none for ours."""
    if strategy.name in OURS:
        return ()
    numbers = tuple(float(x) for x in _part(strategy.name, "own")(strategy))
    if len(numbers) > OWN:
        raise ConfigError(
            f"strategy {strategy.name}: expected own() to give at most {OWN} numbers,"
            f" was {len(numbers)}"
        )
    return numbers


def _brought_price(name: str) -> Pricer:
    price: Pricer = _part(name, "price")
    if price not in kernels():
        raise ConfigError(
            f"strategy {name}: expected price to be a kernel (connectors.model.kernel), was not"
        )
    return price


def _part(name: str, part: str) -> Any:
    found = entry_point("strategy", name)
    value = getattr(found.load(), part, None) if found is not None else None
    if not callable(value):
        raise ConfigError(
            f"strategy {name}: expected its entry point to have {part}(), was {value}"
        )
    return value
