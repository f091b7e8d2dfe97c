"""What is compared: each case a stream, a grid, a queue, latencies, a kind of contract."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.sim.exchange import ExchangeTerms
from runner.wiring.sim import QUEUES
from tests.oracle import rule
from tests.oracle.ours import Money

MS = 1_000_000
PAIR = (1, 1, 1, 5, 40, 10, 1, 1)
"""One order a side, a tick from mid; a tick of skew for two orders of position."""
LADDER = (4, 0, 2, 5, 60, 20, 1, 1)
"""Four orders a side, two ticks apart, from mid."""
TAKER = (2, -1, 3, 5, 40, 10, 0, 1)
"""Two orders a side, the first across mid: it takes where the spread is narrow."""

FINE = {"small_tick": 8, "recorded": 8}
"""Streams whose tick is so small that all distances are taken times this."""
IN_TICKS = (rule.OFFSET_TICKS, rule.SPACING_TICKS, rule.TOLERANCE_TICKS)

BINARY_FEE = 2.0**-13
"""A fee, about 1.2 bps, whose sums are exact in any order."""


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison. A grid of several levels has binary money: any row may fill several orders,
    and hftbacktest keeps these in a set, so that only exact sums can be compared.
    `others` are the streams of further assets in the same run."""

    stream: str
    grid: tuple[int, ...] = PAIR
    queue: str = "risk_averse"
    power_n: float = 3.0
    refresh_ms: int = 100
    entry_ms: float = 5.0
    response_ms: float = 5.0
    is_inverse: bool = False
    has_table: bool = False
    others: tuple[str, ...] = ()

    @property
    def streams(self) -> tuple[str, ...]:
        """Return the streams of all assets."""
        return (self.stream, *self.others)

    @property
    def name(self) -> str:
        """Return what tells this case from the others."""
        grid = {PAIR: "pair", LADDER: "ladder", TAKER: "taker"}[self.grid]
        queue = f"{self.queue}({self.power_n:g})" if "power" in self.queue else self.queue
        kind = " inverse" if self.is_inverse else ""
        kind += " table" if self.has_table else ""
        return f"{'+'.join(self.streams)} {grid} {queue} {self.refresh_ms} ms{kind}"

    def scaled_grid(self) -> tuple[int, ...]:
        """Return the grid in ticks of the stream."""
        scale = FINE.get(self.stream, 1)
        return tuple(n * scale if k in IN_TICKS else n for k, n in enumerate(self.grid))

    def terms(self) -> ExchangeTerms:
        """Return what our exchange is told."""
        return ExchangeTerms(
            entry_latency_ns=int(self.entry_ms * MS),
            response_latency_ns=int(self.response_ms * MS),
            queue_model=QUEUES[self.queue],
            power_n=self.power_n,
            compat=True,
        )

    def money(self, tick_size: float, lot_size_base: float) -> Money:
        """Return what a fill is worth; binary for several orders a side."""
        if self.is_inverse:
            return Money(tick_size, 100.0, -0.0001, 0.0005, is_inverse=True)
        if self.grid == PAIR:
            return Money(tick_size, lot_size_base, 0.0002, 0.0005)
        return Money(0.5, 0.125, -BINARY_FEE, 4 * BINARY_FEE)


FURTHER = ("short_rough", "short_queue_2", "short_rough_2")
SHORT = (
    *(Case("short_queue", queue=queue, power_n=2.0) for queue in QUEUES if queue != "front"),
    Case("short_queue", grid=TAKER, queue="power_3"),
    Case("short_queue", queue="power_3", refresh_ms=50, is_inverse=True),
    Case("short_queue", queue="log", refresh_ms=10, entry_ms=0.0, response_ms=1.5),
    Case("short_rough", grid=LADDER, queue="power", power_n=1.0),
    Case("short_rough", queue="power_3"),
    Case("short_queue", queue="power_3", has_table=True),
    Case("short_queue", queue="power_3", others=("short_rough",)),
    Case("short_queue", queue="log", refresh_ms=50, others=FURTHER),
)
"""The cases of `tests/data/oracle.npz`."""


def cases() -> Iterator[Case]:
    """Yield every case."""
    queues = (
        ("risk_averse", 1.0),
        ("power", 1.0),
        ("power", 2.0),
        ("power", 3.0),
        ("power_2", 1.5),
        ("power_3", 3.0),
        ("log", 1.0),
        ("log_2", 1.0),
    )
    for stream in ("small_tick", "large_tick", "queue", "rough", "recorded"):
        for queue, n in queues:
            yield Case(stream, queue=queue, power_n=n)
        basis = Case(stream, queue="power_3")
        yield replace(basis, refresh_ms=10)
        yield replace(basis, refresh_ms=10, queue="risk_averse", is_inverse=True)
        yield replace(basis, entry_ms=0.3, response_ms=40.0, is_inverse=True)
        yield replace(basis, has_table=True)
        yield replace(basis, has_table=True, grid=LADDER, refresh_ms=10)
        yield replace(basis, grid=LADDER)
        yield replace(basis, grid=LADDER, refresh_ms=10, queue="log_2")
        yield replace(basis, grid=TAKER, queue="power", power_n=0.5)
        yield replace(basis, grid=TAKER, refresh_ms=10, entry_ms=20.0)
    yield from merged()


def merged() -> Iterator[Case]:
    """Yield cases of several assets in one run, each quoted against the position of all."""
    shipped = Case("btc", others=("eth",), queue="power_3")
    for others in (("eth",), ("eth", "sol", "wif")):
        basis = replace(shipped, others=others)
        yield basis
        yield replace(basis, refresh_ms=10, queue="risk_averse")
        yield replace(basis, grid=LADDER, entry_ms=0.3, response_ms=40.0)
        yield replace(basis, grid=TAKER, has_table=True, refresh_ms=10)
    yield Case("queue", others=("rough",), queue="log")
    yield Case("queue", others=("rough", "queue_2", "rough_2"), queue="power", grid=LADDER)
