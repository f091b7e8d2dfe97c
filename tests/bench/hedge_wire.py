"""Measure the way from a fill at one venue to the hedge's order on the wire of another.

Both are stand-ins, in one process and on one clock: from the moment at which an order of ours
trades on Lighter to the moment at which the create comes to Bybit's door. Between them are the
stand-in's own delay (two ms), loopback twice, our adapters, the ledger's commit, and ccxt.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from connectors.model.errors import MmrunnerError
from tests.bench.figures import Figure
from tests.bench.timing import quantile
from tests.bench.undisturbed import undisturbed
from tests.stage.truth import Traded
from tests.venues.bybit.keys import UID
from tests.venues.common.drill.deploy import Deploy, Remote
from tests.venues.common.drill.place import BESIDES
from tests.venues.common.truth import Came, read
from tests.venues.hedged.sandbox import ENVIRONMENT, EXPERIMENT, addresses, venues
from tests.venues.lighter.keys import ACCOUNT

FILLS = 40
EVERY_S = 0.6
QUIET_S = 0.4
"""A fill so soon after another, or after a hedge of the same, is not counted: which is which is
not to be told."""
PATIENCE_S = 90.0
WORDS = (
    EXPERIMENT,
    "deploy=hedge_wire",
    *BESIDES,
    "kappa=3",
    "hedge.band=given",
    "hedge.band_base=0",
    "hedge.patience_s=0",
    *(f"markets.{name}.enabled=false" for name in ("eth", "sol", "wif", "eth_hedge", "sol_hedge")),
)
MS = 1_000_000


def measure() -> list[Figure]:
    """Return how long it takes from a fill to its hedge on the wire."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        with undisturbed(1):
            _run(home)
        waits = list(_waits(home))
    if len(waits) < FILLS // 4:
        raise MmrunnerError(f"expected {FILLS // 4} hedged fills or more, was {len(waits)}")
    note = f"{len(waits)} fills, both stand-ins in one process on loopback"
    return [
        Figure("fill_to_hedge_on_the_wire_p50", quantile(waits, 0.5) / MS, "ms", note=note),
        Figure("fill_to_hedge_on_the_wire_p99", quantile(waits, 0.99) / MS, "ms"),
    ]


def _run(home: Path) -> None:
    """Let a deploy quote, and orders of it trade one after another."""
    with venues(home) as (lighter, bybit):
        deploy = Deploy("hedge_wire", home, (*WORDS, *addresses(lighter, bybit)), ENVIRONMENT)
        deploy.start()
        remote = Remote(lighter)
        try:
            _await_quotes(home / "lighter.jsonl")
            for k in range(FILLS):
                side = "buy" if k % 2 else "sell"
                remote.do({"do": "fill_ours", "market": "BTC", "side": side})
                time.sleep(EVERY_S)
            deploy.stop()
        finally:
            deploy.kill()


def _await_quotes(truth: Path) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while b'"Accepted"' not in truth.read_bytes():
        if time.monotonic() > until_s:
            raise MmrunnerError(f"expected an order within {PATIENCE_S:g} s, was none")
        time.sleep(0.2)
    time.sleep(5.0)


def _waits(home: Path) -> Iterator[int]:
    """Yield the nanoseconds from each fill to the first order that came to the hedge after it."""
    made = [line.fact.ns for line in read(home / "lighter.jsonl") if _is_fill(line)]
    sent = [line.fact.ns for line in read(home / "bybit.jsonl") if _is_order(line)]
    for before, ns in zip([0, *made], made, strict=False):
        after = next((at for at in sent if at > ns), None)
        if after is not None and ns - before > QUIET_S * 1e9 and after - ns < EVERY_S * 1e9:
            yield after - ns


def _is_fill(line: object) -> bool:
    return getattr(line, "account", 0) == ACCOUNT and isinstance(getattr(line, "fact", 0), Traded)


def _is_order(line: object) -> bool:
    fact = getattr(line, "fact", None)
    is_ours = getattr(line, "account", 0) == UID
    return is_ours and isinstance(fact, Came) and fact.kind == "create"
