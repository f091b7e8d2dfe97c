"""On recorded markets the signals read what is known of them; skipped where none lie.

Figures are of docs/formulas.md, each with the tolerance that eight minutes allow.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from connectors.model.book import apply_rows, is_two_sided
from connectors.model.events import TRADE_BUY, TRADE_SELL, IntColumn
from connectors.model.instrument import Instrument
from connectors.model.record import record_of
from runner.calibrate.microprice import fit
from strategies.desk import Desk
from strategies.signals import imbalance, intensity, sweeps, volatility
from strategies.signals.intensity import FITTED, Intensity
from strategies.signals.sweeps import Sweeps
from tests.connectors.tape.made import BTC, ETH
from tests.connectors.tape.test_binance_recordings import tape_of
from tests.support import MS, SECOND_NS, compiled, new_desk

NEW = ("binance_raw_20240718", BTC), ("binance_raw_20240718", ETH)
OLD = ("binance_raw_20230404", BTC)
Ints = NDArray[np.int64]


def watch(
    fast: Desk,
    slow: Desk,
    taken: Sweeps,
    reached: Intensity,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    ns: IntColumn,
    touch: IntColumn,
    orders: IntColumn,
) -> int:
    """Take rows of one stamp at a time; write each touch and order; return how many orders."""
    i = 0
    found = 0
    book = fast.book
    while i < len(kind):
        j = i
        mid = 0.5 * (book.best_bid_ticks + book.best_ask_ticks) if is_two_sided(book) else 0.0
        while j < len(kind) and ns[j] == ns[i]:
            if kind[j] == TRADE_BUY or kind[j] == TRADE_SELL:
                side = kind[j] - TRADE_BUY
                ended = taken.ended
                sweeps.add_trade(taken, side, ticks[j], lots[j], mid, ns[j])
                if taken.ended > ended:
                    orders[found, 0] = ns[j]
                    orders[found, 1] = int(taken.depth_bps * 1e6)
                    intensity.add_order(reached, taken.depth_bps)
                    found += 1
            j += 1
        apply_rows(book, kind, ticks, lots, i, j)
        intensity.observe(reached, ns[i])
        if is_two_sided(book):
            imbalance.observe(fast.signals, book, ns[i])
            mid = 0.5 * (book.best_bid_ticks + book.best_ask_ticks)
            volatility.sample(fast.volatility, fast.params, mid, ns[i])
            volatility.sample(slow.volatility, slow.params, mid, ns[i])
            touch[i, 0] = book.best_bid_ticks
            touch[i, 1] = book.best_ask_ticks
            touch[i, 2] = book.bid_lots[book.best_bid_ticks & 65535]
            touch[i, 3] = book.ask_lots[book.best_ask_ticks & 65535]
            touch[i, 4] = int(fast.signals.imbalance * 1e9)
        i = j
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """What the signals said: sigmas, touches with their stamps, orders with their depths."""

    sigma_1s: float
    sigma_5s: float
    ns: Ints
    touch: Ints
    order_ns: Ints
    depth_bps: NDArray[np.float64]
    local_k: float

    def at(self, ns: Ints, column: int) -> Ints:
        return self.touch[np.searchsorted(self.ns, ns, side="right") - 1, column]

    def mid(self, ns: Ints) -> NDArray[np.float64]:
        return (self.at(ns, 0) + self.at(ns, 1)) / 2


@cache
def seen(name: str, instrument: Instrument) -> Seen:
    """Return what the signals say of a market."""
    rows = tape_of(name, instrument).venue
    desks = [
        new_desk(sample_ns=s * SECOND_NS, warmup_s=0.0, live_tau_s=1e9, reference_tau_s=1e9)
        for s in (1, 5)
    ]
    records = [record_of(desk) for desk in desks]
    taken, reached = Sweeps(), Intensity()
    taken.gap_ns, reached.reached.tau_s = MS, 1e9
    taken_record, reached_record = record_of(taken), record_of(reached)
    touch, orders = np.zeros((len(rows), 5), np.int64), np.zeros((len(rows), 2), np.int64)
    columns = [np.asarray(c, np.int64) for c in (rows.kind, rows.ticks, rows.lots, rows.venue_ns)]
    found = compiled(watch)(*records, taken_record, reached_record, *columns, touch, orders)
    shown = touch[:, 0] > 0
    sigmas = [
        1e4 * (float(r["volatility"]["live_num"]) / float(r["volatility"]["live_den"])) ** 0.5
        for r in records
    ]
    status = intensity.fit(reached_record, 1.0)
    return Seen(
        *sigmas,
        ns=columns[3][shown],
        touch=touch[shown],
        order_ns=orders[:found, 0],
        depth_bps=orders[:found, 1] / 1e6,
        local_k=float(reached_record["k_per_bps"]) if status == FITTED else 0.0,
    )


@pytest.mark.parametrize(
    ("market", "one_s", "five_s"), [(NEW[0], 0.46, 0.60), (NEW[1], 0.60, 0.68), (OLD, 0.37, 0.37)]
)
def test_volatility(market: tuple[str, Instrument], one_s: float, five_s: float) -> None:
    found = seen(*market)
    assert found.sigma_1s == pytest.approx(one_s, rel=0.1)
    assert found.sigma_5s == pytest.approx(five_s, rel=0.12)


@pytest.mark.parametrize(
    ("market", "all_k", "far_k", "far_per_s"),
    [(NEW[0], 29, 2.0, 0.016), (NEW[1], 16, 1.0, 0.033), (OLD, 25, 2.3, 0.015)],
)
def test_intensity_is_steep_at_the_touch_and_flat_beyond(
    market: tuple[str, Instrument], all_k: float, far_k: float, far_per_s: float
) -> None:
    """How deep an order is depends on whose mid is before it: within a factor of two."""
    found = seen(*market)
    depths = np.maximum(found.depth_bps, 0.0)
    beyond = depths[depths >= 0.5] - 0.5
    seconds = (found.ns[-1] - found.ns[0]) / SECOND_NS
    assert 0.5 < 1.0 / depths.mean() / all_k < 2.0
    assert 0.5 < 1.0 / beyond.mean() / far_k < 2.0
    assert 0.5 < (depths >= 1.0).sum() / seconds / 2 / far_per_s < 2.0
    assert 0.5 < found.local_k / far_k < 2.5


@pytest.mark.parametrize("market", [*NEW, OLD])
def test_market_orders_cluster(market: tuple[str, Instrument]) -> None:
    found = seen(*market)
    edges = np.arange(found.ns[0], found.ns[-1], 10 * SECOND_NS)
    counts = np.histogram(found.order_ns, edges)[0]
    assert 6.0 < counts.var() / counts.mean() < 40.0


@pytest.mark.parametrize("market", NEW)
def test_imbalance_and_micro_price_tell_where_mid_goes(market: tuple[str, Instrument]) -> None:
    found = seen(*market)
    now = np.arange(found.ns[0] + SECOND_NS, found.ns[-1] - 4 * SECOND_NS, SECOND_NS // 10)
    lean = found.at(now, 4) / 1e9
    mid = found.mid(now)
    for horizon_s in (1, 3):
        move = found.mid(now + horizon_s * SECOND_NS) - mid
        assert 0.25 < np.corrcoef(lean, move)[0, 1] < 0.42
    table = fit(*(found.touch[:, k] for k in range(4)))
    assert not table.refused
    row_bps = table.ticks[:10] / mid.mean() * 1e4
    assert (np.diff(row_bps) > 0).all()
    assert 0.1 < row_bps[-1] < 1.5
