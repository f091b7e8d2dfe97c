"""A spot wallet leans to its target, sells only what it holds and buys only what it can pay."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from runner.engine.worker import Worker
from tests.deploys import settings_for
from tests.sessions import run_session

BID_LOTS, ASK_LOTS = 4, 5
SPOT = ("market=btc_spot", "kappa=6", "duration_s=60", "strategy.fill_lockout_ms=0")


def test_a_balanced_wallet_quotes_both_sides_and_never_goes_short(tmp_path: Path) -> None:
    worst = []

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        orders = workers[0].market.desk.orders
        assert orders.position_lots - orders.exposed_lots[1] >= 0
        assert orders.cash_tick_lots >= 0
        worst.append(abs(workers[0].market.desk.quotes.inventory_clips))

    finished = run_session(settings_for(*SPOT), tmp_path, look=look)
    desk = finished.built.workers[0].market.desk
    assert finished.code == 0
    assert desk.tally.places > 10
    assert max(worst) < 5
    assert len(finished.built.workers[0].history.fills["ticks"]) > 0


def test_a_wallet_without_base_only_buys_towards_its_target(tmp_path: Path) -> None:
    settings = settings_for(
        *SPOT,
        "markets.btc_spot.wallet_base=0.00001",
        "markets.btc_spot.wallet_quote=20000",
    )
    finished = run_session(settings, tmp_path)
    worker = finished.built.workers[0]
    first = next(row for row in worker.history.series if row[BID_LOTS] > 0)
    assert first[ASK_LOTS] == 0
    bought = worker.market.instrument.size_base(worker.market.desk.orders.position_lots)
    assert bought >= Decimal("0.00001")


def test_a_wallet_without_quote_places_no_bid(tmp_path: Path) -> None:
    settings = settings_for(
        *SPOT, "markets.btc_spot.wallet_base=0.2", "markets.btc_spot.wallet_quote=1"
    )
    finished = run_session(settings, tmp_path)
    first = next(row for row in finished.built.workers[0].history.series if row[ASK_LOTS] > 0)
    assert first[BID_LOTS] == 0
