"""Add up what markets hold, and the worst that may become of it, by pool.

All money is in the reporting currency. What cannot be converted, or has no mark that may be relied
on, is named and never added: its pool is larger than its figures by an amount that nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from runner.engine.pools import KINDS

ZERO = Decimal(0)
SHOWN = 8
"""Decimals of capital, which is a quotient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One market: the worth of its position, negative when short, and of the worst.

    `long` is what it is long once every open buy is filled, `short` the same of sells; `position`
    is None where the worth is not known. `leverage` is the worth by the capital that it binds.
    """

    market: str
    pools: tuple[str, str, str]
    position: Decimal | None
    long: Decimal = ZERO
    short: Decimal = ZERO
    leverage: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What a pool's markets hold, and may come to hold; `untold` are those that are in no sum.

    `worst_gross` adds up each market's larger side, `capital` what that binds.
    """

    kind: str
    name: str
    long: Decimal
    short: Decimal
    worst_long: Decimal
    worst_short: Decimal
    worst_gross: Decimal
    capital: Decimal
    untold: tuple[str, ...]

    @property
    def net(self) -> Decimal:
        """What is held long less what is held short."""
        return self.long - self.short

    @property
    def gross(self) -> Decimal:
        """What is held, long and short."""
        return self.long + self.short


def exposures(held: Sequence[Held]) -> list[Exposure]:
    """Return every pool's exposure: of all markets, then by underlying, then by venue."""
    found = []
    for k, kind in enumerate(KINDS):
        pools: dict[str, list[Held]] = {}
        for one in held:
            pools.setdefault(one.pools[k], []).append(one)
        found += [_added(kind, name, members) for name, members in pools.items()]
    return found


def _added(kind: str, name: str, members: Sequence[Held]) -> Exposure:
    known = [one for one in members if one.position is not None]
    positions = [one.position or ZERO for one in known]
    return Exposure(
        kind=kind,
        name=name,
        long=sum((p for p in positions if p > 0), ZERO),
        short=sum((-p for p in positions if p < 0), ZERO),
        worst_long=sum((one.long for one in known), ZERO),
        worst_short=sum((one.short for one in known), ZERO),
        worst_gross=sum((max(one.long, one.short) for one in known), ZERO),
        capital=round(sum((max(one.long, one.short) / one.leverage for one in known), ZERO), SHOWN),
        untold=tuple(one.market for one in members if one.position is None),
    )
