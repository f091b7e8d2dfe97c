"""Say in one line each how the figures of a tear sheet are made."""

from html import escape

PART_LABELS = {
    "spread": "spread captured",
    "adverse": "adverse selection, HORIZON",
    "inventory": "inventory, from then on",
    "fees": "fees",
    "funding": "funding",
    "hedge": "hedge",
    "net": "net",
}

FORMULAS = (
    (
        "spread captured",
        "Σ s·n·(m − p): side s, size n, price p, mid m at the fill",
    ),
    ("adverse selection", "Σ s·n·(m′ − m): mid m′ a horizon later"),
    ("inventory", "gross less both: what positions brought after the horizon"),
    ("net", "the sum of all parts, to the last digit"),
    ("bps", "of volume, buys and sells together"),
    (
        "95 %",
        "circular block bootstrap: 500 draws of the run's own steps, in blocks of ten seconds or "
        "more; of orders filled, Wilson's interval; of markouts, 1.96 clustered errors",
    ),
    (
        "Sharpe ratio",
        "mean of the steps' P&L over its deviation, times √(steps of a 365-day year)",
    ),
    ("Sortino ratio", "the same over the root mean square of losses alone"),
    ("max drawdown", "largest fall of net P&L from its peak, at 1,440 equal moments"),
    ("share of the spread kept", "1 + adverse selection ÷ spread captured"),
    ("turnover", "volume a day ÷ worth of the largest position"),
    ("orders filled", "orders with a fill ÷ orders placed"),
    ("markout", "s·(m′ − p) ÷ m, mean over fills; at the fill: what was captured"),
)


def formulas_list() -> str:
    """Return the formulas as a closed list."""
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in FORMULAS
    )
    return (
        '<details class="card settings formulas"><summary>How the figures are made</summary>'
        f"<dl>{rows}</dl></details>"
    )
