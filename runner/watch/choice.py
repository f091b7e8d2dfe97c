"""Choose how a run is shown: as asked for, or plainer where the output is no terminal."""

from typing import Literal, TextIO, assert_never

from runner.watch.lines import Lines
from runner.watch.stamp import NS_PER_S
from runner.watch.table import Table
from runner.watch.view import Quiet, Watch

Name = Literal["table", "lines", "none"]
PLAIN_EVERY_NS = 5 * NS_PER_S
"""How often lines are printed where a table was asked for."""


def watch_of(
    name: Name, title: str, out: TextIO, every_ns: int, duration_ns: int | None = None
) -> Watch:
    """Return the view by its name; it writes to `out`."""
    match name:
        case "none":
            return Quiet()
        case "lines":
            return Lines(out, every_ns)
        case "table":
            if out.isatty():
                return Table(title, out, duration_ns)
            return Lines(out, max(every_ns, PLAIN_EVERY_NS))
        case _:
            assert_never(name)
