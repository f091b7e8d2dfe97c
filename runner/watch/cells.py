"""Write the figures of a live view, each as short as it can be read."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from runner.report.figures import NONE, amount, decimals_for
from runner.watch.view import MarketView

HEADS = ("market", "mid", "bid", "ask", "clips", "sigma", "net", "fills", "1s bps", "up", "age")
USUAL = frozenset({"kept"})
"""Reasons of an undisturbed quote: named last, where there is room."""


def cells_of(views: Sequence[MarketView]) -> list[tuple[str, ...]]:
    """Return one row of cells a market, in the order of `HEADS`; money with equal decimals."""
    places = money_decimals(view.net_quote for view in views)
    return [
        (
            view.name,
            view.mid or NONE,
            view.bid or NONE,
            view.ask or NONE,
            amount(view.inventory_clips, 2, signed=True),
            amount(view.sigma_bps, 2),
            amount(view.net_quote, places, signed=True),
            f"{view.fills:,}",
            _markouts(view),
            NONE if view.uptime_frac is None else f"{100 * view.uptime_frac:.0f}%",
            age(view.age_s),
        )
        for view in views
    ]


def money_decimals(values: Iterable[Decimal | None]) -> int:
    """Return the decimals of live money: at most four, so that a figure near zero stands still."""
    return min(decimals_for(values), 4)


def _markouts(view: MarketView) -> str:
    """Return what fills of both sides were worth a second later, bids first."""
    sides = (view.bid_markout_bps, view.ask_markout_bps)
    if sides == (None, None):
        return NONE
    return "/".join(amount(value, 2, signed=True) for value in sides)


def age(seconds: float | None) -> str:
    """Return how old the data is: tenths of a second, then seconds, then minutes."""
    if seconds is None:
        return NONE
    if seconds < 10:
        return f"{max(seconds, 0.0):.1f}s"
    return f"{seconds:.0f}s" if seconds < 600 else f"{seconds / 60:.0f}m"


def reasons(names: Iterable[str]) -> str:
    """Return reasons for reading, the unusual ones first."""
    ordered = sorted(names, key=lambda name: name in USUAL)
    return ", ".join(name.replace("_", " ") for name in ordered) or NONE


def totals(views: Sequence[MarketView]) -> dict[str, Decimal | None]:
    """Return the net P&L by currency, None where one of its markets cannot be marked."""
    sums: dict[str, Decimal | None] = {}
    for view in views:
        before = sums.get(view.quote, Decimal(0))
        known = before is not None and view.net_quote is not None
        sums[view.quote] = before + view.net_quote if known else None  # type: ignore[operator]
    return sums
