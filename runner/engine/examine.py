"""Feed a session's vitals with what its markets and tasks show at a moment."""

from collections.abc import Iterable

from runner.engine.health import MarketState, Vitals
from runner.engine.station import Station
from runner.engine.supervisor import Supervisor
from strategies.liquidation_state import FAR
from strategies.quoting import SCARCE
from strategies.reasons import names


def examine(
    vitals: Vitals, stations: Iterable[Station], supervisor: Supervisor, started_ns: int
) -> None:
    """Write every market's state and the tasks that do not run.

    A market that has shown nothing yet counts from the session's start.
    """
    vitals.failed = tuple(sorted(supervisor.failed | supervisor.given_up))
    vitals.markets = {station.name: state_of(station, started_ns) for station in stations}


def liquidation_of(station: Station) -> str:
    """Say how near a position is to its liquidation; nothing where it is far from that."""
    guard = station.worker.market.desk.guard
    is_near = guard.stage != FAR or guard.is_blind
    return station.brink.words() if station.brink is not None and is_near else ""


def state_of(station: Station, started_ns: int) -> MarketState:
    """Return what a market is in."""
    worker = station.worker
    return MarketState(
        is_whole=station.is_whole,
        is_halted=station.is_halted,
        is_suspended=station.is_suspended,
        held=tuple(names(worker.market.desk.held)),
        unknown_orders=worker.unknown_orders(),
        unresolved_orders=len(station.reconciler.unresolved()),
        frame_ns=max(worker.last_market_ns, started_ns),
        looked_ns=station.looked_ns,
        orders_left=None if station.thrift is None else station.thrift.left(),
        places_none=worker.market.desk.scarcity > SCARCE,
        liquidation=liquidation_of(station),
    )
