"""Live: the same loop against real venues. Unarmed it only says what it would send."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from connectors.examined import Examined, Weight
from connectors.model.errors import ConfigError, MmrunnerError
from connectors.venue import Venue
from runner.engine.clock import Clock, SystemClock
from runner.engine.failpoints import arm_from
from runner.engine.ledger.kind import LIVE, require_live
from runner.engine.ledger.writer import ThreadWriter
from runner.engine.level import together
from runner.engine.lock import OrdersLock, PositionLock
from runner.engine.patience import until_answered
from runner.engine.unarmed import Unarmed
from runner.engine.warnings import Warnings
from runner.engine.worker import Market
from runner.guard import complain
from runner.modes.built import Built
from runner.modes.counted import keep_counted, take_up_kept
from runner.modes.deploy import build_on
from runner.modes.outcome import DecisionFiles
from runner.modes.quote import run_deploy
from runner.places import Places
from runner.report.decisions import require_writer
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of, market_of
from runner.wiring.notify import require_tested
from runner.wiring.twin import twins_of
from runner.wiring.venues import require_real, venues_of


def run(settings: Settings, places: Places) -> int:
    """Run a live deploy and write its report; return the exit code."""
    require_writer(settings.record.decisions)
    require_real(settings)
    arm_from(os.environ, is_real=settings.armed)
    if settings.armed:
        require_live(places.ledger(settings.deploy))
    clock = SystemClock()
    require_tested(settings, places, clock.now_ns())
    with ExitStack() as held:

        async def make(tapes: Path, files: DecisionFiles) -> Built:
            return await build_live(settings, places, clock, held, tapes, files)

        return run_deploy(settings, places, clock, make, places.recompose)


async def build_live(
    settings: Settings,
    places: Places,
    clock: Clock,
    held: ExitStack,
    tapes: Path,
    files: DecisionFiles,
) -> Built:
    """Connect every venue of a live deploy, size its markets and bring its ledger level.

    `held` keeps what makes this process the owner of its positions.
    """
    # Until the session shows them: a start may have to wait for a venue.
    warnings = Warnings(lambda now_ns, market, text: complain(f"{market}: {text}"))
    venues = venues_of(settings, clock, None, warnings)
    ledger = places.ledger(settings.deploy) if settings.armed else None
    try:
        take_up_kept(ledger, venues, clock)
        own = partial(_own_positions, settings, places, venues, held)
        await until_answered(own, "account", clock, warnings)
        if settings.mode.name == "live":
            examined = partial(_examined, settings, venues)
            await until_answered(examined, "account", clock, warnings)
        if not settings.armed:
            venues = _disarmed(settings, venues, clock, warnings)
        priced = partial(_priced, settings, clock, venues)
        markets = await until_answered(priced, "prices", clock, warnings)
        twins = twins_of(settings, markets, clock.now_ns())
        built = await build_on(
            settings, clock, markets, venues, warnings, tapes, files, ledger, ThreadWriter, LIVE
        )
        return replace(built, twins=twins)
    except BaseException:
        # Also an interrupt: nothing runs yet that would let go of what is open.
        for venue in venues.values():
            venue.close()
        # What ended the start is told, and not that its reads could not be kept after it.
        with suppress(MmrunnerError, sqlite3.Error):
            keep_counted(ledger, venues, clock)
        raise


async def _own_positions(
    settings: Settings, places: Places, venues: Mapping[str, Venue], held: ExitStack
) -> None:
    """Raise ConfigError for another account than the one that is named, or a second owner of it."""
    chosen = enabled_markets(settings)
    standings = await together(
        venues[market.venue.name].standing(name) for name, market in chosen.items()
    )
    cleared: set[tuple[str, str]] = set()
    for market, standing in zip(chosen.values(), standings, strict=True):
        named = settings.account_of(market.venue.name)
        if named is not None and standing.account != named:
            raise ConfigError(
                f"account_id: expected {standing.account}, the account that"
                f" {market.venue.name} answers for, was {named}"
            )
        if settings.armed and market.role != "lead":
            place = f"{market.venue.name} {market.venue.network}"
            folder = places.ledgers / "owners"
            held.enter_context(
                PositionLock(folder, place, standing.account, market.instrument.symbol)
            )
            if _clears(settings, venues[market.venue.name]):
                cleared.add((place, standing.account))
    for place, account in cleared:
        held.enter_context(OrdersLock(places.ledgers / "owners", place, account))


def _clears(settings: Settings, venue: Venue) -> bool:
    """Tell whether something may cancel every order of the account in the deploy's place."""
    has_watchdog = venue.rescue is not None and settings.watchdog.silence_s is not None
    return has_watchdog or venue.countdown is not None


async def _examined(settings: Settings, venues: Mapping[str, Venue]) -> None:
    """Make the accounts what the configuration wants; raise ConfigError where they are not."""
    for venue in venues.values():
        if not isinstance(venue, Examined):
            continue
        if settings.armed:
            await venue.prepare()
        for remark in await venue.examine():
            about = f"markets.{remark.about}: " if remark.about else ""
            if remark.weight is Weight.REFUSES and settings.armed:
                raise ConfigError(f"{about}{remark.text}")
            if remark.weight is not Weight.GOOD:
                complain(f"{about}{remark.text}")


def _disarmed(
    settings: Settings, venues: Mapping[str, Venue], clock: Clock, warnings: Warnings
) -> dict[str, Venue]:
    """Return the venues, each behind one that sends nothing."""
    instruments = {name: instrument_of(m.instrument) for name, m in settings.markets.items()}
    return {name: Unarmed(venue, instruments, clock, warnings) for name, venue in venues.items()}


async def _priced(
    settings: Settings, clock: Clock, venues: Mapping[str, Venue]
) -> dict[str, Market]:
    """Return every market, sized at the price that its venue tells now."""
    chosen = enabled_markets(settings)
    mids = await together(
        venues[market.venue.name].mid_half_ticks(name) for name, market in chosen.items()
    )
    found = {}
    for number, ((name, market), half_ticks) in enumerate(zip(chosen.items(), mids, strict=True)):
        price = market.instrument.tick_size * half_ticks / 2
        found[name] = market_of(name, number, settings, price, clock.now_ns())
    return found
