"""Show a live table in the terminal, laid out for the width that there is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from runner.report.figures import MINUS, amount
from runner.watch.cells import HEADS, cells_of, money_decimals, reasons, totals
from runner.watch.stamp import NS_PER_S, clock_text
from runner.watch.view import MarketView

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

REFRESH_NS = NS_PER_S // 4
GAP = 2
LEAST_REASONS = 30
"""Columns that reasons need to stand beside the figures; with less they go underneath."""
DROPPED_FIRST = ("up", "1s bps", "age", "sigma", "mid", "clips")
"""Columns to leave out, in this order, when the figures do not fit."""
STYLES = {"bid": "bright_blue", "ask": "dark_orange", "market": "bold"}


class Table:
    """A table that redraws itself in place, at most four times a second.

    It draws inside `update`, in the caller's thread, so nothing is drawn between two updates.
    """

    def __init__(self, title: str, out: TextIO, duration_ns: int | None = None) -> None:
        self._title = title
        self._out = out
        self._duration_ns = duration_ns
        self._live: Live | None = None
        self._console: Console | None = None
        self._began_ns = 0
        self._due_ns = 0
        self._health = ""
        self._held = ""
        self._last: tuple[Sequence[MarketView], int] = ((), 0)

    def start(self) -> None:
        """Take the terminal over."""
        from rich.console import Console
        from rich.live import Live

        self._console = Console(file=self._out, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, redirect_stdout=False)
        try:
            self._live.start()
        except OSError:
            self._live = None

    def update(self, views: Sequence[MarketView], now_ns: int) -> None:
        """Redraw if a quarter of a second has passed; remember the state for the end if not."""
        self._began_ns = self._began_ns or now_ns
        self._last = (views, now_ns)
        if now_ns >= self._due_ns:
            self._due_ns = now_ns + REFRESH_NS
            self._draw()

    def tell(self, health: str) -> None:
        """Show it in the heading from the next time on."""
        self._health = health

    def expose(self, held: str) -> None:
        """Show it under several markets from the next time on."""
        self._held = held

    def stop(self) -> None:
        """Draw the last state, which stays, and give the terminal back."""
        self._draw()
        if self._live is None:
            return
        try:
            self._live.stop()
        except OSError:
            self._live = None

    def _draw(self) -> None:
        if self._live is None or self._console is None:
            return
        views, now_ns = self._last
        width, height = self._console.size
        try:
            self._live.update(
                draw(views, self._heading(now_ns), width, height, self._held), refresh=True
            )
        except OSError:
            # The terminal is gone: the run goes on without a view.
            self._live = None

    def _heading(self, now_ns: int) -> str:
        if now_ns == 0:
            return self._title
        elapsed = _minutes(now_ns - self._began_ns)
        of = f" of {_minutes(self._duration_ns)}" if self._duration_ns else ""
        health = f"   {self._health}" if self._health else ""
        return f"{self._title}   {clock_text(now_ns)} UTC   {elapsed}{of}{health}"


def draw(
    views: Sequence[MarketView], heading: str, width: int, height: int, held: str = ""
) -> "Text":
    """Return the table as styled text of at most `width` columns and `height` lines."""
    from rich.text import Text

    lines = [Text(heading, style="dim")]
    if views:
        lines.append(Text())
        under = [Text(held, style="dim")] if held and len(views) > 1 else []
        lines.extend(_rows(views, width, height - 4 - len(under)))
        lines.append(Text())
        lines.append(_footer(views))
        lines.extend(under)
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines)


def _rows(views: Sequence[MarketView], width: int, height: int) -> "Iterator[Text]":
    from rich.text import Text

    columns = _columns(cells_of(views), width)
    taken = sum(w + GAP for _, w, _ in columns)
    beside = width - taken >= LEAST_REASONS
    beneath = not beside and 2 * len(views) < height
    shown = min(len(views), height - 1)
    yield _line([(name, name, w) for name, w, _ in columns], "dim")
    for k in range(shown if shown == len(views) else shown - 1):
        line = _line([(name, cells[k], w) for name, w, cells in columns])
        why = _why(views[k])
        if beside:
            line.append(" " * GAP).append_text(why)
        yield line
        if beneath:
            yield Text(" " * GAP).append_text(why)
    if shown < len(views):
        yield Text(f"and {len(views) - shown + 1} more", style="dim")


def _columns(rows: list[tuple[str, ...]], width: int) -> list[tuple[str, int, list[str]]]:
    """Return name, width and cells of the columns that fit."""
    columns = [
        (name, max(len(name), *map(len, cells)), list(cells))
        for name, cells in zip(HEADS, zip(*rows, strict=True), strict=True)
    ]
    for name in DROPPED_FIRST:
        if sum(w + GAP for _, w, _ in columns) - GAP > width:
            columns = [column for column in columns if column[0] != name]
    return columns


def _line(cells: list[tuple[str, str, int]], style: str = "") -> "Text":
    """Return one line of cells, the first flush left and the rest flush right."""
    from rich.text import Text

    line = Text(style=style)
    for k, (name, text, width) in enumerate(cells):
        shade = STYLES.get(name, "")
        if name == "net" and text[:1] in ("+", MINUS):
            shade = "green" if text[0] == "+" else "red"
        line.append(" " * GAP if k else "")
        line.append(text.rjust(width) if k else text.ljust(width), "" if style else shade)
    return line


def _why(view: MarketView) -> "Text":
    from rich.text import Text

    return Text.assemble(
        ("bid ", STYLES["bid"]),
        (reasons(view.bid_reasons), "dim"),
        ("  ask ", STYLES["ask"]),
        (reasons(view.ask_reasons), "dim"),
    )


def _footer(views: Sequence[MarketView]) -> "Text":
    from rich.text import Text

    sums = totals(views)
    places = money_decimals(sums.values())
    money = "   ".join(f"{amount(net, places, signed=True)} {c}" for c, net in sums.items())
    fills = sum(view.fills for view in views)
    return Text.assemble(("net ", "dim"), (money, "bold"), (f"   fills {fills:,}", "dim"))


def _minutes(ns: int) -> str:
    minutes, seconds = divmod(ns // NS_PER_S, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
