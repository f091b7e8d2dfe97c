"""Print one plain line a market every few seconds: for pipes, logs and screen readers."""

from collections.abc import Sequence
from typing import TextIO

from runner.report.figures import MINUS, NONE
from runner.watch.cells import cells_of, reasons
from runner.watch.stamp import clock_text
from runner.watch.view import MarketView


class Lines:
    """Lines on a stream, at most every `every_ns`, and the last state at the end."""

    def __init__(self, out: TextIO, every_ns: int) -> None:
        self._out = out
        self._every_ns = every_ns
        self._due_ns = 0
        self._health = ""
        self._held = ""
        self._told = "green"
        self._last: tuple[Sequence[MarketView], int] | None = None

    def start(self) -> None:
        """Do nothing: there is nothing to set up."""

    def update(self, views: Sequence[MarketView], now_ns: int) -> None:
        """Print the markets if it is time; remember them for the end if not."""
        self._last = (views, now_ns)
        if now_ns >= self._due_ns:
            self._due_ns = now_ns + self._every_ns
            self._print()

    def tell(self, health: str) -> None:
        """Print a line with the next markets where it is not what was printed last."""
        self._health = health

    def expose(self, held: str) -> None:
        """Print it with the next markets where there are several."""
        self._held = held

    def stop(self) -> None:
        """Print the last state unless it stands there already."""
        self._print()

    def _print(self) -> None:
        if self._last is None:
            return
        views, now_ns = self._last
        self._last = None
        try:
            self._out.write("".join(lines_of(views, now_ns)))
            if self._held and len(views) > 1:
                self._out.write(f"{clock_text(now_ns)} {_ascii(self._held)}\n")
            if self._health and self._health != self._told:
                self._told = self._health
                self._out.write(f"{clock_text(now_ns)} health {_ascii(self._health)}\n")
            self._out.flush()
        except (OSError, ValueError):
            # Nobody reads any more (a closed pipe or stream): the run goes on without a view.
            self._due_ns = 1 << 62


def lines_of(views: Sequence[MarketView], now_ns: int) -> list[str]:
    """Return one line a market; figures stand under figures."""
    rows = [tuple(map(_ascii, row)) for row in cells_of(views)]
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    clock = clock_text(now_ns)
    lines = []
    for view, row in zip(views, rows, strict=True):
        name, mid, bid, ask, clips, sigma, net, fills, worth, up, age = (
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append(
            f"{clock} {name}  mid {mid}  bid {bid}  ask {ask}  clips {clips}  sigma {sigma}"
            f"  net {net} {view.quote}  fills {fills}  1s {worth}  up {up}  age {age}"
            f"  bid: {_why(view.bid_reasons)}; ask: {_why(view.ask_reasons)}\n"
        )
    return lines


def _why(names: tuple[str, ...]) -> str:
    return _ascii(reasons(names))


def _ascii(text: str) -> str:
    """Return text with the signs that every program reads."""
    return text.replace(MINUS, "-").replace(NONE, "-")
