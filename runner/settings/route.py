"""Say what `mode=route` plans: a size of an underlying that is to be bought or sold by taking."""

from decimal import Decimal
from typing import Annotated, Literal

from runner.settings.fields import Block, Exact, Real
from runner.settings.market import AmountOrNull, Currency


class Route(Block):
    """A size, how far it may reach, and what besides its price is reckoned with."""

    underlying: Currency | None
    side: Literal["buy", "sell"]
    size_base: AmountOrNull
    max_slippage_bps: Annotated[Decimal, Exact(0, 1000)]
    hold_h: Annotated[float, Real(0, 87_600)]
    delay_ms: Annotated[float, Real(0, 60_000)]
    within_s: Annotated[float, Real(1, 3600)]
