"""Run a deploy with one pair on virtual time, look at it at every update, and let things happen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runner.engine.session import Session
from runner.engine.station import Station
from runner.engine.worker import Worker
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS

S_NS = 1_000_000_000
CROSS = ("experiment=funding_cross_venue", "record.decisions=none")
SPOT = ("experiment=funding_perp_spot", "record.decisions=none")


@dataclass
class Deal:
    """A session in which things happen at given seconds."""

    path: Path
    words: Sequence[str] = CROSS
    due: list[tuple[float, Callable[["Deal", int], None]]] = field(default_factory=list)
    stations: dict[str, Station] = field(default_factory=dict)
    seen: list[tuple[float, list[int]]] = field(default_factory=list)
    told: list[tuple[float, str]] = field(default_factory=list)

    def run(self, duration_s: float, *more: str, start_s: float = 0.0) -> Finished:
        start_ns = START_NS + int(start_s * S_NS)

        def look(workers: Sequence[Worker], now_ns: int) -> None:
            self.look(workers, now_ns)

        return run_session(
            settings_for(*self.words, f"duration_s={duration_s}", *more),
            self.path / str(start_ns),
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            start_ns=start_ns,
            look=look,
            prepare=self.prepare,
        )

    def prepare(self, session: Session) -> None:
        self.stations = {s.name: s for group in session.stations.values() for s in group}

        def warn(now_ns: int, market: str, text: str) -> None:
            self.told.append(((now_ns - START_NS) / S_NS, text))

        session.observer.warn = warn  # type: ignore[method-assign]

    def look(self, workers: Sequence[Worker], now_ns: int) -> None:
        second = (now_ns - START_NS) / S_NS
        while self.due and second >= self.due[0][0]:
            self.due.pop(0)[1](self, now_ns)
        self.seen.append((second, [w.market.desk.orders.position_lots for w in workers]))

    def says(self, text: str) -> list[float]:
        """Return when something was told."""
        return [second for second, told in self.told if text in told]

    def lose(self, market: str, second: float, for_s: float) -> None:
        """Let a market's streams break for a while."""

        def link(is_up: bool) -> Callable[["Deal", int], None]:
            return lambda deal, now_ns: deal.stations[market].on_link(is_up, now_ns)

        self.due += [(second, link(False)), (second + for_s, link(True))]
        self.due.sort(key=lambda item: item[0])

    def halt(self, market: str, second: float) -> None:
        """Let a market be given up, as one that failed too often."""
        self.due.append((second, lambda deal, now_ns: deal.stations[market].give_up("broken")))
        self.due.sort(key=lambda item: item[0])
