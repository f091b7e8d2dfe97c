"""A restart on the same day does not give back what was lost today."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from runner.engine.history import History
from runner.engine.session import CLEAN, HALTED
from runner.engine.worker import Worker
from runner.modes.recorded import open_recording, replay_recording
from strategies import reasons as why
from strategies.trades import DAY_NS
from tests.deploys import settings_for
from tests.sessions import START_NS, Finished, run_session
from tests.support import KERNEL_CACHE

LIMIT = Decimal(1000)
MINUTE_NS = 60_000_000_000


class Loss:
    """Take a share of the daily limit from every market, once, as soon as it is marked."""

    def __init__(self, share: str) -> None:
        self._money = LIMIT * Decimal(share)
        self._done: set[str] = set()

    def __call__(self, workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            market = worker.market
            if market.limits.brakes.is_marked and market.name not in self._done:
                self._done.add(market.name)
                step = market.instrument.tick_size * market.instrument.lot_size_base
                market.limits.brakes.opening_half_tick_lots += int(self._money / step * 2)


def ran(directory: Path, loss: str, start_ns: int, *words: str) -> Finished:
    settings = settings_for(
        *("market=btc", "duration_s=12", "record.decisions=all"),
        *(f"risk.max_daily_loss_quote={LIMIT}", "risk.max_drawdown_quote=null", *words),
    )
    run = directory / str(start_ns)
    run.mkdir()
    paths = {"account": directory / "a.sqlite", "ledger": directory / "l.sqlite"}
    return run_session(settings, run, start_ns=start_ns, look=Loss(loss), **paths)


def test_two_parts_of_the_daily_limit_halt_over_a_restart(tmp_path: Path) -> None:
    first = ran(tmp_path, "0.6", START_NS)
    assert first.code == CLEAN
    second = ran(tmp_path, "0.6", START_NS + MINUTE_NS)
    assert second.code == HALTED
    assert second.built.workers[0].market.limits.brakes.halted & why.DAY_LOSS


def test_a_halt_of_today_holds_after_a_restart_and_not_tomorrow(tmp_path: Path) -> None:
    for start_ns, loss in ((START_NS, "1.1"), (START_NS + MINUTE_NS, "0")):
        finished = ran(tmp_path, loss, start_ns)
        assert finished.code == HALTED
    assert finished.built.workers[0].market.desk.tally.places == 0
    assert ran(tmp_path, "0", START_NS + DAY_NS).code == CLEAN


def test_a_used_up_notional_holds_after_a_restart_and_its_recording_replays(tmp_path: Path) -> None:
    words = ("risk.max_notional_per_day_quote=1500", "strategy.volatility.warmup_s=2", "kappa=8")
    first = ran(tmp_path, "0", START_NS, *words, "duration_s=60")
    traded = first.built.workers[0].market.desk.trades.day_notional_tick_lots
    second = ran(tmp_path, "0", START_NS + 2 * MINUTE_NS, *words)
    (worker,) = second.built.workers
    assert worker.market.desk.trades.day_notional_tick_lots == traded > 0
    assert worker.market.desk.tally.places == 0
    tapes = tmp_path / str(START_NS + 2 * MINUTE_NS) / "tapes"
    settings = settings_for(
        "mode=replay", "tape=mmrunner", f"tape.path={tapes}", "replay.fills=recorded"
    )
    recording = open_recording(settings, "btc")
    replayed = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
    assert replayed.agreement.decisions > 0
    assert replayed.agreement.differences == 0
