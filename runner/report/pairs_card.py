"""Lay pairs held for funding out in one table of the report."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from runner.report.exact import plain
from runner.report.figures import amount
from runner.report.pairs import PairFigures

MONEY = ("funding", "basis", "slippage", "fees", "net")
HEADS = ("Pair", "Legs", "State", "Entered", "Left", "Held", "Funding", "Basis", "Slippage")
HEADS_LAST = ("Fees", "Net")
TEXT_COLUMNS = 3


def pairs_card(found: Sequence[PairFigures], places: int) -> str:
    """Return the card of all pairs; nothing where there is none."""
    if not found:
        return ""
    heads = "".join(
        f'<th class="{"t" if k < TEXT_COLUMNS else "n"}">{head}</th>'
        for k, head in enumerate((*HEADS, *HEADS_LAST))
    )
    rows = "".join(_row(one, places) for one in found)
    return (
        '<section class="card"><h2>Pairs</h2><div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _row(one: PairFigures, places: int) -> str:
    pair = one.pair
    texts = (pair.name, f"{pair.first}, {pair.second}", pair.phase)
    counts = (str(pair.entered), str(pair.left), plain(pair.held_base))
    money = tuple(_money(getattr(one, key), places) for key in MONEY)
    cells = "".join(f'<td class="t">{escape(text)}</td>' for text in texts)
    cells += "".join(f'<td class="n">{escape(text)}</td>' for text in (*counts, *money))
    return f"<tr>{cells}</tr>"


def _money(value: Decimal | None, places: int) -> str:
    return "\u2013" if value is None else amount(value, places, signed=True)
