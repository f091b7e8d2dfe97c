"""Tell what a replay's tape was: what was corrected, and what it lacks."""

from collections.abc import Iterator
from html import escape

from runner.report.figures import duration
from runner.results import TapeState


def tape_warnings(tape: TapeState | None) -> Iterator[str]:
    """Yield one line for each thing that a reader of the figures must not overlook."""
    if tape is None:
        return
    if tape.torn:
        yield f"the tape is torn: {tape.torn}"
    if tape.gaps:
        yield f"the tape has {_times(tape.gaps, 'gap')}: nothing was quoted until the next snapshot"


def tape_table(tape: TapeState | None) -> str:
    """Return what was corrected, left out or found missing; nothing where there is nothing."""
    facts = list(_facts(tape)) if tape is not None else []
    if not facts:
        return ""
    rows = "".join(
        f'<tr><td>{escape(label)}</td><td class="n">{escape(figure)}</td></tr>'
        for label, figure in facts
    )
    return f"<div><h3>Tape</h3><table><tbody>{rows}</tbody></table></div>"


def _facts(tape: TapeState) -> Iterator[tuple[str, str]]:
    if tape.clock_shift_ns:
        yield "added to our recorded clock", duration(tape.clock_shift_ns)
    if tape.gaps:
        yield "gaps", f"{tape.gaps:,}"
    for text, count in tape.notes:
        yield text, f"{count:,}"


def _times(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
