"""Take markets to flat because a person asks for it, in the words in which the clock asks for it.

The numbers of a move go over those of the market's agenda while it runs, as SCHEDULED rows of the
market's own: they are on its tape, and replayed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.engine.station import Station
from runner.engine.steward import tell
from runner.engine.warnings import Warn
from strategies import scheduled as asks

S_NS = 1_000_000_000
STEP_MS = 1000
"""Time between two orders of a move."""


@dataclass(frozen=True, slots=True)
class Move:
    """One market's way to flat, and the numbers that ask for it."""

    station: Station
    numbers: Mapping[int, int]

    @property
    def is_done(self) -> bool:
        """Tell whether it has come to its end."""
        moved_s = self.station.worker.market.desk.scheduled.moved_s
        return moved_s >= self.numbers[asks.MOVE_S]

    def is_late(self, now_ns: int) -> bool:
        """Tell whether its time is over."""
        return now_ns >= self.numbers[asks.MOVE_UNTIL_S] * S_NS


@dataclass(slots=True)
class Moves:
    """The moves that run. `slippage_ppm` is how far beyond the touch they may take."""

    warn: Warn
    within_s: int
    slippage_ppm: int
    _running: dict[str, Move] = field(default_factory=dict)

    def begin(self, station: Station, now_ns: int) -> None:
        """Take a market to flat from now on."""
        start_s = max(now_ns // S_NS, station.worker.market.desk.scheduled.moved_s + 1)
        move = Move(
            station,
            {
                asks.MOVE_S: start_s,
                asks.MOVE_UNTIL_S: start_s + self.within_s,
                asks.FLATTENS: 1,
                asks.TOLERANCE_MILLICLIPS: 0,
                asks.STEP_MS: STEP_MS,
                asks.SLIPPAGE_PPM: self.slippage_ppm,
            },
        )
        self._running[station.name] = move
        self._tell(move, now_ns)

    def end(self, station: Station, now_ns: int) -> None:
        """Let a market's move go, where one runs."""
        move = self._running.pop(station.name, None)
        if move is not None:
            asked = list(station.worker.market.desk.scheduled.asked)
            for number in move.numbers:
                asked[number] = 0
            tell(station, asked, now_ns)

    def over(self, market: str, asked: list[int]) -> list[int]:
        """Return what is asked of a market, its move over what its agenda says."""
        move = self._running.get(market)
        if move is not None:
            for number, value in move.numbers.items():
                asked[number] = value
        return asked

    def look(self, now_ns: int) -> None:
        """Say of each move that is over how it ended; see the others through."""
        for name, move in list(self._running.items()):
            if move.is_done or move.is_late(now_ns):
                self.end(move.station, now_ns)
                self.warn(now_ns, name, f"flatten: {self._ending(move)}")
            else:
                self._tell(move, now_ns)

    def _tell(self, move: Move, now_ns: int) -> None:
        """Hand the numbers over; a desk that is made anew hears them again."""
        asked = list(move.station.worker.market.desk.scheduled.asked)
        tell(move.station, self.over(move.station.name, asked), now_ns)
        move.station.heartbeat(now_ns)

    def _ending(self, move: Move) -> str:
        market = move.station.worker.market
        size = market.instrument.size_base(market.desk.orders.position_lots)
        ended = "done" if move.is_done else f"not done within {self.within_s} s"
        return f"{ended}; position {size} {market.instrument.base}"
