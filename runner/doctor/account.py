"""Check what a live deploy has at its venues: access, terms, markets, orders, positions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial

from connectors.examined import Examined, Remark, Weight
from connectors.model.account import Standing
from connectors.model.errors import MmrunnerError
from connectors.model.instrument import Instrument
from connectors.venue import Venue
from runner.doctor.finding import Finding, Verdict
from runner.engine.clock import Clock, SystemClock
from runner.engine.patience import until_answered
from runner.engine.reconcile import is_ours
from runner.engine.warnings import Warn, Warnings
from runner.guard import complain
from runner.places import Places
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of, market_of
from runner.wiring.venues import venues_of

GOOD, UNUSABLE = Verdict.GOOD, Verdict.UNUSABLE


def check_account(settings: Settings, places: Places) -> Iterator[Finding]:
    """Yield a finding for each thing that arming would look at, and for what is there already."""
    yield from asyncio.run(look(settings, SystemClock()))


async def look(
    settings: Settings, clock: Clock, connect: Callable[..., dict[str, Venue]] = venues_of
) -> list[Finding]:
    """Return every finding. Nothing at a venue is changed by it."""
    heard = Warnings(lambda now_ns, market, text: complain(f"{market}: {text}"))
    try:
        venues = connect(settings, clock, None, heard)
    except MmrunnerError as error:
        return [Finding(UNUSABLE, "account", str(error))]
    try:
        return [finding async for finding in _findings(settings, clock, venues, heard)]
    finally:
        for venue in venues.values():
            venue.close()


async def _findings(
    settings: Settings, clock: Clock, venues: Mapping[str, Venue], warn: Warn
) -> AsyncIterator[Finding]:
    """Ask in turn, patiently: what a venue does not answer is a finding, and the rest goes on."""
    for name, venue in venues.items():
        if isinstance(venue, Examined):
            try:
                for remark in await until_answered(venue.examine, name, clock, warn):
                    yield _finding(name, remark)
            except MmrunnerError as error:
                yield Finding(UNUSABLE, name, str(error))
    for number, (name, market) in enumerate(enabled_markets(settings).items()):
        ask = partial(_market, settings, clock, venues[market.venue.name], name, number)
        try:
            for finding in await until_answered(ask, name, clock, warn):
                yield finding
        except MmrunnerError as error:
            yield Finding(UNUSABLE, name, str(error))


def _finding(venue: str, remark: Remark) -> Finding:
    """Return what a venue remarks as a finding; what only warns stands in nobody's way."""
    text = f"beware: {remark.text}" if remark.weight is Weight.WARNS else remark.text
    verdict = UNUSABLE if remark.weight is Weight.REFUSES else GOOD
    return Finding(verdict, remark.about or venue, text)


async def _market(
    settings: Settings, clock: Clock, venue: Venue, name: str, number: int
) -> list[Finding]:
    standing = await venue.standing(name)
    of = instrument_of(settings.markets[name].instrument)
    found = [*_account(settings, name, standing), *_resting(name, number, of, standing)]
    price = of.tick_size * await venue.mid_half_ticks(name) / 2
    order_lots = market_of(name, number, settings, price, clock.now_ns()).desk.params.order_lots
    words = f"listed as configured, mid {price:f}, orders of {of.size_base(order_lots)} {of.base}"
    return [*found, Finding(GOOD, name, words)]


def _account(settings: Settings, name: str, standing: Standing) -> Iterator[Finding]:
    named = settings.account_of(settings.markets[name].venue.name)
    if named != standing.account:
        was = "null" if named is None else named
        text = f"account_id: expected {standing.account}, was {was}"
        yield Finding(UNUSABLE, name, text)


def _resting(name: str, number: int, of: Instrument, standing: Standing) -> Iterator[Finding]:
    """Say what is there already: a start cancels what is ours and takes the position over."""
    ours = sum(is_ours(order.client_id, number) for order in standing.resting)
    if ours:
        yield Finding(GOOD, name, f"{ours} orders of ours rest: a start cancels them")
    if len(standing.resting) > ours:
        others = len(standing.resting) - ours
        text = f"beware: {others} orders of others rest, a start leaves them;"
        yield Finding(GOOD, name, f"{text} mode=flatten flatten.foreign=true cancels them")
    if standing.position_lots:
        held = f"{of.size_base(standing.position_lots)} {of.base}"
        yield Finding(GOOD, name, f"beware: {held} are held, a start takes them over")
