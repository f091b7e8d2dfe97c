"""Name the pools of markets that share limits: all of them, those of an underlying, of a venue.

Every market is in one pool of each kind. The limits of a kind are the same for each of its pools.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ACCOUNT, UNDERLYING, VENUE = range(3)
"""Kinds of pools, as places in a market's row of pools."""
KINDS = ("account", "underlying", "venue")
"""Their names, as below `risk` in the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    """Limits over a pool's markets together, in the reporting currency (None: off).

    `max_market_share_frac` is the part of the gross limit, and of the capital, that one market may
    take.
    """

    max_gross_notional_quote: Decimal | None = None
    max_net_notional_quote: Decimal | None = None
    max_capital_quote: Decimal | None = None
    max_market_share_frac: Decimal | None = None

    @property
    def is_off(self) -> bool:
        """Whether nothing is limited."""
        limits = (self.max_gross_notional_quote, self.max_net_notional_quote)
        return self.max_capital_quote is None and limits == (None, None)

    def of_a_market(self, most: Decimal | None) -> Decimal | None:
        """Return the part of a limit that one market may take."""
        share = self.max_market_share_frac
        return None if most is None or share is None else most * share


@dataclass(slots=True)
class Worst:
    """The worst that may become of markets: the sum over them, and that of one.

    `longs` and `shorts` are what may be long, and short, together. `gross` and `capital` add up
    each market's larger side; `own` and `own_capital` are those of the market that asks.
    """

    longs: Decimal = Decimal(0)
    shorts: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    capital: Fraction = Fraction(0)
    own: Decimal = Decimal(0)
    own_capital: Fraction = Fraction(0)

    def add(self, long: Decimal, short: Decimal, *, is_own: bool) -> None:
        """Count a market's two sides."""
        larger = max(long, short)
        self.longs += long
        self.shorts += short
        self.gross += larger
        if is_own:
            self.own = larger

    def bind(self, larger: Decimal, leverage: Decimal, *, is_own: bool) -> None:
        """Count the capital that a market's larger side binds, exactly."""
        bound = Fraction(larger) / Fraction(leverage)
        self.capital += bound
        if is_own:
            self.own_capital = bound

    def breaks(self, limits: PoolLimits, *, buys: bool) -> str | None:
        """Return the first limit that is passed; a net one only towards the side that adds."""
        gross, capital = limits.max_gross_notional_quote, limits.max_capital_quote
        net = limits.max_net_notional_quote
        for name, amount, most in (
            ("max_gross_notional_quote", self.gross, gross),
            ("max_market_share_frac", self.own, limits.of_a_market(gross)),
            ("max_capital_quote", self.capital, capital),
            ("max_market_share_frac", self.own_capital, limits.of_a_market(capital)),
            ("max_net_notional_quote", self.longs if buys else self.shorts, net),
        ):
            if most is not None and amount > most:
                return name
        return None
