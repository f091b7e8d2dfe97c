"""Measure how soon a user's command does its work, and what a paper deploy weighs.

Processes are started as a user starts them and watched from outside. The peers are Python processes
that import the unavoidable libraries of the same command and end. Times are those of the quickest
round, as everywhere here (see `tests.bench.timing.in_turns`), sizes the median's.
"""

import sqlite3
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from connectors.model.errors import MmrunnerError
from tests.bench.figures import Figure, Peer
from tests.bench.process import Ended, Process, fresh_home, home

DEPLOY = "bench"
REPLAY = ("-m", "runner", "mode=replay", "watch=lines")
REPLAYED = b"replay 100 %"
"""In the line that a replay prints when its last row is done."""
PAPER = ("-m", "runner", f"deploy={DEPLOY}", "market=[btc,eth]", "duration_s=3", "watch=none")
MARKETS = 2
REPLAY_LIBRARIES = "hydra, pydantic, numba"
PAPER_LIBRARIES = "hydra, pydantic, sqlite3"
REPLAY_ROUNDS = 5
PAPER_ROUNDS = 3
TRADING_S = 1.0
POLL_S = 0.005
PATIENCE_S = 60.0
AIM_REPLAY_S = 1.0
AIM_QUOTE_S = 2.0
AIM_RSS_MB = 70.0
HEAVY = ("numba", "numpy", "pyarrow", "pandas", "matplotlib", "ccxt", "lighter")
"""What has no place in a process that trades on paper; the last two are venues' own libraries."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """A paper deploy when every market first had an order at the exchange, and a second later."""

    first_quote_s: float
    first_quote_cpu_s: float
    first_quote_rss_mb: float
    trading_rss_mb: float
    libraries: frozenset[str]


def measure() -> list[Figure]:
    """Return the figures of starts."""
    return [*_replay(), *_paper()]


def _replay() -> list[Figure]:
    """Run the default replay, a small tape, all caches warm: to its last row, and to its end."""
    rows_done_s: list[float] = []
    ours: list[Ended] = []
    peers: list[Ended] = []
    for round_number in range(REPLAY_ROUNDS + 1):
        fresh_home()
        replay = Process(REPLAY, errors=subprocess.PIPE)
        last_row_s = _until_replayed(replay)
        ended, imports = replay.wait(), _importing(REPLAY_LIBRARIES)
        if round_number > 0:
            rows_done_s.append(last_row_s)
            ours.append(ended)
            peers.append(imports)
    peer = f"importing {REPLAY_LIBRARIES}"
    wall = Peer(peer, min(e.wall_s for e in peers))
    cpu = Peer(peer, min(e.cpu_s for e in peers))
    return [
        Figure("replay_warm_last_row_wall", min(rows_done_s), "s", wall, AIM_REPLAY_S),
        Figure("replay_warm_report_wall", min(e.wall_s for e in ours), "s", wall),
        Figure("replay_warm_report_cpu", min(e.cpu_s for e in ours), "s", cpu),
    ]


def _until_replayed(replay: Process) -> float:
    """Return when the last row of all tapes was replayed, and read on to the end."""
    last_row_s = 0.0
    for line in replay.errors:
        if line.startswith(REPLAYED):
            last_row_s = replay.age_s()
    if last_row_s == 0.0:
        raise MmrunnerError(f"replay: expected a line that starts with {REPLAYED!r}, was none")
    return last_row_s


def _paper() -> list[Figure]:
    """Run a paper deploy of two markets and look at it when it quotes, and a second later."""
    seen: list[Quoting] = []
    peers: list[Ended] = []
    for round_number in range(PAPER_ROUNDS + 1):
        fresh_home()
        first, imports = quoting(PAPER, paper_books()), _importing(PAPER_LIBRARIES)
        if round_number > 0:
            seen.append(first)
            peers.append(imports)
    peer = f"importing {PAPER_LIBRARIES}"
    wall = Peer(peer, min(e.wall_s for e in peers))
    cpu = Peer(peer, min(e.cpu_s for e in peers))
    rss = Peer(peer, median(e.peak_rss_mb for e in peers))
    fresh_home()
    heavy = heavy_modules(seen[-1].libraries, imported(PAPER, paper_books()))
    return [
        Figure(
            "paper_first_quote_wall",
            min(q.first_quote_s for q in seen),
            "s",
            wall,
            AIM_QUOTE_S,
        ),
        Figure("paper_first_quote_cpu", min(q.first_quote_cpu_s for q in seen), "s", cpu),
        Figure("paper_first_quote_rss", median(q.first_quote_rss_mb for q in seen), "MB", rss),
        Figure("paper_trading_rss", median(q.trading_rss_mb for q in seen), "MB", rss, AIM_RSS_MB),
        Figure(
            "paper_heavy_modules",
            len(heavy),
            "modules",
            aim=0.0,
            note=f"imported: {', '.join(heavy) or 'none'} of {', '.join(HEAVY)}",
        ),
    ]


def paper_books() -> Path:
    """Return what the simulated exchange of the paper deploy keeps."""
    return home() / "outputs" / "ledgers" / f"{DEPLOY}.paper.sqlite"


def _importing(libraries: str) -> Ended:
    return Process(("-c", f"import {libraries}")).wait()


def quoting(words: Sequence[str], books: Path) -> Quoting:
    """Run a deploy of `MARKETS` markets; return how it was. `books` is who knows its orders."""
    process = Process(words)
    _until_quoting(process, books)
    first = (process.age_s(), process.cpu_s(), process.rss_mb())
    time.sleep(TRADING_S)
    seen = Quoting(*first, process.rss_mb(), process.libraries())
    process.wait()
    return seen


def _until_quoting(process: Process, books: Path) -> None:
    """Return once the books know an order in every market."""
    while process.is_running() and process.age_s() < PATIENCE_S:
        time.sleep(POLL_S)
        if books.exists() and _quoted_markets(f"file:{books}?mode=ro") == MARKETS:
            return
    raise MmrunnerError(f"expected orders of {MARKETS} markets in {books}, there are fewer")


def _quoted_markets(books: str) -> int:
    connection = sqlite3.connect(books, uri=True)
    try:
        row = connection.execute("SELECT COUNT(DISTINCT market) FROM orders").fetchone()
    except sqlite3.OperationalError:  # not yet made
        return 0
    finally:
        connection.close()
    return int(row[0])


def imported(words: Sequence[str], books: Path) -> frozenset[str]:
    """Return the top-level names of every module imported until a second after the first quote."""
    process = Process(("-X", "importtime", *words), errors=subprocess.PIPE)
    lines: list[bytes] = []

    def read() -> None:
        for line in process.errors:
            lines.append(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    _until_quoting(process, books)
    time.sleep(TRADING_S)
    until_now = tuple(lines)
    process.wait()
    reader.join()
    return imported_names(until_now)


def imported_names(lines: Sequence[bytes]) -> frozenset[str]:
    """Return the top-level names in what `python -X importtime` prints."""
    return frozenset(
        line.rpartition(b"|")[2].strip().partition(b".")[0].decode()
        for line in lines
        if line.startswith(b"import time:")
    )


def heavy_modules(libraries: frozenset[str], imported: frozenset[str]) -> tuple[str, ...]:
    """Return which heavy modules were imported, or are mapped from their package's folder."""
    folders = {part for path in libraries for part in path.split("/")}
    return tuple(name for name in HEAVY if name in imported or name in folders)
