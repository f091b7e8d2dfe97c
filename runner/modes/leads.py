"""Let a replayed market hear its lead: what the lead's own tape says, at the moments it came."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from connectors.model.book import Book, clear
from connectors.model.record import record_of
from connectors.tape.hear import with_lead, without_heard
from connectors.tape.tape import Tape
from runner.engine.lead import Told, find_news
from runner.modes.compiled import compile_loop
from runner.settings import Settings


def hear_leads(
    settings: Settings, tapes: Mapping[str, Tape], cache_dir: Path | None
) -> dict[str, Tape]:
    """Return the tapes, those of followers with their leads' rows among their own."""
    leads = {name: settings.markets[name].reference.lead for name in tapes}
    own = {name: without_heard(tape) for name, tape in tapes.items()}
    if not any(leads.values()):
        return own
    loop = compile_loop(_walk, cache_dir)
    news = {name: news_of(own[name], loop) for name in set(leads.values()) if name is not None}
    return {
        name: tape if lead is None else with_lead(tape, own[lead], *news[lead])
        for name, tape in own.items()
        for lead in (leads[name],)
    }


def news_of(tape: Tape, loop: Callable[..., int]) -> tuple[Any, Any]:
    """Return the rows of a lead's tape after which its followers hear of it, and the mids."""
    import numpy as np

    rows = tape.local
    book = Book()
    clear(book)
    news_row, half_ticks = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    count = loop(
        record_of(book),
        record_of(Told()),
        rows.kind,
        rows.ticks,
        rows.lots,
        rows.recv_ns,
        news_row,
        half_ticks,
    )
    return news_row[:count], half_ticks[:count]


def _walk(
    book: Book,
    told: Told,
    kind: Any,
    ticks: Any,
    lots: Any,
    recv_ns: Any,
    news_row: Any,
    half_ticks: Any,
) -> int:
    """Be what replay compiles: a dispatcher of its own over the kernel."""
    return find_news(book, told, kind, ticks, lots, recv_ns, news_row, half_ticks)
