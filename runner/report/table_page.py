"""Write a page of plain tables: the first column to the left, figures to the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from runner.report.frame import framed

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; every row has as many cells as there are heads."""

    title: str
    heads: Sequence[str]
    rows: Rows


def table_page(title: str, facts: str, tables: Sequence[Table], notes: Sequence[str] = ()) -> str:
    """Return a page; all texts are escaped here."""
    told = "".join(f"<p>{escape(note)}</p>" for note in notes)
    body = (
        f'<header class="run"><h1>{escape(title)}</h1>'
        f'<p class="facts"><span>{escape(facts)}</span></p></header>',
        *(_card(table) for table in tables),
        f"<footer>{told}</footer>",
    )
    return framed(title, "".join(body), "compare.js")


def _card(table: Table) -> str:
    heads = "".join(f"<th{_kind(k)}>{escape(head)}</th>" for k, head in enumerate(table.heads))
    rows = "".join(f"<tr>{_cells(row)}</tr>" for row in table.rows)
    return (
        f'<section class="card"><h2>{escape(table.title)}</h2><div class="scroll next"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td{_kind(k)}>{escape(cell)}</td>" for k, cell in enumerate(row))


def _kind(column: int) -> str:
    return ' class="name"' if column == 0 else ""
