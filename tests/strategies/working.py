"""Put wants and working orders on a desk, and read what diff asks for."""

from dataclasses import dataclass

from connectors.model.events import CANCEL, PLACE
from connectors.model.orders import (
    LEVELS,
    LIVE,
    SIDE_SLOTS,
    SLOTS,
    Commands,
    begin,
    next_client_id,
    slot_of,
)
from strategies.desk import Desk
from strategies.orders import diff
from tests.support import NOW_NS, SECOND_NS


@dataclass(frozen=True, slots=True)
class Asked:
    """One command, with the slot it is about."""

    kind: int
    side: int
    ticks: int
    lots: int
    slot: int
    client_id: int

    @property
    def home(self) -> int:
        """Which of the wanted prices a quote is for, as quotes are indexed."""
        return self.slot // SIDE_SLOTS * LEVELS + self.slot % SIDE_SLOTS // 2

    @property
    def twin(self) -> int:
        """Which of a level's two slots it has."""
        return self.slot % SIDE_SLOTS % 2


def want(desk: Desk, side: int, ticks: int, lots: int, level: int = 0) -> None:
    """Want an order at a level."""
    desk.quotes.ticks[side * LEVELS + level] = ticks
    desk.quotes.lots[side * LEVELS + level] = lots


def rest(
    desk: Desk,
    side: int,
    ticks: int,
    lots: int,
    level: int = 0,
    twin: int = 0,
    status: int = LIVE,
) -> int:
    """Let an order of ours work since long ago; return its client id."""
    client_id = next_client_id(desk.orders, slot_of(side, level, twin))
    begin(desk.orders, client_id, side, ticks, lots, NOW_NS - 100 * SECOND_NS)
    desk.orders.status[client_id % SLOTS] = status
    return client_id


def asked(desk: Desk, now_ns: int = NOW_NS) -> list[Asked]:
    """Return what diff asks for now."""
    commands = Commands()
    diff(desk, commands, now_ns)
    return [
        Asked(
            commands.kind[k],
            commands.side[k],
            commands.ticks[k],
            commands.lots[k],
            commands.client_id[k] % SLOTS,
            commands.client_id[k],
        )
        for k in range(commands.count)
    ]


def places(desk: Desk, now_ns: int = NOW_NS) -> list[tuple[int, int, int]]:
    """Return side, price and size of what diff asks to place."""
    return [(a.side, a.ticks, a.lots) for a in asked(desk, now_ns) if a.kind == PLACE]


def cancels(desk: Desk) -> list[int]:
    """Return the client ids that diff asks to cancel."""
    return [a.client_id for a in asked(desk) if a.kind == CANCEL]
