"""Measure what a paper deploy of a hundred markets costs at five decisions a second.

The synthetic exchange is in the same process: its flow, its books and its matching are counted too.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.places import CHECKOUT
from tests.bench.process import Process, fresh_home, home
from tests.bench.undisturbed import undisturbed

MARKETS = 100
RUNS_S = 60
WATCHED_S = 15.0
SETTLES_S = 5.0
AIM_CORES, AIM_RSS_MB = 1.0, 400.0
WORDS = (
    "deploy=many",
    "watch=none",
    "strategy.refresh_ms=200",
    "record.tape=false",
    "record.page=false",
    "risk.max_loop_lag_s=null",
    f"duration_s={RUNS_S}",
)


def measure() -> list[Figure]:
    """Return the processor's share, the memory, and what the start took."""
    with _markets() as directory:
        names = ",".join(_names())
        words = ("-m", "runner", "-cd", str(directory), f"market=[{names}]", *WORDS)
        fresh_home()
        with undisturbed(1):
            process = Process(words)
        _await_trading(process)
        cpu_s, began_s = process.cpu_s(), time.perf_counter()
        time.sleep(WATCHED_S)
        cores = (process.cpu_s() - cpu_s) / (time.perf_counter() - began_s)
        rss_mb = process.rss_mb()
        process.wait()
    note = f"{MARKETS} markets, with the simulated exchange of each"
    return [
        Figure("cpu_share", cores, "cores", aim=AIM_CORES, note=note),
        Figure("rss", rss_mb, "MB", aim=AIM_RSS_MB, note=note),
        Figure("start_cpu", cpu_s, "s", note="composing, connecting and the first five seconds"),
    ]


def _names() -> Iterator[str]:
    return (f"m{number:02d}" for number in range(MARKETS))


@contextmanager
def _markets() -> Iterator[Path]:
    """Give a directory with a file for each market, all like sol."""
    like = (CHECKOUT / "conf" / "market" / "sol.yaml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory) / "market"
        folder.mkdir()
        for name in _names():
            own = like.replace("markets.sol", f"markets.{name}").replace("SOLUSDT", name.upper())
            (folder / f"{name}.yaml").write_text(own, encoding="utf-8")
        yield Path(directory)


def _await_trading(process: Process) -> None:
    """Wait until it runs: its health is written once a second from then on."""
    shown = home() / "outputs" / "ledgers" / "many.health.json"
    while not shown.exists() and process.is_running():
        time.sleep(0.2)
    time.sleep(SETTLES_S)
