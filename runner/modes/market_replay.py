"""Hold one market's replay, whichever tier moves it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from connectors.model.book import Book, apply_rows, clear, is_two_sided
from connectors.model.errors import DataError
from connectors.model.record import store
from connectors.tape.tape import Columns, Tape
from runner.engine.history import History
from runner.engine.logs import DecisionLog
from runner.engine.worker import Market
from runner.modes.merging import Cursor
from runner.modes.outcome import RECORD
from runner.settings import Settings
from runner.wiring.funding import FundingPlan, plan_funding
from runner.wiring.margin import crossing_markets, share_wallets
from runner.wiring.markets import instrument_of, market_of
from runner.wiring.sim import exchange_of

ROWS_A_LEG = 200_000
"""Rows between two looks at progress and interrupts."""
WAKE_NS = 100_000_000
"""A desk is woken after so long without data, as a worker is."""


@dataclass(slots=True)
class MarketReplay:
    """One market's replay: its tape, and the states that the loop moves.

    `account_stop` is when which limit over all markets has stopped it. Of a shell's states only
    what a report reads comes back.
    """

    market: Market
    tape: Tape
    exchange: Any
    opening_mark_half_ticks: int
    opening_position_lots: int
    funding: FundingPlan
    history: History = field(default_factory=History)
    shares_wallet: bool = False
    account_stop: tuple[int, str] | None = None
    stopped: bool = False
    is_shell: bool = False


def prepare(
    settings: Settings, name: str, number: int, tape: Tape, *, shell: bool = False
) -> MarketReplay:
    """Return one market's replay at its beginning: flat, sized at the tape's first mid.

    The states of a `shell` are for the exact tier alone.
    """
    chosen = settings.markets[name]
    half_ticks = first_mid_half_ticks(tape)
    price = instrument_of(chosen.instrument).tick_size * Decimal(half_ticks) / 2
    market = market_of(name, number, settings, price, int(tape.local.recv_ns[0]), shell=shell)
    exchange = exchange_of(settings, name, None, shell=shell)
    span_ns = int(tape.venue.venue_ns[0]), int(tape.venue.venue_ns[-1])
    funding = plan_funding(settings, name, exchange, *span_ns)
    position_lots = market.desk.orders.position_lots
    return MarketReplay(market, tape, exchange, half_ticks, position_lots, funding, is_shell=shell)


def share_margin(settings: Settings, runs: Sequence[MarketReplay]) -> None:
    """Let the exchanges of one cross margin share their wallet."""
    crossing = crossing_markets(settings, [r.market.name for r in runs])
    share_wallets({r.market.name: r.exchange for r in runs}, settings)
    for r in runs:
        r.shares_wallet = len(crossing) > 1 and r.market.name in crossing


@lru_cache(maxsize=16)
def first_mid_half_ticks(tape: Tape) -> int:
    """Return the tape's first mid, found once for all jobs of a sweep.

    Raises DataError for a tape whose book is never two-sided.
    """
    book = Book()
    clear(book)
    rows = tape.local
    for start in range(0, len(rows), 64):
        stop = min(start + 64, len(rows))
        kind, ticks, lots = (c[start:stop].tolist() for c in (rows.kind, rows.ticks, rows.lots))
        stamps = rows.recv_ns[start : stop + 1].tolist()
        for k in range(stop - start):
            apply_rows(book, kind, ticks, lots, k, k + 1)
            ends = k + 1 >= len(stamps) or stamps[k + 1] != stamps[k]
            if ends and is_two_sided(book):
                return book.best_bid_ticks + book.best_ask_ticks
    raise DataError(f"tape of {tape.symbol}: expected a two-sided book somewhere, there is none")


def new_cursor(r: MarketReplay) -> Cursor:
    """Return a cursor at the beginning of a tape."""
    cursor = Cursor()
    cursor.shift_ns = r.tape.clock_shift_ns
    cursor.shares = r.shares_wallet
    cursor.wake_every_ns = max(r.market.desk.params.refresh_ns, WAKE_NS)
    cursor.wake_ns = 1 << 62
    cursor.pause_at = ROWS_A_LEG
    return cursor


def bring_back(exchange: Any, record: Any) -> None:
    """Copy what a report reads of a compiled exchange back into the plain one."""
    exchange.position_lots = int(record["position_lots"])
    for part in ("funding", "margin", "wallet"):
        store(getattr(exchange, part), record[part])


def loop_columns(tape: Tape) -> tuple[Any, ...]:
    """Return the columns in the order in which the loops take them."""
    local: Columns = tape.local
    venue: Columns = tape.venue
    return (
        local.kind,
        local.ticks,
        local.lots,
        local.recv_ns,
        venue.kind,
        venue.ticks,
        venue.lots,
        venue.venue_ns,
    )


def decision_log(settings: Settings) -> DecisionLog:
    """Return an empty log that keeps decisions as configured."""
    log = DecisionLog()
    log.mode = RECORD[settings.record.decisions]
    return log
