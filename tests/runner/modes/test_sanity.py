"""Four things that a simulator must not get wrong, whatever the strategy."""

from decimal import Decimal

import numpy as np
import pytest

from connectors.model.events import (
    ASK,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.tape.tape import Tape
from runner.modes.market_replay import MarketReplay
from runner.modes.outcome import market_result
from runner.report.pnl import account_of
from runner.settings import Settings
from tests.deploys import compiled_loop, instrument, replayed, settings_for, tape_from

START_NS = 1_700_000_000_000_000_000
STEP_NS = 250_000_000
MARKET = "market=btc"
EAGER = (
    "strategy.unit_bps=0.01",
    "strategy.skew=plain",
    "strategy.min_spread_bps=0.399",
    "strategy.max_spread_bps=0.399",
    "gamma=0.01",
    "strategy.tolerance_bps=0.0",
    "strategy.fill_lockout_ms=0",
    "strategy.refresh_ms=10",
    "venue.entry_latency_ms=0",
    "venue.response_latency_ms=0",
    "venue.queue_model=front",
    "risk.max_orders_per_s=10000",
)


@pytest.fixture(scope="module")
def loop() -> object:
    return compiled_loop()


def net_and_fees(r: MarketReplay, settings: Settings) -> tuple[Decimal, Decimal]:
    """Return the run's net P&L and fees, exact."""
    rows = r.tape.local
    result = market_result(
        r.market,
        settings,
        r.history,
        opening_position_lots=0,
        opening_mark_half_ticks=r.opening_mark_half_ticks,
        first_ns=int(rows.recv_ns[0]),
        last_ns=int(rows.recv_ns[-1]),
    )
    pnl = account_of(result).pnl
    return pnl.net, pnl.fees


def book_rows(mid: int, half: int, now: int) -> list[tuple[int, int, int, int]]:
    """Return a snapshot of one big level a side, `half` ticks from mid."""
    return [
        (CLEAR_BIDS, 0, 0, now),
        (CLEAR_ASKS, 0, 0, now),
        (BID, mid - half, 1000, now),
        (ASK, mid + half, 1000, now),
    ]


def random_walk(settings: Settings, seed: int, steps: int = 1500) -> Tape:
    """Return a driftless walk of 20-tick steps; each new mid is printed, from a random side.

    EAGER quotes 20 ticks from mid, so it is filled at prints, at the new mid: there is no edge and
    no adverse selection.
    """
    rng = np.random.default_rng(seed)
    moves = 20 * rng.choice((-1, 1), steps)
    sides = rng.choice((TRADE_BUY, TRADE_SELL), steps)
    mid = 1_000_000
    rows = book_rows(mid, 400, START_NS)
    for k in range(steps):
        mid += int(moves[k])
        now = START_NS + (k + 1) * STEP_NS
        rows.append((int(sides[k]), mid, 500, now))
        rows += book_rows(mid, 400, now)
    return tape_from(rows, instrument(settings, "btc"))


def test_without_an_edge_the_mean_is_zero_before_fees_and_minus_the_fees_after(
    loop: object,
) -> None:
    settings = settings_for(MARKET, *EAGER, "venue.maker_fee_bps=0.1")
    gross, fills = [], 0
    for seed in range(150):
        r = replayed(settings, "btc", random_walk(settings, seed), loop)
        net, fees = net_and_fees(r, settings)
        fills += len(r.history.fills["ticks"])
        gross.append(float(net + fees))
        assert fees > 0
    error = float(np.std(gross)) / len(gross) ** 0.5
    assert fills > 5000
    assert abs(float(np.mean(gross))) < 4 * error


def test_a_bouncing_touch_pays_only_what_the_queue_position_earned(loop: object) -> None:
    settings = settings_for(
        MARKET,
        *EAGER,
        "venue.queue_model=risk_averse",
        "strategy.min_spread_bps=0",
        "strategy.max_spread_bps=0.01",
        "markets.btc.order_size_base=0.010",
        "markets.btc.order_size_quote=null",
        "markets.btc.max_position_base=0.040",
        "markets.btc.max_position_quote=null",
    )
    mid, ahead, trades = 1_000_000, 54, 40
    rows = book_rows(mid, 1, START_NS)
    rows += [(BID, mid - 1, ahead, START_NS), (ASK, mid + 1, ahead, START_NS)]
    for k in range(trades):
        now = START_NS + (k + 1) * 1_000_000_000
        rows.append((TRADE_SELL if k % 2 else TRADE_BUY, mid + (-1 if k % 2 else 1), 3, now))
    rows.append((BID, mid - 5, 1, START_NS + (trades + 2) * 1_000_000_000))
    r = replayed(settings, "btc", tape_from(rows, instrument(settings, "btc")), loop)
    sold_to_us = 3 * (trades // 2) - ahead
    fills = r.history.fills
    for side in (0, 1):
        filled = sum(
            lots for s, lots in zip(fills["side"], fills["lots"], strict=True) if s == side
        )
        assert filled == sold_to_us
    net, _ = net_and_fees(r, settings)
    assert net == Decimal("0.1") * Decimal("0.001") * 2 * sold_to_us


def test_net_falls_by_exactly_the_fees(loop: object) -> None:
    free = settings_for(MARKET, *EAGER, "venue.maker_fee_bps=0")
    paid = settings_for(MARKET, *EAGER, "venue.maker_fee_bps=0.1")
    tape = random_walk(free, 7)
    without, no_fees = net_and_fees(replayed(free, "btc", tape, loop), free)
    with_fees, fees = net_and_fees(replayed(paid, "btc", tape, loop), paid)
    assert no_fees == 0
    assert fees > 0
    assert without - with_fees == fees


def test_no_decision_knows_the_future(loop: object) -> None:
    settings = settings_for(MARKET, *EAGER, "record.decisions=all")
    ours, altered = random_walk(settings, 3), random_walk(settings, 4)
    cut = 4000
    joined = tape_from(
        [
            (
                int(t.local.kind[k]),
                int(t.local.ticks[k]),
                int(t.local.lots[k]),
                int(t.local.recv_ns[k]),
            )
            for t, span in ((ours, range(cut)), (altered, range(cut, len(altered.local))))
            for k in span
        ],
        instrument(settings, "btc"),
    )
    until = int(ours.local.recv_ns[cut]) - 1
    a, b = (replayed(settings, "btc", t, loop) for t in (ours, joined))
    before = [[row for row in r.history.series if row[0] <= until] for r in (a, b)]
    assert len(before[0]) > 500
    assert before[0] == before[1]
    assert a.history.series[-1] != b.history.series[-1]
