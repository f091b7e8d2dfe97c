"""Write a deploy's markets as rows of a table, each cell as short as it can be read."""

from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text

from runner.control.words import Level, Market
from runner.report.figures import MINUS, NONE, amount
from runner.watch.cells import age, money_decimals

HEADS = (
    "market",
    "state",
    "bid",
    "ask",
    "clips",
    "net",
    "fills",
    "mid",
    "position",
    "1s bps",
    "up",
    "age",
)
BID, ASK = "#6ea8fe", "#ff9f43"
SHADES = {"quoting": "green", "held": "yellow", "paused": "cyan", "halted": "bold red"}


def rows_of(markets: Sequence[Market]) -> list[tuple[Text, ...]]:
    """Return one row of cells a market, in the order of `HEADS`; money with equal decimals."""
    places = money_decimals(market.net_quote for market in markets)
    return [_row(market, places) for market in markets]


def _row(market: Market, places: int) -> tuple[Text, ...]:
    return (
        Text(market.name, "bold"),
        Text(market.state, SHADES.get(market.state, "")),
        _right(_best(market.bids), BID),
        _right(_best(market.asks), ASK),
        _right(amount(market.inventory_clips, 2, signed=True)),
        money(market.net_quote, places),
        _right(f"{market.fills:,}"),
        _right(decimal(market.mid)),
        _right(decimal(market.position_base)),
        _right(_markouts(market)),
        _right(NONE if market.uptime_frac is None else f"{100 * market.uptime_frac:.0f}%"),
        _right(age(market.age_s), "yellow" if (market.age_s or 0.0) > 5.0 else ""),
    )


def money(value: Decimal | None, places: int) -> Text:
    """Return money with its sign, green or red."""
    text = amount(value, places, signed=True)
    shade = {"+": "green", MINUS: "red"}.get(text[:1], "")
    return _right(text, shade)


def decimal(value: Decimal | None) -> str:
    """Return a venue's decimal as it stands, with a true minus; a dash where none is."""
    return NONE if value is None else f"{value:,f}".replace("-", MINUS)


def _best(levels: Sequence[Level]) -> str:
    return decimal(levels[0].price) if levels else NONE


def _markouts(market: Market) -> str:
    sides = (market.bid_markout_bps, market.ask_markout_bps)
    if sides == (None, None):
        return NONE
    return "/".join(amount(value, 2, signed=True) for value in sides)


def _right(text: str, style: str = "") -> Text:
    return Text(text, style, justify="right")
