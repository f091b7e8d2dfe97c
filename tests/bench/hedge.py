"""Measure the way from a fill to the hedge's order: what is held is told, decided on, and sent.

In one process, from the moment at which the position of a hedged market is another to the call of
the venue with the order. Networks and venues come on top.
"""

from decimal import Decimal
from time import perf_counter_ns
from typing import Any, cast

from connectors.model.events import FILLED, TAKER
from connectors.model.orders import apply
from connectors.venue import Venue
from runner.config.compose import compose, new_loader
from runner.engine.clock import SystemClock
from runner.engine.hedger import Hedger
from runner.engine.history import History
from runner.engine.logs import NONE
from runner.engine.station import Station
from runner.engine.worker import Worker
from runner.settings import Settings
from runner.wiring.hedging import grains_of
from runner.wiring.markets import market_of
from tests.bench.figures import Figure
from tests.bench.places import CHECKOUT
from tests.bench.timing import quantile
from tests.support import NOW_NS, SECOND_NS, show

FILLS = 5_000
WARM = 500
PRICE = Decimal(100_000)
MID_TICKS = 1_000_000
WORDS = ("market=[btc,btc_hedge]", "markets.btc.hedge.market=btc_hedge", "hedger=prompt")


class Desktop:
    """A venue that takes note of when an order reached it."""

    def __init__(self) -> None:
        self.placed: list[tuple[int, int, int, int]] = []
        self.at_ns = 0

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Take an order."""
        self.at_ns = perf_counter_ns()
        self.placed.append((client_id, side, ticks, lots))


class Place:
    """What a hedger needs of a station."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    def hear_exposure(self, known: bool, grains: int, now_ns: int) -> None:
        """Let the worker hear."""
        self.worker.hear_exposure(known, grains, now_ns)


def measure() -> list[Figure]:
    """Return how long it takes from a fill to its hedge's order."""
    settings = compose(new_loader(CHECKOUT), list(WORDS)).settings
    venue = Desktop()
    maker, hedge = (_place(settings, name, k, venue) for k, name in enumerate(("btc", "btc_hedge")))
    weight = grains_of(settings, "btc_hedge", ["btc"])["btc"]
    hedger = Hedger(cast(Station, hedge), [(cast(Station, maker), weight)], lambda *words: None)
    show(hedge.worker.market.desk, MID_TICKS - 1, MID_TICKS + 1)
    hedge.worker.market.limits.brakes.quiet_ns = 0
    taken = [_fill(hedger, maker, hedge, venue, k) for k in range(WARM + FILLS)][WARM:]
    return [
        Figure("fill_to_hedge_p50", quantile(taken, 0.5) / 1000, "us"),
        Figure("fill_to_hedge_p99", quantile(taken, 0.99) / 1000, "us"),
    ]


def _place(settings: Settings, name: str, number: int, venue: Any) -> Place:
    market = market_of(name, number, settings, PRICE, NOW_NS)
    worker = Worker(market, cast(Venue, venue), SystemClock(), None, None, History(), NONE)
    return Place(worker)


def _fill(hedger: Hedger, maker: Place, hedge: Place, venue: Desktop, k: int) -> int:
    """Let the maker be filled, and its hedge too; return how long the order took [ns]."""
    now_ns = NOW_NS + k * SECOND_NS
    maker.worker.market.desk.orders.position_lots += 10 if k % 2 else -10
    started_ns = perf_counter_ns()
    hedger.look(now_ns)
    ((client_id, side, ticks, lots),) = venue.placed
    venue.placed.clear()
    orders = hedge.worker.market.desk.orders
    apply(orders, FILLED, client_id, side, ticks, lots, TAKER, now_ns + SECOND_NS // 2)
    return venue.at_ns - started_ns
