"""Split one market's net P&L into what it came from, exactly.

With a fill's side s (+1 bought), size n, price p, mid m when it came and mid m' a horizon later:
``spread = sum s n (m - p)``, ``adverse = sum s n (m' - m)``, and inventory is the rest of gross:
what positions brought after the horizon. The effective spread is so split into realised spread and
price impact by Huang and Stoll, "Dealer versus auction markets", Journal of Financial Economics 41,
1996. A fill whose mid is not known is left to inventory altogether; one whose later mid is not
known, after its spread.

All that a market which hedges others has won or lost before fees is the hedge's: its fills follow
theirs, and what it makes of a touch is only a smaller cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.events import BUY
from runner.report.exact import exact_product, exact_sum
from runner.report.markouts import mids_after
from runner.report.pnl import Pnl, grid_of
from runner.results import FillColumns, MarketResult, whole

NAMES = ("spread", "adverse", "inventory", "fees", "funding", "hedge")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a net P&L came from; all parts add up to it. `fees` is what they took, negative.

    `inventory` is None where gross is. `without_mid` counts the fills that had to be left to it.
    """

    spread: Decimal
    adverse: Decimal
    inventory: Decimal | None
    fees: Decimal
    funding: Decimal
    hedge: Decimal
    without_mid: int

    def items(self) -> Iterator[tuple[str, Decimal | None]]:
        """Yield each part by its name, in the order in which they are shown."""
        for name in NAMES:
            yield name, getattr(self, name)


def parts_of(market: MarketResult, pnl: Pnl, horizon: str) -> Parts:
    """Return the parts of a market's P&L, adverse selection being that of a horizon."""
    unit = grid_of(market).half_tick_lot
    earned = list(earned_half_ticks(market.fills, horizon))
    spread = unit.amount(sum(captured for captured, _ in earned))
    adverse = unit.amount(sum(lost for _, lost in earned))
    rest = None
    if pnl.gross is not None:
        rest = exact_sum(pnl.gross, spread.copy_negate(), adverse.copy_negate())
    hedge = Decimal(0)
    if market.hedge is not None and pnl.gross is not None:
        spread, adverse, rest, hedge = Decimal(0), Decimal(0), Decimal(0), pnl.gross
    return Parts(
        spread=spread,
        adverse=adverse,
        inventory=rest,
        fees=pnl.fees.copy_negate() if pnl.fees else Decimal(0),
        funding=pnl.funding,
        hedge=hedge,
        without_mid=sum(mid <= 0 for mid in whole(market.fills.mid_half_ticks)),
    )


def earned_half_ticks(fills: FillColumns, horizon: str) -> Iterator[tuple[int, int]]:
    """Yield the spread captured and the adverse move of each fill, in half ticks times lots."""
    later = mids_after(fills, horizon)
    columns = (fills.side, fills.lots, fills.ticks, fills.mid_half_ticks, later)
    for side, lots, ticks, mid, after in zip(*map(whole, columns), strict=True):
        signed = lots if side == BUY else -lots
        if mid <= 0:
            yield 0, 0
        else:
            yield signed * (mid - 2 * ticks), signed * (after - mid) if after > 0 else 0


def add_parts(parts: Sequence[tuple[Parts, Decimal]]) -> Parts:
    """Return the sum of parts, each at what its currency is worth."""

    def total(name: str) -> Decimal:
        return exact_sum(*(exact_product(getattr(part, name), rate) for part, rate in parts))

    known = all(part.inventory is not None for part, _ in parts)
    return Parts(
        spread=total("spread"),
        adverse=total("adverse"),
        inventory=total("inventory") if known else None,
        fees=total("fees"),
        funding=total("funding"),
        hedge=total("hedge"),
        without_mid=sum(part.without_mid for part, _ in parts),
    )
