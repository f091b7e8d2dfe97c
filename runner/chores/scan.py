"""Look at the funding that venues announce, and say what a pair of markets would earn. Only said.

Rates compare per hour, each by its own interval. Of an underlying, the market whose longs pay most
would be sold, and that whose longs pay least bought. All four trades are reckoned as takers'.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from connectors.funded import Announced

BPS = Decimal(10_000)
HOUR_NS = 3600 * 1_000_000_000
S_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Quoted:
    """A market and what it announces; a spot market pays nothing and announces nothing.

    `can_short`: it can be sold without being held.
    """

    name: str
    underlying: str
    taker_fee_bps: Decimal
    can_short: bool
    announced: Announced | None

    @property
    def bps_per_h(self) -> Decimal:
        """What its longs pay an hour."""
        told = self.announced
        return Decimal(0) if told is None else told.rate * BPS * HOUR_NS / told.interval_ns


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What selling one market and buying another would earn an hour, and what entering and leaving
    costs."""

    sold: Quoted
    bought: Quoted

    @property
    def earns_bps_per_h(self) -> Decimal:
        """The difference of their rates."""
        return self.sold.bps_per_h - self.bought.bps_per_h

    @property
    def trades_bps(self) -> Decimal:
        """Fees of all four trades."""
        return 2 * (self.sold.taker_fee_bps + self.bought.taker_fee_bps)

    @property
    def next_ns(self) -> int:
        """The next settlement of either."""
        told = (self.sold.announced, self.bought.announced)
        return min(announced.next_ns for announced in told if announced is not None)


def opportunities(markets: Sequence[Quoted]) -> list[Opportunity]:
    """Return the best pair of each underlying that would earn something, the most first."""
    found = [
        best
        for underlying in sorted({market.underlying for market in markets})
        if (best := _best([m for m in markets if m.underlying == underlying])) is not None
    ]
    return sorted(found, key=lambda pair: -pair.earns_bps_per_h)


def scan_text(markets: Sequence[Quoted]) -> str:
    """Say every opportunity in words."""
    if not any(market.announced is not None for market in markets):
        return "no market has announced its funding"
    return "; ".join(_told(opportunities(markets))) or "no pair of markets would earn anything"


def _best(markets: Sequence[Quoted]) -> Opportunity | None:
    pairs = [
        Opportunity(sold, bought)
        for sold in markets
        for bought in markets
        if sold is not bought
        and sold.announced is not None
        and sold.can_short
        and (bought.announced is not None or not bought.can_short)
    ]
    best = max(pairs, key=lambda pair: pair.earns_bps_per_h, default=None)
    return best if best is not None and best.earns_bps_per_h > 0 else None


def _told(pairs: Sequence[Opportunity]) -> Iterator[str]:
    for pair in pairs:
        hours = pair.trades_bps / pair.earns_bps_per_h
        moment = datetime.fromtimestamp(pair.next_ns / S_NS, UTC)
        yield (
            f"{pair.sold.underlying}: sell {pair.sold.name} ({pair.sold.bps_per_h:+.4f} bps/h), buy"
            f" {pair.bought.name} ({pair.bought.bps_per_h:+.4f}): {pair.earns_bps_per_h:.4f} bps/h,"
            f" four trades {pair.trades_bps:.1f} bps, paid in {hours:.0f} h, next settlement"
            f" {moment:%H:%M} UTC"
        )
