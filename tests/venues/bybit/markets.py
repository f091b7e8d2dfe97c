"""Describe the perpetuals that the stand-in lists, and spell integers as its venue does.

Prices are ticks, sizes are lots, money is atoms: 1e-8 USDT. Rates of fees are in 1e-6, of funding
in 1e-8, leverage and margin fractions as named.
"""

from dataclasses import dataclass
from decimal import Decimal

QUOTE_DECIMALS = 8
ATOM = 10**QUOTE_DECIMALS
SETTLE = "USDT"


@dataclass(frozen=True, slots=True)
class Tier:
    """One risk limit: up to a position value, its margins in 1e-6 and the deduction in atoms."""

    risk_id: int
    limit_usdt: int
    maintenance_1e6: int
    initial_1e6: int
    deduction: int

    @property
    def max_leverage_1e2(self) -> int:
        """Return the leverage that the initial margin allows."""
        return 100_000_000 // self.initial_1e6


def ladder(first: int, *rows: tuple[int, int, int]) -> tuple[Tier, ...]:
    """Build tiers of (limit in USDT, maintenance, initial in 1e-6), the deductions worked out.

    A deduction makes the maintenance margin continuous where a tier begins.
    """
    tiers: list[Tier] = []
    for number, (limit, maintenance, initial) in enumerate(rows):
        below = tiers[-1] if tiers else Tier(0, 0, maintenance, 0, 0)
        step = (maintenance - below.maintenance_1e6) * below.limit_usdt * ATOM // 1_000_000
        tiers.append(Tier(first + number, limit, maintenance, initial, below.deduction + step))
    return tuple(tiers)


@dataclass(frozen=True, slots=True)
class Market:
    """One linear perpetual. `start_ticks` is where it begins, `level_lots` what a level holds."""

    symbol: str
    base: str
    price_scale: int
    tick_decimals: int
    size_decimals: int
    start_ticks: int
    level_lots: int
    min_lots: int
    max_lots: int
    max_market_lots: int
    tiers: tuple[Tier, ...]
    min_notional_usdt: int = 5
    max_leverage_1e2: int = 10_000
    funding_min: int = 480
    funding_cap_1e8: int = 375_000
    limit_x_1e4: int = 100
    limit_y_1e4: int = 200
    status: str = "Trading"

    @property
    def unit(self) -> int:
        """Return the atoms of one lot at one tick."""
        return int(10 ** (QUOTE_DECIMALS - self.tick_decimals - self.size_decimals))

    def value(self, ticks: int, lots: int) -> int:
        """Return the worth of lots at a price, in atoms."""
        return ticks * lots * self.unit

    def price(self, ticks: int) -> str:
        """Spell a price with the decimals of a book."""
        return f"{Decimal(ticks).scaleb(-self.tick_decimals):.{self.price_scale}f}"

    def short(self, ticks: int) -> str:
        """Spell a price with the decimals of its tick, as orders have it."""
        return spelled(ticks, self.tick_decimals)

    def size(self, lots: int) -> str:
        """Spell a size."""
        return spelled(lots, self.size_decimals)

    def tier(self, value: int) -> Tier:
        """Return the risk limit of a position value in atoms; the highest where none is enough."""
        fits = (tier for tier in self.tiers if value <= tier.limit_usdt * ATOM)
        return next(fits, self.tiers[-1])


def spelled(number: int, decimals: int) -> str:
    """Spell an integer of 10**-decimals with all its decimals."""
    return f"{Decimal(number).scaleb(-decimals):.{decimals}f}"


def usdt(atoms: int) -> str:
    """Spell an amount, without zeros at its end."""
    text = spelled(atoms, QUOTE_DECIMALS)
    return text.rstrip("0").rstrip(".") or "0"


def units(text: object, decimals: int) -> int | None:
    """Return a decimal as an integer of 10**-decimals; None for what is none, or has more."""
    try:
        exact = Decimal(str(text)).scaleb(decimals)
    except ArithmeticError:
        return None
    if not exact.is_finite() or abs(exact) >= 1 << 62 or exact != exact.to_integral_value():
        return None
    return int(exact)


WIDE = ((2_000_000, 5_000, 10_000), (10_000_000, 10_000, 20_000), (50_000_000, 25_000, 50_000))
NARROW = ((500_000, 10_000, 20_000), (5_000_000, 20_000, 40_000), (20_000_000, 50_000, 100_000))
LISTED = (
    Market("BTCUSDT", "BTC", 2, 1, 3, 900_000, 1_500, 1, 1_190_000, 500_000, ladder(1, *WIDE)),
    Market("ETHUSDT", "ETH", 2, 2, 2, 300_000, 2_000, 1, 724_000, 362_000, ladder(11, *WIDE)),
    Market(
        "SOLUSDT",
        "SOL",
        3,
        2,
        1,
        15_000,
        3_000,
        1,
        799_000,
        235_000,
        ladder(31, *NARROW),
        max_leverage_1e2=5_000,
    ),
    Market(
        "DOGEUSDT",
        "DOGE",
        5,
        5,
        0,
        15_000,
        30_000,
        1,
        37_000_000,
        8_000_000,
        ladder(51, *NARROW),
        max_leverage_1e2=5_000,
        funding_min=60,
    ),
    Market(
        "WIFUSDT",
        "WIF",
        5,
        5,
        0,
        200_000,
        2_000,
        1,
        1_100_000,
        250_000,
        ladder(71, *NARROW),
        max_leverage_1e2=5_000,
    ),
)


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))
