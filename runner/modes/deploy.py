"""Make the objects of a deploy that quotes: venues, ledger, stations and the session over them."""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path

from connectors.model.account import Standing
from connectors.model.errors import ConfigError
from connectors.numbered import Numbered
from connectors.reaching import Reaching
from connectors.venue import Venue
from runner.control.words import ALL
from runner.engine.budgets import BudgetBook, counted_now, take_up
from runner.engine.clock import Clock
from runner.engine.daily import DayBook, go_on_from, restore
from runner.engine.health import Vitals
from runner.engine.ledger.entries import SessionEnd, SessionStart
from runner.engine.ledger.kind import PAPER
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, Writer
from runner.engine.level import Level, level, together
from runner.engine.observer import Jobs, Observer
from runner.engine.outbox import LedgerOutbox
from runner.engine.payments import OVERLAP_NS, Payments
from runner.engine.portfolio import Portfolio
from runner.engine.reconcile import Reconciler
from runner.engine.session import Session
from runner.engine.slots import Slots
from runner.engine.station import Station
from runner.engine.steward import Steward
from runner.engine.supervisor import Budget, Terms
from runner.engine.twin import Twin
from runner.engine.warnings import Warnings
from runner.engine.worker import Market, Worker
from runner.modes.outcome import RECORD, DecisionFiles
from runner.modes.segments import Segments
from runner.pairs.pair import Pair
from runner.schedule import Job, Schedule
from runner.settings import Settings, config_hash
from runner.steer.commands import MOST_ANSWERS
from runner.wiring.agenda import agendas_of
from runner.wiring.hedgers import join_hedges
from runner.wiring.leads import follow
from runner.wiring.ledger import terms_of
from runner.wiring.liquidation import watch_brinks
from runner.wiring.markets import enabled_markets, market_of, open_with
from runner.wiring.pairs import join_pairs, remembered
from runner.wiring.pegs import join_pegs
from runner.wiring.portfolio import gate_of, portfolio_of
from runner.wiring.rates import rates_of
from runner.wiring.sim import require_possible
from runner.wiring.thrift import thrift_of
from runner.wiring.venues import venues_of
from strategies.trades import DAY_NS

FAULT = 1
"""Exit code of a session that an error ends."""
UNLEVEL_NS = 10_000_000_000
"""A market that has not been held against its venue for so long is not well."""
UPDATE_NS = 250_000_000
"""Longest time between two looks at the workers, so that the log follows closely."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """What people have asked of former processes: the last answers, and who paused each market."""

    answers: Sequence[tuple[str, bool, str]] = ()
    paused_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """A deploy ready to run."""

    venues: dict[str, Venue]
    stations: tuple[Station, ...]
    standings: dict[str, Standing]
    writer: Writer
    warnings: Warnings
    portfolio: Portfolio
    days: DayBook
    budgets: BudgetBook
    slots: Slots
    commanded: Commanded = field(default_factory=Commanded)
    pairs: tuple[Pair, ...] = ()
    twins: Mapping[str, Twin] = field(default_factory=dict)
    fitted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Rates that were fitted while it runs, for its steward to tell: kappa and intensity, in
    millionths."""

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Every market's worker."""
        return tuple(station.worker for station in self.stations)

    def keep(self, now_ns: int) -> None:
        """Write what a later start has to know, where it has changed."""
        self.days.keep(now_ns)
        self.budgets.keep()

    def tick_pairs(self, now_ns: int) -> None:
        """Let every pair ask its rules."""
        for pair in self.pairs:
            pair.tick(now_ns)

    def close(self, ended_ns: int, code: int) -> None:
        """Say in the ledger how the session ended, and close it and the venues."""
        self.keep(ended_ns)
        self.writer.put(SessionEnd(ended_ns, code))
        try:
            self.writer.close()
        finally:
            for venue in self.venues.values():
                venue.close()


def markets_of(settings: Settings, clock: Clock) -> dict[str, Market]:
    """Return every market, sized at its start price; raise ConfigError for one that cannot be."""
    for name in enabled_markets(settings):
        require_possible(settings, name)
    return {
        name: market_of(name, number, settings, chosen.synthetic.start_price, clock.now_ns())
        for number, (name, chosen) in enumerate(enabled_markets(settings).items())
    }


async def build(
    settings: Settings,
    clock: Clock,
    markets: dict[str, Market],
    account: Path | None,
    tape_directory: Path,
    files: DecisionFiles,
    ledger: Path | None = None,
    writer_of: Callable[[Store, Clock], Writer] = DirectWriter,
) -> Built:
    """Connect every venue of a paper deploy, and build on it; see `build_on`."""
    warnings = Warnings()
    connected = venues_of(settings, clock, account, warnings)
    take_up_kept(ledger, connected, clock)
    return await build_on(
        settings, clock, markets, connected, warnings, tape_directory, files, ledger, writer_of
    )


def take_up_kept(ledger: Path | None, venues: dict[str, Venue], clock: Clock) -> None:
    """Let the venues' budgets and bans go on from a ledger, where there is one: before anything is
    asked of them."""
    if ledger is None or not ledger.exists():
        return
    store = Store(ledger, {})
    try:
        take_up(venues, store.budgets(), clock.now_ns())
    finally:
        store.close()


def keep_counted(ledger: Path | None, venues: dict[str, Venue], clock: Clock) -> None:
    """Write what the venues have counted of a start that ends before it is built."""
    if ledger is None or not ledger.exists():
        return
    store = Store(ledger, {})
    try:
        for counted in counted_now(venues, clock.now_ns()):
            store.apply(counted)
    finally:
        store.close()


async def build_on(
    settings: Settings,
    clock: Clock,
    markets: dict[str, Market],
    connected: dict[str, Venue],
    warnings: Warnings,
    tape_directory: Path,
    files: DecisionFiles,
    ledger: Path | None,
    writer_of: Callable[[Store, Clock], Writer],
    kind: str = PAPER,
) -> Built:
    """Bring the ledger level with the venues, and make one worker a market.

    Without a path the ledger is in memory. `writer_of` is given the ledger once it is level. What
    the venues have counted has been taken up before (`take_up_kept`).
    """
    start_ns = clock.now_ns()
    chance = random.Random(settings.seed)
    rates = rates_of(settings)
    store = Store(ledger, {name: terms_of(settings, name) for name in markets}, rates, kind)
    store.require_past(start_ns)
    store.apply(SessionStart(start_ns, config_hash(settings), version("mmrunner")))
    for counted in counted_now(connected, start_ns):
        store.apply(counted)
    store.commit()
    _recall(store, markets, connected)
    found = await together(
        level(name, connected[market.venue_name], store, clock, warnings)
        for name, market in markets.items()
    )
    levels = dict(zip(markets, found, strict=True))
    kept = {name: store.last_day(name, levels[name].standing.account) for name in markets}
    since = {
        name: store.payments_since_ns(name, levels[name].standing.account, OVERLAP_NS)
        for name in markets
    }
    peak = store.account_peak(start_ns // DAY_NS)
    taken = store.claimed_slots()
    known = remembered(settings, store, start_ns)
    commanded = _commanded(store, markets)
    writer = writer_of(store, clock)
    portfolio = portfolio_of(settings, warnings)
    portfolio.day, portfolio.peak = start_ns // DAY_NS, peak
    days = DayBook(writer, portfolio)
    stations = []
    for name, market in markets.items():
        venue = connected[market.venue_name]
        _require_amends(market, venue)
        outbox = _outbox_of(market, venue, writer, clock, warnings, levels[name])
        open_with(market, levels[name].standing)
        restore(market, kept[name], start_ns)
        if not settings.markets[name].tells_all_money and kept[name] is not None:
            go_on_from(market)
        days.follow(market, outbox.account)
        outbox.gate = gate_of(portfolio, settings, rates, market, outbox)
        segments = Segments(settings, tape_directory, clock, market)
        tape, journal = segments.files(market, 1)
        worker = Worker(
            market=market,
            venue=venue,
            clock=clock,
            tape=tape,
            journal=journal,
            history=files.history(name),
            record=RECORD[settings.record.decisions],
            outbox=outbox,
        )
        number = market.desk.orders.market_number
        reconciler = Reconciler(outbox, venue, writer, clock, warnings, number)
        budget = Budget(restarts_of(settings), chance)
        payments = Payments(name, outbox.account, venue, writer, clock, since[name])
        stations.append(
            Station(worker, outbox, reconciler, payments, segments.reopen, clock, warnings, budget)
        )
    join_pegs(settings, portfolio, markets)
    follow(settings, stations)
    join_hedges(settings, stations, warnings)
    pairs = join_pairs(settings, stations, connected, writer, warnings, known)
    watch_brinks(stations, warnings)
    for station in stations:
        station.thrift = thrift_of(settings, station.reconciler.venue, station.worker, warnings)
    standings = {name: found.standing for name, found in levels.items()}
    return Built(
        connected,
        tuple(stations),
        standings,
        writer,
        warnings,
        portfolio,
        days,
        BudgetBook(connected, writer, clock),
        Slots(writer, taken),
        commanded,
        pairs,
    )


def _commanded(store: Store, markets: Mapping[str, Market]) -> Commanded:
    """Return what the ledger has of commands; a market that hedges is not meant by those to all."""
    paused_by = {
        name: store.paused_by(name, name if market.desk.params.hedge.on else ALL)
        for name, market in markets.items()
    }
    return Commanded(store.last_commands(MOST_ANSWERS), paused_by)


def _recall(store: Store, markets: dict[str, Market], connected: dict[str, Venue]) -> None:
    """Tell venues what former processes have promised of orders that may still rest."""
    for name, market in markets.items():
        venue = connected[market.venue_name]
        if isinstance(venue, Numbered):
            venue.recall(store.bounds(name))


def _require_amends(market: Market, venue: Venue) -> None:
    """Raise ConfigError where orders would be amended at a venue that does not."""
    if market.desk.params.amends and not venue.amends:
        raise ConfigError(
            f"markets.{market.name}.venue: expected one that amends, as its settings say, was one"
            " that does not; set strategy.amend=never"
        )


def _outbox_of(
    market: Market, venue: Venue, writer: Writer, clock: Clock, warnings: Warnings, found: Level
) -> LedgerOutbox:
    """Return a market's outbox, which goes on where ledger and venue stand."""
    outbox = LedgerOutbox(
        market=market.name,
        account=found.standing.account,
        venue=venue,
        writer=writer,
        clock=clock,
        warn=warnings,
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


def restarts_of(settings: Settings) -> Terms:
    """Return how often what fails is started again."""
    chosen = settings.supervisor
    return Terms(
        max_restarts=chosen.max_restarts,
        window_ns=int(chosen.window_s * 1e9),
        first_backoff_ns=int(chosen.first_backoff_s * 1e9),
        max_backoff_ns=int(chosen.max_backoff_s * 1e9),
    )


def by_venue(stations: Sequence[Station]) -> dict[str, list[Station]]:
    """Return the stations by the name of their venue."""
    found: dict[str, list[Station]] = {}
    for station in stations:
        found.setdefault(station.worker.market.venue_name, []).append(station)
    return found


def steward_of(settings: Settings, built: Built) -> Steward:
    """Return what tells a deploy's markets what the clock asks of them."""
    return Steward(
        agendas_of(settings), built.stations, built.slots, built.warnings, fitted=built.fitted
    )


def asking(settings: Settings, built: Built) -> Callable[[int], None]:
    """Return what is called once a second: the clock's word to markets, then the pairs' rules."""
    steward = steward_of(settings, built)

    def ask(now_ns: int) -> None:
        steward.look(now_ns)
        built.tick_pairs(now_ns)

    return ask


def session_of(settings: Settings, clock: Clock, built: Built, observer: Observer) -> Session:
    """Return the session that runs a built deploy as configured."""
    jobs = [Job(name, job.every_s, job.cron) for name, job in settings.schedule.jobs.items()]

    def schedule(enqueue: Callable[[str], None]) -> AbstractContextManager[Jobs]:
        def ask(name: str, meant_ns: int | None) -> None:
            if meant_ns is None:
                enqueue(name)
            else:
                built.slots.claim(name, meant_ns, clock.now_ns(), lambda: enqueue(name))

        return Schedule(jobs, ask, clock.now_ns)

    return Session(
        venues=built.venues,
        stations=by_venue(built.stations),
        twins=built.twins,
        clock=clock,
        observer=observer,
        portfolio=built.portfolio,
        keep=built.keep,
        ask=asking(settings, built),
        record=built.writer.put,
        duration_ns=int(settings.duration_s * 1e9) if settings.duration_s else None,
        update_every_ns=min(int(settings.watch.every_s * 1e9), UPDATE_NS),
        check=built.writer.check,
        schedule=schedule,
        restarts=restarts_of(settings),
        vitals=Vitals(
            most_late_ns=int((settings.risk.max_loop_lag_s or 0.0) * 1e9),
            most_quiet_ns=int((settings.risk.max_quiet_s or 0.0) * 1e9),
            most_unlevel_ns=max(
                UNLEVEL_NS, 3 * max(v.look_every_ns for v in built.venues.values())
            ),
        ),
        flatten_on_kill=settings.risk.flatten_on_kill,
        most_lag_ns=int((settings.risk.max_loop_lag_s or 0.0) * 1e9),
    )
