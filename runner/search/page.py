"""Draw a search's history, front and importance, and a walk forward, as parts of a page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from itertools import accumulate
from pathlib import Path

from runner.report.figures import NONE, amount, share
from runner.report.files import write_text
from runner.report.plain import plain_page
from runner.search.leg import Found
from runner.search.lines import figures_of, verdict_of
from runner.search.walk import Step, Walk

WIDE, HIGH, EDGE = 640, 200, 8
_NOTE = (
    "Every fold searches in its own part of the time and is tested in the part after it, which its "
    "search has not seen. Account and signals begin anew at each part, with the book as it stood: "
    "the first minutes of a part are its warm-up."
)
_STYLE = """
svg.history { width: 100%; max-width: 720px; height: auto; }
svg.history circle { fill: var(--soft); }
svg.history circle.short { opacity: 0.35; }
svg.history path { fill: none; stroke: var(--good); stroke-width: 2; }
td.wide { white-space: normal; }
"""


def search_section(found: Found) -> str:
    """Return the part of a leaderboard's page that tells of the search, as HTML."""
    return f"<style>{_STYLE}</style>{_history(found)}{_front(found)}{_weights(found)}"


def write_walk_page(path: Path, walk: Walk, title: str) -> None:
    """Replace `path` with the page of a walk forward."""
    verdicts = "".join(f"<li>{escape(line)}</li>" for line in verdict_of(walk))
    heads = ("Fold", "Searched", "Tested", "Trials", "Net", "Net after", "Sharpe", "Sharpe after")
    table = _table((*heads, "Fills after", "Settings"), [_step(step) for step in walk.steps])
    body = (
        f'<section class="warning"><ul>{verdicts}</ul></section>'
        f'<section class="card"><h2>Folds</h2>{table}</section>'
        f"<footer><p>{escape(_NOTE)}</p></footer>"
    )
    write_text(path, plain_page(title, f"{len(walk.steps)} folds", body, _STYLE))


def _step(step: Step) -> Sequence[str]:
    before, after, best = step.inside, step.outside, step.found.best
    page = f"fold{step.fold.number}/search/leaderboard.html"
    return (
        f'<a href="{page}">{step.fold.number}</a>',
        escape(_span(step.fold.train)),
        escape(_span(step.fold.test)),
        str(len(step.found.trials)),
        amount(before.net if before else None, 4, signed=True),
        amount(after.net if after else None, 4, signed=True),
        amount(before.annual(before.inside) if before else None, 2, signed=True),
        amount(after.annual(after.inside) if after else None, 2, signed=True),
        f"{after.score.fills:,}" if after and after.score else NONE,
        escape(best.done.job.told if best else "none may be chosen"),
    )


def _span(span: tuple[int | None, int | None]) -> str:
    begin, end = (
        "" if ns is None else f"{datetime.fromtimestamp(ns / 1e9, UTC):%Y-%m-%d %H:%M:%S}"
        for ns in span
    )
    return f"{begin or 'its beginning'} to {end or 'its end'}"


def _front(found: Found) -> str:
    objectives = found.jobs.first.settings.search.objectives
    title = "Trials that none beats" if len(objectives) > 1 else "Best trial"
    rows = [
        (str(t.number), *map(escape, figures_of(t)), escape(t.done.job.told)) for t in found.front
    ]
    table = _table(("Trial", *objectives, "Settings"), rows)
    return f'<section class="card"><h2>{title}</h2>{table}</section>'


def _weights(found: Found) -> str:
    if not found.weights:
        return ""
    rows = [(escape(key), share(value)) for key, value in found.weights.items()]
    note = (
        "How much each key sets the best tenth of the trials apart, by the first objective "
        "(PED-ANOVA, Watanabe, Bansal and Hutter, 2023)."
    )
    table = _table(("Key", "Importance"), rows)
    return f'<section class="card"><h2>Importance</h2>{table}<p>{escape(note)}</p></section>'


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th class="t">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _history(found: Found) -> str:
    """Draw the first objective of each trial, and the best so far of those that may be chosen."""
    ended = [t for t in found.trials if t.values]
    if len(ended) < 2:
        return ""
    search = found.jobs.first.settings.search
    values = [t.values[0] for t in ended if t.values]
    low, high = min(values), max(values)
    last = max(t.number for t in ended) or 1

    def place(number: int, value: float) -> str:
        x = EDGE + (WIDE - 2 * EDGE) * number / last
        y = HIGH - EDGE - (HIGH - 2 * EDGE) * ((value - low) / (high - low) if high > low else 0.5)
        return f"{x:.1f} {y:.1f}"

    dots = "".join(
        '<circle cx="{}" cy="{}" r="3"{}/>'.format(
            *place(t.number, v).split(), "" if t.can_be_chosen else ' class="short"'
        )
        for t, v in zip(ended, values, strict=True)
    )
    able = [(t.number, v) for t, v in zip(ended, values, strict=True) if t.can_be_chosen]
    better = max if search.ways[0] == "maximize" else min
    best = zip([n for n, _ in able], accumulate((v for _, v in able), better), strict=True)
    line = " L ".join(place(number, value) for number, value in best)
    path = f'<path d="M {line}"/>' if line else ""
    label = f"{search.objectives[0]} of each trial, from {low:.6g} to {high:.6g}"
    return (
        f'<section class="card"><h2>History</h2><svg class="history" viewBox="0 0 {WIDE} {HIGH}"'
        f' role="img" aria-label="{escape(label)}">{dots}{path}</svg><p>{escape(label)}; the line'
        f" is the best so far. Faint: too few fills to be chosen.</p></section>"
    )
