"""The markets that both simulators are run on, and their rows in hftbacktest's form."""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from connectors.model import events as ev
from connectors.model.instrument import Instrument
from connectors.tape.export import in_both_orders
from connectors.tape.hft_events import EV_OF_KIND, event_dtype
from connectors.tape.ordering import assemble
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.tape import Columns, Tape
from runner.wiring.markets import instrument_of
from tests.deploys import CHECKOUT, settings_for
from tests.recordings import DATA

ROUGH_ROWS = 60_000


def shipped(market: str) -> Tape:
    """Return the project's own tape of a market: btc has a small tick, sol a large one."""
    source = TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape")
    return read_tape(source, _of(market))


def recorded() -> Tape | None:
    """Return the recorded futures market of two days' turn; None where it is absent."""
    folder = DATA / "l2" / "binance_raw_20240718"
    return read_tape(TapeSource("binance_raw", folder), _of("btc")) if folder.is_dir() else None


def _of(market: str) -> Instrument:
    return instrument_of(settings_for(f"market={market}").markets[market].instrument)


def rough(seed: int = 7, rows: int = ROUGH_ROWS) -> Tape:
    """Return a wild market: wide spreads, holes, prints through levels, and trades out of order.

    Its venue shows every message crossed for a moment, clears sides and shows them anew, and now
    and then repeats a level or removes one that is not there.
    """
    draw = random.Random(seed)
    table: list[tuple[int, int, int, int, int]] = []
    now_ns, mid = 1_700_000_000_000_000_000, 2_000
    depth_ns = 0
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    while len(table) < rows:
        now_ns += int(draw.expovariate(1 / 8e6))
        mid += draw.choice((-2, -1, -1, 0, 0, 0, 0, 0, 1, 1, 2))
        made = _message(draw, bids, asks, mid)
        late_ns = now_ns + 500_000 + int(draw.expovariate(1 / 1e6))
        if made[0][0] not in (ev.TRADE_BUY, ev.TRADE_SELL):
            late_ns = depth_ns = max(depth_ns, late_ns)
        table += [(kind, ticks, lots, now_ns, late_ns) for kind, ticks, lots in made]
    return _tape_of(table, "ROUGH")


def _tape_of(table: list[tuple[int, int, int, int, int]], symbol: str) -> Tape:
    """Return a tape of (kind, ticks, lots, venue_ns, recv_ns) rows, in order of arrival."""
    arrays = np.array(table, np.int64)
    arrays = arrays[np.argsort(arrays[:, 4], kind="stable")]
    columns = Columns(
        arrays[:, 0].astype(np.uint8),
        arrays[:, 1].astype(np.int32),
        *(arrays[:, k].copy() for k in (2, 3, 4)),
    )
    source = TapeSource("made", Path(symbol))
    instrument = Instrument(symbol, symbol, "USDT", Decimal("0.5"), Decimal("0.001"))
    return assemble(instrument, source, columns, lambda row: f"{symbol}: row {row}")


def _message(
    draw: random.Random, bids: dict[int, int], asks: dict[int, int], mid: int
) -> list[tuple[int, int, int]]:
    """Return one message: trades, or levels around a new mid, the new touch before the old goes."""
    if draw.random() < 0.25:
        kind = draw.choice((ev.TRADE_BUY, ev.TRADE_SELL))
        away = draw.choice((0, 1, 1, 2, 3))
        return [(kind, mid + (away if kind == ev.TRADE_BUY else -away), draw.randint(1, 30))]
    found: list[tuple[int, int, int]] = []
    if draw.random() < 0.01:
        found += [(ev.CLEAR_BIDS, 0, 0), (ev.CLEAR_ASKS, 0, 0)]
        bids.clear()
        asks.clear()
    for kind, levels, sign in ((ev.BID, bids, -1), (ev.ASK, asks, 1)):
        for _ in range(draw.randint(2, 6)):
            ticks = mid + sign * draw.randint(1, 9)
            levels[ticks] = draw.choice((1, 2, 5, 12, 30, 80))
            found.append((kind, ticks, levels[ticks]))
        crossed = [t for t in levels if (t - mid) * sign <= 0 or draw.random() < 0.08]
        for ticks in crossed:
            del levels[ticks]
            found.append((kind, ticks, 0))
        if draw.random() < 0.1:
            found.append((kind, mid + sign * 40, 0))
    return found


def events_of(tape: Tape, tick_size: float) -> Any:
    """Return a tape's rows as hftbacktest's events: sizes in lots, clears of the whole side."""
    rows = tape.local
    events = np.zeros(len(rows), event_dtype())
    events["ev"] = np.array(EV_OF_KIND, np.uint64)[rows.kind]
    events["exch_ts"] = rows.venue_ns
    events["local_ts"] = rows.recv_ns
    events["px"] = rows.ticks * tick_size
    events["px"][(rows.kind == ev.CLEAR_BIDS) | (rows.kind == ev.CLEAR_ASKS)] = np.inf
    events["qty"] = rows.lots
    return in_both_orders(events)


def queueing(seed: int = 11, rows: int = ROUGH_ROWS) -> Tape:
    """Return a market that hardly moves: what fills an order is its place in the queue.

    Levels grow and shrink by small steps, prints at the touch are small, and now and then the mid
    moves by a tick.
    """
    draw = random.Random(seed)
    table: list[tuple[int, int, int, int, int]] = []
    now_ns, mid = 1_700_000_000_000_000_000, 2_000
    shown: dict[tuple[int, int], int] = {}
    while len(table) < rows:
        now_ns += int(draw.expovariate(1 / 8e6))
        step = draw.choice((-1, 1)) if draw.random() < 0.004 else 0
        mid += step
        found = _new_levels(draw, shown, mid) if step or not shown else []
        kind, sign = draw.choice(((ev.BID, -1), (ev.ASK, 1)))
        level = (kind, mid + sign * draw.choice((1, 1, 1, 2, 3)))
        if draw.random() < 0.3:
            lots = min(draw.randint(1, 12), shown[kind, mid + sign] - 1)
            printed = ev.TRADE_SELL if kind == ev.BID else ev.TRADE_BUY
            if lots > 0:
                found.append((printed, mid + sign, lots))
                level = (kind, mid + sign)
                shown[level] -= lots
        else:
            shown[level] = max(1, shown[level] + draw.randint(-9, 9))
        found.append((*level, shown[level]))
        table += [(what, ticks, lots, now_ns, now_ns + 900_000) for what, ticks, lots in found]
    return _tape_of(table, "QUEUE")


def _new_levels(
    draw: random.Random, shown: dict[tuple[int, int], int], mid: int
) -> list[tuple[int, int, int]]:
    """Show three levels a side around a mid and remove all others."""
    wanted = {(ev.BID, mid - k) for k in (1, 2, 3)} | {(ev.ASK, mid + k) for k in (1, 2, 3)}
    gone = sorted(set(shown) - wanted)
    for level in gone:
        del shown[level]
    for level in sorted(wanted - set(shown)):
        shown[level] = draw.randint(20, 120)
    return [(*level, 0) for level in gone] + [(*level, shown[level]) for level in sorted(shown)]


STREAMS: dict[str, Callable[[], Tape | None]] = {
    "small_tick": lambda: shipped("btc"),
    "large_tick": lambda: shipped("sol"),
    **{name: partial(shipped, name) for name in ("btc", "eth", "sol", "wif")},
    "rough": rough,
    "queue": queueing,
    "short_rough": lambda: rough(rows=3_000),
    "short_queue": lambda: queueing(rows=5_000),
    "short_rough_2": lambda: rough(seed=23, rows=3_000),
    "short_queue_2": lambda: queueing(seed=29, rows=5_000),
    "rough_2": lambda: rough(seed=23),
    "queue_2": lambda: queueing(seed=29),
    "recorded": recorded,
}
