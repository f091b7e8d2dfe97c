"""Build a deploy that quotes: its ledger level with the venues, and one station a market."""

import random
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from connectors.numbered import Numbered
from connectors.venue import Venue
from runner.control.words import ALL
from runner.engine.budgets import BudgetBook, counted_now
from runner.engine.clock import Clock
from runner.engine.daily import DayBook
from runner.engine.ledger.entries import SessionStart
from runner.engine.ledger.kind import PAPER
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, Writer
from runner.engine.level import level, together
from runner.engine.slots import Slots
from runner.engine.warnings import Warnings
from runner.engine.worker import Market
from runner.modes.built import Built, Commanded
from runner.modes.counted import take_up_kept
from runner.modes.outcome import DecisionFiles
from runner.modes.stations import Ground, Kept, station_of
from runner.settings import Settings, config_hash
from runner.steer.commands import MOST_ANSWERS
from runner.wiring.hedgers import join_hedges
from runner.wiring.leads import follow
from runner.wiring.ledger import terms_of
from runner.wiring.liquidation import watch_brinks
from runner.wiring.markets import enabled_markets, market_of
from runner.wiring.pairs import join_pairs, remembered
from runner.wiring.pegs import join_pegs
from runner.wiring.portfolio import portfolio_of
from runner.wiring.rates import rates_of
from runner.wiring.sim import require_possible
from runner.wiring.thrift import thrift_of
from runner.wiring.venues import venues_of
from strategies.trades import DAY_NS


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
    """Bring the ledger level with the venues, and make one station a market.

    Without a path the ledger is in memory. `writer_of` is given the ledger once it is level, and
    whatever is to be read of it has been read. What the venues have counted has been taken up
    before (`take_up_kept`).
    """
    start_ns = clock.now_ns()
    store = _opened(settings, markets, connected, ledger, kind, start_ns)
    found = await together(
        level(name, connected[market.venue_name], store, clock, warnings)
        for name, market in markets.items()
    )
    levels = dict(zip(markets, found, strict=True))
    kept = {name: Kept.of(name, levels[name], store) for name in markets}
    peak = store.account_peak(start_ns // DAY_NS)
    taken = store.claimed_slots()
    known = remembered(settings, store, start_ns)
    commanded = _commanded(store, markets)
    writer = writer_of(store, clock)
    portfolio = portfolio_of(settings, warnings)
    portfolio.day, portfolio.peak = start_ns // DAY_NS, peak
    days = DayBook(writer, portfolio)
    chance = random.Random(settings.seed)
    ground = Ground(
        settings, clock, writer, warnings, portfolio, days, tape_directory, files, start_ns, chance
    )
    stations = [
        station_of(ground, market, connected[market.venue_name], kept[name])
        for name, market in markets.items()
    ]
    join_pegs(settings, portfolio, markets)
    follow(settings, stations)
    join_hedges(settings, stations, warnings)
    pairs = join_pairs(settings, stations, connected, writer, warnings, known)
    watch_brinks(stations, warnings)
    for station in stations:
        station.thrift = thrift_of(settings, station.reconciler.venue, station.worker, warnings)
    return Built(
        connected,
        tuple(stations),
        {name: at.standing for name, at in levels.items()},
        writer,
        warnings,
        portfolio,
        days,
        BudgetBook(connected, writer, clock),
        Slots(writer, taken),
        commanded,
        pairs,
    )


def _opened(
    settings: Settings,
    markets: Mapping[str, Market],
    connected: Mapping[str, Venue],
    ledger: Path | None,
    kind: str,
    start_ns: int,
) -> Store:
    """Open the ledger, write that a session begins, and remind venues of what it knows."""
    terms = {name: terms_of(settings, name) for name in markets}
    store = Store(ledger, terms, rates_of(settings), kind)
    store.require_past(start_ns)
    store.apply(SessionStart(start_ns, config_hash(settings), version("mmrunner")))
    for counted in counted_now(connected, start_ns):
        store.apply(counted)
    store.commit()
    _recall(store, markets, connected)
    return store


def _commanded(store: Store, markets: Mapping[str, Market]) -> Commanded:
    """Return what the ledger has of commands; a market that hedges is not meant by those to all."""
    paused_by = {
        name: store.paused_by(name, name if market.desk.params.hedge.on else ALL)
        for name, market in markets.items()
    }
    return Commanded(store.last_commands(MOST_ANSWERS), paused_by)


def _recall(store: Store, markets: Mapping[str, Market], connected: Mapping[str, Venue]) -> None:
    """Tell venues what former processes have promised of orders that may still rest."""
    for name, market in markets.items():
        venue = connected[market.venue_name]
        if isinstance(venue, Numbered):
            venue.recall(store.bounds(name))
