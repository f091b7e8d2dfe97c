"""Make one station a market: its worker, outbox, and what holds both against the venue."""

import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from connectors.model.errors import ConfigError
from connectors.numbered import Numbered
from connectors.reaching import Reaching
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.daily import DayBook, go_on_from, restore
from runner.engine.ledger.entries import Day
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import Writer
from runner.engine.level import Level
from runner.engine.outbox import LedgerOutbox
from runner.engine.payments import OVERLAP_NS, Payments
from runner.engine.portfolio import Portfolio
from runner.engine.reconcile import Reconciler
from runner.engine.station import Station
from runner.engine.supervisor import Budget
from runner.engine.warnings import Warnings
from runner.engine.worker import Market, Worker
from runner.modes.outcome import RECORD, DecisionFiles
from runner.modes.segments import Segments
from runner.modes.sessions import restarts_of
from runner.settings import Settings
from runner.wiring.markets import open_with
from runner.wiring.portfolio import gate_of
from runner.wiring.rates import rates_of


@dataclass(frozen=True, slots=True)
class Ground:
    """What the markets of a deploy share."""

    settings: Settings
    clock: Clock
    writer: Writer
    warnings: Warnings
    portfolio: Portfolio
    days: DayBook
    tape_directory: Path
    files: DecisionFiles
    start_ns: int
    chance: random.Random


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a market's ledger and venue stand, and what the ledger has of its day."""

    level: Level
    day: Day | None
    paid_since_ns: int

    @classmethod
    def of(cls, name: str, found: Level, store: Store) -> "Kept":
        """Return it for a market that is level."""
        account = found.standing.account
        since_ns = store.payments_since_ns(name, account, OVERLAP_NS)
        return cls(found, store.last_day(name, account), since_ns)


def station_of(ground: Ground, market: Market, venue: Venue, kept: Kept) -> Station:
    """Return a market's station, which goes on where ledger and venue stand.

    Raises ConfigError where its orders would be amended at a venue that does not.
    """
    g = ground
    _require_amends(market, venue)
    outbox = _outbox_of(g, market, venue, kept.level)
    _go_on(g, market, kept)
    g.days.follow(market, outbox.account)
    outbox.gate = gate_of(g.portfolio, g.settings, rates_of(g.settings), market, outbox)
    segments = Segments(g.settings, g.tape_directory, g.clock, market)
    tape, journal = segments.files(market, 1)
    worker = Worker(
        market=market,
        venue=venue,
        clock=g.clock,
        tape=tape,
        journal=journal,
        history=g.files.history(market.name),
        record=RECORD[g.settings.record.decisions],
        outbox=outbox,
    )
    number = market.desk.orders.market_number
    reconciler = Reconciler(outbox, venue, g.writer, g.clock, g.warnings, number)
    budget = Budget(restarts_of(g.settings), g.chance)
    since_ns = kept.paid_since_ns
    payments = Payments(market.name, outbox.account, venue, g.writer, g.clock, since_ns)
    return Station(
        worker, outbox, reconciler, payments, segments.reopen, g.clock, g.warnings, budget
    )


def _go_on(ground: Ground, market: Market, kept: Kept) -> None:
    """Let a market go on from what it holds, and from its day."""
    open_with(market, kept.level.standing)
    restore(market, kept.day, ground.start_ns)
    if not ground.settings.markets[market.name].tells_all_money and kept.day is not None:
        go_on_from(market)


def _require_amends(market: Market, venue: Venue) -> None:
    """Raise ConfigError where orders would be amended at a venue that does not."""
    if market.desk.params.amends and not venue.amends:
        raise ConfigError(
            f"markets.{market.name}.venue: expected one that amends, as its settings say, was one"
            " that does not; set strategy.amend=never"
        )


def _outbox_of(ground: Ground, market: Market, venue: Venue, found: Level) -> LedgerOutbox:
    """Return a market's outbox, which goes on where ledger and venue stand."""
    outbox = LedgerOutbox(
        market=market.name,
        account=found.standing.account,
        venue=venue,
        writer=ground.writer,
        clock=ground.clock,
        warn=ground.warnings,
        position_lots=found.standing.position_lots,
        cursor=found.standing.last_trade_id,
        orders=found.open_orders,
        last_client_id=found.standing.last_client_id,
    )
    if isinstance(venue, Numbered):
        outbox.bound = venue.bound
    if isinstance(venue, Reaching):
        outbox.reach = partial(venue.worst_ticks, market.name)
    return outbox
