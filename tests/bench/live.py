"""Measure a live deploy's start and weight at the stand-in of Lighter, beside paper, in turns.

Both run two markets. A live one has an order when its intent is in its ledger, a paper one when the
simulated exchange has it. The stand-in shares the machine, and checks some of the signatures.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from connectors.model.errors import MmrunnerError
from tests.bench.figures import Figure, Peer
from tests.bench.process import Process, fresh_home, home
from tests.bench.start import PAPER, Quoting, imported, paper_books, quoting
from tests.venues.lighter.keys import private
from tests.venues.lighter.sandbox import EXPERIMENT, KEY, venue

DEPLOY = "lighter_sandbox"
INIT = ("-m", "runner", "mode=init", f"deploy={DEPLOY}")
ROUNDS = 2
AIM_MORE_MB = 20.0
SDK = "lighter"


def measure() -> list[Figure]:
    """Return the figures of live starts."""
    os.environ[KEY] = private(4)
    home().mkdir(parents=True, exist_ok=True)
    live: list[Quoting] = []
    paper: list[Quoting] = []
    for round_number in range(ROUNDS + 1):
        with _begun() as words:
            first = quoting(words, _books())
        fresh_home()
        second = quoting(PAPER, paper_books())
        if round_number > 0:
            live.append(first)
            paper.append(second)
    rss_mb = median(q.trading_rss_mb for q in paper)
    wall = Peer("paper, in turns", min(q.first_quote_s for q in paper))
    cpu = Peer("paper, in turns", min(q.first_quote_cpu_s for q in paper))
    rss = Peer("paper, in turns", rss_mb)
    return [
        Figure("live_first_order_wall", min(q.first_quote_s for q in live), "s", wall),
        Figure("live_first_order_cpu", min(q.first_quote_cpu_s for q in live), "s", cpu),
        Figure(
            "live_trading_rss",
            median(q.trading_rss_mb for q in live),
            "MB",
            rss,
            rss_mb + AIM_MORE_MB,
        ),
        _imports_of_sdk(),
    ]


def _imports_of_sdk() -> Figure:
    """Return whether the venue's own package was imported; its signer is loaded without it."""
    with _begun() as words:
        names = imported(words, _books())
    if "connectors" not in names:
        raise MmrunnerError(f"imports: expected those of a live deploy, were {len(names)} names")
    return Figure("live_imports_of_sdk", float(SDK in names), "modules", aim=0.0)


@contextmanager
def _begun() -> Iterator[tuple[str, ...]]:
    """Run a venue that has counted no requests yet, and begin a ledger; give a deploy's words."""
    fresh_home()
    Process(INIT).wait()
    with venue(Path(os.devnull)) as port:
        urls = (
            f"venue.rest_url=http://127.0.0.1:{port}",
            f"venue.ws_url=ws://127.0.0.1:{port}/stream",
        )
        yield ("-m", "runner", EXPERIMENT, *urls, "duration_s=3", "watch=none")


def _books() -> Path:
    return home() / "outputs" / "ledgers" / f"{DEPLOY}.sqlite"
