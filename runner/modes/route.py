"""Route: plan where a size would be taken now, by each way to compare places. Nothing is sent."""

import asyncio
from collections.abc import Iterator, Sequence

from connectors.funded import Announced, Funded
from connectors.model.book import is_two_sided
from runner.engine.clock import Clock, SystemClock
from runner.engine.session import NOT_CONFIRMED
from runner.engine.station import Station
from runner.modes.built import Built
from runner.modes.deploy import build, markets_of
from runner.modes.flatten import Told, without_files
from runner.modes.live_prices import build_on_prices
from runner.modes.outcome import DecisionFiles
from runner.modes.sessions import session_of
from runner.modes.signals import heard_by
from runner.places import Places
from runner.report.closing import aligned
from runner.report.figures import NONE, amount
from runner.settings import Settings
from runner.wiring.routing import SIDES, place_of, routable
from runner.wiring.stand_in import real_markets, simulated
from strategies.routing.place import Place
from strategies.routing.route import Policy, Route, plan_route

LOOK_NS = 100_000_000
HEADS = ("way", "place", "size", "limit", "mean price", "value", "besides", "total")


def run(settings: Settings, places: Places) -> int:
    """Print the plans; return 0, or 3 where a book did not come in time."""
    routable(settings)
    clock = SystemClock()
    bare = without_files(settings)
    return asyncio.run(_run(bare, places, clock))


async def _run(settings: Settings, places: Places, clock: Clock) -> int:
    files = DecisionFiles(places.runs, "none")
    deploy = simulated(settings)
    if real_markets(settings):
        built = await build_on_prices(settings, clock, None, places.runs, files)
    else:
        built = await build(deploy, clock, markets_of(deploy, clock), None, places.runs, files)
    try:
        return await planned(deploy, clock, built)
    finally:
        built.close(clock.now_ns(), 0)


async def planned(settings: Settings, clock: Clock, built: Built) -> int:
    """Wait for every book of the underlying, and print what would be taken where."""
    session = session_of(settings, clock, built, Told())
    session.killed, session.flatten_on_kill, session.duration_ns = True, False, None
    session.ask = lambda now_ns: None
    wanted = set(routable(settings))
    stations = [station for station in built.stations if station.name in wanted]
    for station in built.stations:
        station.stop()
    with heard_by(session):
        running = asyncio.create_task(session.run())
        missing = await _books(settings, clock, stations)
        print("\n".join(plan_lines(settings, [_place(settings, built, s) for s in stations])))
        session.interrupt()
        await running
    for name in missing:
        print(f"{name}: no book within {settings.route.within_s:g} s: it is not in the plans")
    return NOT_CONFIRMED if missing else 0


async def _books(settings: Settings, clock: Clock, stations: Sequence[Station]) -> list[str]:
    """Wait until every book is there; return the markets whose book is not."""
    until_ns = clock.now_ns() + int(settings.route.within_s * 1e9)
    while True:
        missing = [s.name for s in stations if not is_two_sided(s.worker.market.desk.book)]
        if not missing or clock.now_ns() >= until_ns:
            return missing
        await clock.sleep_until_ns(clock.now_ns() + LOOK_NS)


def _place(settings: Settings, built: Built, station: Station) -> Place:
    venue = built.venues[station.worker.market.venue_name]
    announced: Announced | None = None
    if isinstance(venue, Funded):
        announced = venue.announced(station.name)
    return place_of(settings, station.worker.market, announced)


def plan_lines(settings: Settings, places: Sequence[Place]) -> list[str]:
    """Return a table: for each way to compare places, the orders that it would send."""
    route = settings.route
    side, base = SIDES[route.side], route.size_base
    if base is None:
        return []
    rows: list[tuple[str, ...]] = [HEADS]
    left = []
    for policy in Policy:
        plan = plan_route(side, base, places, policy)
        rows += _rows(policy, plan)
        if plan.missing_base > 0:
            what = f"{plan.missing_base} {route.underlying} left"
            left.append(f"{policy.value}: {what}: more than is offered, or limits allow")
    return [*_facts(places), *aligned(rows), *left]


def _facts(places: Sequence[Place]) -> Iterator[str]:
    """Say what each place is reckoned with."""
    for place in places:
        offered = sum(size for _, size in place.levels)
        yield (
            f"{place.market}: {offered} offered, fee {place.fee_bps} bps, funding"
            f" {amount(place.holding_bps, 3, signed=True)} bps, delay"
            f" {amount(place.delay_bps, 3)} bps, room {place.room_base}"
        )


def _rows(policy: Policy, plan: Route) -> Iterator[tuple[str, ...]]:
    if not plan.legs:
        yield policy.value, NONE, "0", *(NONE,) * 4, NONE
    for leg in plan.legs:
        yield (
            policy.value,
            leg.market,
            str(leg.base),
            str(leg.limit_price),
            amount(leg.price, 6),
            amount(leg.value, 2),
            amount(leg.cost, 4, signed=True),
            amount(leg.total(plan.side), 4, signed=True),
        )
