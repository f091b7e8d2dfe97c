"""Watch a session in which two markets hedge together, and judge its every look."""

from collections.abc import Sequence
from pathlib import Path

from runner.engine.session import Session
from runner.engine.station import Station
from runner.engine.worker import Worker
from strategies import hedge_reasons as why
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS

LOT_GRAINS = 10
CLIP_GRAINS = 100
WORDS = (
    "experiment=hedged_twice",
    *("hedger=prompt", "hedge.band_base=0.004", "hedge.patience_s=0.5"),
    *("hedge.max_unhedged_quote=1500", "kappa=8", "strategy.volatility.warmup_s=2"),
)


class Watch:
    """A session in which streams break at given seconds; `unsaid` are exposures nobody told of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.due: list[tuple[float, str, bool]] = []
        self.stations: list[Station] = []
        self.nets: list[tuple[float, int]] = []
        self.unsaid: list[tuple[float, int]] = []
        self.held_s: list[float] = []

    def run(self, *words: str) -> Finished:
        """Run it on paper."""
        return run_session(
            settings_for(*WORDS, *words),
            self.path,
            account=self.path / "account.sqlite",
            ledger=self.path / "ledger.sqlite",
            look=lambda workers, now_ns: self._look(workers, now_ns, (now_ns - START_NS) * 1e-9),
            prepare=self._prepare,
        )

    def _prepare(self, session: Session) -> None:
        self.stations = [s for group in session.stations.values() for s in group]

    def _look(self, workers: Sequence[Worker], now_ns: int, second: float) -> None:
        while self.due and second >= self.due[0][0]:
            _, name, is_up = self.due.pop(0)
            next(s for s in self.stations if s.name == name).on_link(is_up, now_ns)
        maker, *hedges = (w.market.desk for w in workers)
        net = maker.orders.position_lots * LOT_GRAINS
        net += sum(desk.orders.position_lots for desk in hedges)
        self.nets.append((second, net))
        said = [desk.quotes.hedge_reasons & _SAID for desk in hedges]
        if abs(net) > hedges[0].params.hedge.band_grains and not any(said):
            self.unsaid.append((second, net))
        if maker.quotes.hedge_reasons & why.UNHEDGED:
            self.held_s.append(second)


_SAID = why.BEYOND_BAND | why.UNKNOWN_EXPOSURE
