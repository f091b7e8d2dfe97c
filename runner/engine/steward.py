"""Tell each market what the clock asks of it, and see scheduled moves through.

What the agenda says is held against what the desk has been told, again and again, and the
difference is a batch of rows of the market's own: journalled, on its tape, and replayed. So a desk
that is made anew, a loop that hung and a process that was away all end up with what holds now.

A move that has come to its end is kept in the ledger: no later process does it again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.model.events import SCHEDULED, MarketRows
from runner.agenda.agenda import Agenda, Move
from runner.engine.slots import Slots
from runner.engine.station import Station
from runner.engine.warnings import Warn
from strategies.scheduled import INTENSITY_MICRO, KAPPA_MICRO

S_NS = 1_000_000_000
NOTHING = Agenda()
TOLD_FOR_NS = 7 * 86_400 * S_NS
"""A move that nobody was there for is told of for so long."""


@dataclass(slots=True)
class Steward:
    """The agendas of a deploy's markets. `look` is called about once a second.

    `over` puts what a person asks of a market over what the agenda asks.
    `fitted` are rates that a market is told as well, in millionths; whoever fits changes it.
    """

    agendas: Mapping[str, Agenda]
    stations: Sequence[Station]
    slots: Slots
    warn: Warn
    over: Callable[[str, list[int]], list[int]] = lambda market, asked: asked
    fitted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    _running: dict[str, tuple[int, Move]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def look(self, now_ns: int) -> None:
        """Tell every market what is new to it."""
        for station in self.stations:
            agenda = self.agendas.get(station.name)
            if agenda is not None:
                self._look_at(station, agenda, now_ns)
            elif station.name in self.fitted:
                self._look_at(station, NOTHING, now_ns)

    def _look_at(self, station: Station, agenda: Agenda, now_ns: int) -> None:
        market = station.name
        if market not in self._begun:
            self._begun.add(market)
            self._tell_missed(market, agenda, now_ns)

        def is_done(name: str, slot_ns: int) -> bool:
            return self.slots.has(_key(name, market), slot_ns)

        self._see_through(station, now_ns)
        asked = agenda.asked(now_ns, is_done)
        if market in self.fitted:
            asked[KAPPA_MICRO], asked[INTENSITY_MICRO] = self.fitted[market]
        tell(station, self.over(market, asked), now_ns)
        running = agenda.running(now_ns, is_done)
        if running is not None:
            self._running[market] = running

    def _see_through(self, station: Station, now_ns: int) -> None:
        """Keep in the ledger that the move which ran is over, and say how it ended."""
        if station.name not in self._running:
            return
        slot_ns, move = self._running[station.name]
        is_finished = station.worker.market.desk.scheduled.moved_s * S_NS >= slot_ns
        if not is_finished and now_ns < slot_ns + move.within_s * S_NS:
            return
        del self._running[station.name]
        market = station.worker.market
        size = market.instrument.size_base(market.desk.orders.position_lots)
        ended = "done" if is_finished else f"not done within {move.within_s} s"
        told = f"{_named(move, slot_ns)}: {ended}; position {size} {market.instrument.base}"
        self.slots.claim(
            _key(move.name, station.name),
            slot_ns,
            now_ns,
            lambda: self.warn(now_ns, station.name, told),
        )

    def _tell_missed(self, market: str, agenda: Agenda, now_ns: int) -> None:
        """Say which moves had their whole time while no process of this deploy ran."""
        for move in agenda.moves:
            key = _key(move.name, market)
            slot_ns = move.last_slot_ns(now_ns)
            if slot_ns is None or not self.slots.knows(key) or self.slots.has(key, slot_ns):
                continue
            if slot_ns + move.within_s * S_NS <= now_ns < slot_ns + TOLD_FOR_NS:
                told = f"{_named(move, slot_ns)}: missed; nobody ran within {move.within_s} s"
                self.warn(now_ns, market, told)


def tell(station: Station, asked: Sequence[int], now_ns: int) -> None:
    """Hand over the numbers that a market's desk has otherwise, as one batch."""
    has = station.worker.market.desk.scheduled.asked
    rows = MarketRows()
    for number, value in enumerate(asked):
        if has[number] != value:
            rows.add(SCHEDULED, number, value, now_ns, now_ns)
    if rows:
        station.take(rows, now_ns)


def _key(name: str, market: str) -> str:
    return f"{name}@{market}"


def _named(move: Move, slot_ns: int) -> str:
    moment = datetime.fromtimestamp(slot_ns / S_NS, UTC)
    return f"schedule.{move.name} of {moment:%Y-%m-%d %H:%M} UTC"
