"""Begin a deploy's own web view where it is asked for, and tell the link once."""

from collections.abc import Iterator
from contextlib import contextmanager

from runner.places import Places
from runner.settings import Settings
from runner.web.beside import web_beside
from runner.web.terms import Terms


@contextmanager
def web_view(settings: Settings, places: Places) -> Iterator[None]:
    """Have a web view beside the deploy while the context is open, where `watch.web` says so."""
    if not settings.watch.web:
        yield
        return
    with web_beside(Terms.of(settings.web, places.home), places.made(places.web)) as line:
        print(line, flush=True)
        yield
