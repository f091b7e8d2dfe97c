"""Tell the truth about a running deploy: green, or red with everything that is wrong.

It knows nothing but what it is fed, so a task that no longer beats and a loop that is blocked show
by their silence. Whoever reads a verdict from a file has to look at its age for the same reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

SECOND_NS = 1_000_000_000
LATE_NS = 2 * SECOND_NS
"""How late the process may come to its own work where no limit of its own is set."""
QUIET_NS = 30 * SECOND_NS
"""How old the last frame of a market may be where no limit of its own is set."""


@dataclass(frozen=True, slots=True)
class Health:
    """A verdict. `findings` are lines for a person; green has none."""

    ok: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarketState:
    """What a market is in. `frame_ns` is when data last came, `held` names causes from outside.

    `unknown_orders` wait for an answer, `unresolved_orders` have for too long. `looked_ns` is when
    its ledger was last compared with the venue, `orders_left` what is left of a venue's quota of
    new orders, and `places_none` tells that it is too little to place any. `liquidation` says how
    near its position is to that, and nothing while it is far.
    """

    is_whole: bool
    is_halted: bool
    is_suspended: bool
    held: tuple[str, ...]
    unknown_orders: int
    unresolved_orders: int
    frame_ns: int
    looked_ns: int
    orders_left: int | None = None
    places_none: bool = False
    liquidation: str = ""


@dataclass(slots=True)
class Vitals:
    """What is known of a deploy's parts; `beat` and the fields are set by whoever sees them.

    `failed` are tasks that are not running. `fault`, `kill` and `overdue` are empty while well.
    """

    most_late_ns: int = 0
    most_quiet_ns: int = 0
    most_unlevel_ns: int = 10 * SECOND_NS
    markets: dict[str, MarketState] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    late_ns: int = 0
    is_late: bool = False
    fault: str = ""
    kill: str = ""
    overdue: tuple[str, ...] = ()
    _beats: dict[str, tuple[int, int]] = field(default_factory=dict)

    def beat(self, task: str, now_ns: int, longest_ns: int) -> None:
        """Note that a task runs, and within which time it will say so again."""
        self._beats[task] = (now_ns, longest_ns)

    def verdict(self, now_ns: int) -> Health:
        """Judge."""
        findings = (*self._of_process(now_ns), *self._of_markets(now_ns))
        return Health(not findings, findings)

    def _of_process(self, now_ns: int) -> Iterable[str]:
        if self.kill:
            yield f"killed: {self.kill}"
        if self.fault:
            yield f"stopping for a fault: {self.fault}"
        for task in self.failed:
            yield f"{task}: failed and does not run"
        for task, (beat_ns, longest_ns) in self._beats.items():
            if now_ns - beat_ns > longest_ns and task not in self.failed:
                yield f"{task}: has not run for {_s(now_ns - beat_ns)}"
        if self.is_late or self.late_ns > (self.most_late_ns or LATE_NS):
            yield f"{_s(self.late_ns)} late to our own work"
        for job in self.overdue:
            yield f"job {job}: overdue"

    def _of_markets(self, now_ns: int) -> Iterable[str]:
        for name, market in self.markets.items():
            for text in _wrong(market):
                yield f"{name}: {text}"
            quiet_ns = now_ns - market.frame_ns
            if quiet_ns > (self.most_quiet_ns or QUIET_NS):
                yield f"{name}: no market data for {_s(quiet_ns)}"
            unlevel_ns = now_ns - market.looked_ns
            if unlevel_ns > self.most_unlevel_ns:
                yield f"{name}: not compared with the venue for {_s(unlevel_ns)}"


def _wrong(market: MarketState) -> Iterable[str]:
    if market.is_halted:
        yield "halted"
    if market.is_suspended:
        yield "failed, is to be started again"
    if not market.is_whole:
        yield "a stream of the venue is broken"
    if market.held:
        yield f"held: {', '.join(market.held)}"
    if market.places_none:
        yield f"places no order: the venue takes {market.orders_left} more"
    if market.liquidation:
        yield market.liquidation
    if market.unresolved_orders:
        yield f"{market.unresolved_orders} orders without an answer for too long"


def _s(ns: int) -> str:
    return f"{ns / SECOND_NS:.1f} s"
