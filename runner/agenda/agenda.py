"""Say what the clock asks of one market, as the numbers that its desk keeps.

Everything is a function of the moment. So nothing is lost with a process that dies, a loop that
hangs or a clock that steps: whoever asks again gets what holds now.
"""

from collections.abc import Callable
from dataclasses import dataclass

from runner.agenda.moments import S_NS, Moments
from runner.agenda.week import WeekHours
from strategies import scheduled as asks

IsDone = Callable[[str, int], bool]
"""Whether a move of this name and moment has come to its end before."""


def never(name: str, slot_ns: int) -> bool:
    """Say that no move is done: the desk itself remembers those of its own life."""
    return False


@dataclass(frozen=True, slots=True)
class Pause:
    """Times around moments: from `before_ns` ahead of each until `after_ns` past it."""

    name: str
    moments: Moments
    before_ns: int
    after_ns: int

    def is_on(self, now_ns: int) -> bool:
        """Tell whether the moment lies in one."""
        latest_ns = self.moments.latest_ns(now_ns + self.before_ns)
        return latest_ns is not None and now_ns < latest_ns + self.after_ns

    def may_change(self, start_ns: int, until_ns: int) -> list[int]:
        """Return when it begins and ends in a span of time, and perhaps a little around it."""
        moments = self.moments.between(start_ns - self.after_ns, until_ns + self.before_ns)
        return [at_ns for m in moments for at_ns in (m - self.before_ns, m + self.after_ns)]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to lean from each of its moments on: lots, or a worth in ticks times lots (0: lots)."""

    name: str
    moments: Moments
    lots: int
    tick_lots: int


@dataclass(frozen=True, slots=True)
class Move:
    """Moments at which the position is taken down, to flat or to the target.

    Where it `sweeps`, what hedges leaves nothing unhedged instead, in its own way.
    """

    name: str
    moments: Moments
    within_s: int
    flattens: bool
    tolerance_milliclips: int
    step_ms: int
    slippage_ppm: int
    sweeps: bool = False

    def last_slot_ns(self, now_ns: int) -> int | None:
        """Return its last moment, run or not."""
        return self.moments.latest_ns(now_ns)

    def slot_ns(self, now_ns: int) -> int | None:
        """Return the moment of the move that may run now."""
        latest_ns = self.last_slot_ns(now_ns)
        if latest_ns is None or now_ns >= latest_ns + self.within_s * S_NS:
            return None
        return latest_ns


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the clock asks of one market. Without hours it is open; with several, while one is."""

    hours: tuple[WeekHours, ...] = ()
    pauses: tuple[Pause, ...] = ()
    target: Target | None = None
    moves: tuple[Move, ...] = ()

    def asked(self, now_ns: int, is_done: IsDone = never) -> list[int]:
        """Return every number of `strategies.scheduled`, in order, as it holds at a moment."""
        numbers = [0] * asks.FIELDS
        numbers[asks.PAUSED] = int(self.is_paused(now_ns))
        target = self.target
        since_ns = None if target is None else target.moments.latest_ns(now_ns)
        if target is not None and since_ns is not None:
            numbers[asks.TARGET_S] = since_ns // S_NS
            numbers[asks.TARGET_LOTS] = target.lots
            numbers[asks.TARGET_TICK_LOTS] = target.tick_lots
        running = self.running(now_ns, is_done)
        if running is not None:
            slot_ns, move = running
            numbers[asks.MOVE_S] = slot_ns // S_NS
            numbers[asks.MOVE_UNTIL_S] = slot_ns // S_NS + move.within_s
            numbers[asks.FLATTENS] = asks.SWEEPS if move.sweeps else int(move.flattens)
            numbers[asks.TOLERANCE_MILLICLIPS] = move.tolerance_milliclips
            numbers[asks.STEP_MS] = move.step_ms
            numbers[asks.SLIPPAGE_PPM] = move.slippage_ppm
        return numbers

    def is_paused(self, now_ns: int) -> bool:
        """Tell whether hours or a pause keep the market from quoting."""
        is_closed = bool(self.hours) and not any(hours.is_open(now_ns) for hours in self.hours)
        return is_closed or any(pause.is_on(now_ns) for pause in self.pauses)

    def running(self, now_ns: int, is_done: IsDone = never) -> tuple[int, Move] | None:
        """Return the move that is to run, with its moment: the last to begin, of equals to flat."""
        begun = [
            (slot_ns, move)
            for move in self.moves
            if (slot_ns := move.slot_ns(now_ns)) is not None and not is_done(move.name, slot_ns)
        ]
        return max(begun, key=lambda one: (one[0], one[1].flattens), default=None)

    def may_change(self, start_ns: int, until_ns: int) -> list[int]:
        """Return every moment in (start_ns, until_ns] at which something else may be asked."""
        found: list[int] = []
        for hours in self.hours:
            found += hours.may_change(start_ns, until_ns)
        for pause in self.pauses:
            found += pause.may_change(start_ns, until_ns)
        if self.target is not None:
            found += self.target.moments.between(start_ns, until_ns)
        for move in self.moves:
            within_ns = move.within_s * S_NS
            begins = move.moments.between(start_ns - within_ns, until_ns)
            found += [at_ns for slot in begins for at_ns in (slot, slot + within_ns)]
        return sorted({at_ns for at_ns in found if start_ns < at_ns <= until_ns})
