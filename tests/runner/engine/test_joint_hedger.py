"""Two markets that hedge together: one goes on for the other, and both cost no more than one."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY
from tests import judges
from tests.runner.engine.hedging_watched import CLIP_GRAINS, Watch
from tests.support import checked
from tests.virtual import START_NS

BUDGET_GRAINS = 150
FEES_BPS = {"btc_hedge": Decimal("5.5"), "btc_hedge2": Decimal("5.45")}
COMPARED = (
    *("duration_s=10", "markets.btc.order_size_quote=3000", "hedge.band_base=0"),
    *("hedge.patience_s=0", "hedge.max_unhedged_quote=null", "record.tape=false"),
    *("markets.btc_hedge2.synthetic.lag_ms=50", "markets.btc_hedge2.venue.taker_fee_bps=5.45"),
    *("markets.btc_hedge2.synthetic.touch_size_quote=1000",),
    *("markets.btc_hedge2.synthetic.level_size_quote=200",),
)
"""The second market is a little cheaper, and its book thin."""


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_one_goes_on_while_the_other_is_away(watch: Watch) -> None:
    watch.due = [(5.0, "btc_hedge2", False), (25.0, "btc_hedge2", True)]
    finished = watch.run("duration_s=30")
    first, second = finished.built.workers[1:]
    assert finished.code == 0
    assert len(watch.held_s) < 10
    assert max(abs(net) for _, net in watch.nets) <= BUDGET_GRAINS + CLIP_GRAINS
    assert len(first.history.fills["lots"]) > 3
    assert not any(5.5 < (ns - START_NS) * 1e-9 < 25 for ns in second.history.fills["venue_ns"])
    assert watch.unsaid == []
    assert judges.told(watch.path / "ledger.sqlite", watch.path / "account.sqlite") == []


def test_what_is_hedged_stands_still_once_both_are_away(watch: Watch) -> None:
    watch.due = [(5.0, name, False) for name in ("btc_hedge", "btc_hedge2")]
    watch.run("duration_s=16")
    assert watch.held_s
    assert max(abs(net) for _, net in watch.nets) <= BUDGET_GRAINS + 2 * CLIP_GRAINS
    assert watch.unsaid == []


def cost_quote(path: Path, *words: str) -> tuple[Decimal, list[int]]:
    """Return what hedging has cost beyond the mids, with what it takes to close what is held, and
    how many fills each market had."""
    path.mkdir()
    finished = Watch(path).run(*COMPARED, *words)
    cost, fills = Decimal(0), []
    for worker in finished.built.workers[1:]:
        market, rows = worker.market, worker.history.fills
        fee = FEES_BPS[market.name] / 10_000
        for side, ticks, lots, mid in zip(
            *(rows[name] for name in ("side", "ticks", "lots", "mid_half_ticks")), strict=True
        ):
            away = (2 * int(ticks) - int(mid)) * (1 if side == BUY else -1)
            cost += Decimal(away * int(lots)) / 2 + int(ticks) * int(lots) * fee
        desk = market.desk
        cost += abs(desk.orders.position_lots) * desk.book.best_bid_ticks * fee
        fills.append(len(rows["lots"]))
    return cost, fills


def test_two_hedges_cost_no_more_than_the_better_one(tmp_path: Path) -> None:
    alone = "markets.btc_hedge.hedge.join=[]"
    both, fills = cost_quote(tmp_path / "both")
    first, _ = cost_quote(tmp_path / "first", alone)
    second, _ = cost_quote(tmp_path / "second", alone, "markets.btc.hedge.market=btc_hedge2")
    assert min(fills) > 1
    assert both <= min(first, second)


@pytest.mark.slow
@given(
    seed=st.integers(1, 100_000),
    rejects=st.tuples(st.sampled_from((0.0, 0.4)), st.sampled_from((0.0, 0.4))),
    drop=st.sampled_from((0.0, 0.05, 0.2)),
    away=st.sampled_from((None, "btc_hedge", "btc_hedge2")),
    route=st.sampled_from(("best_price", "min_cost", "split")),
)
@checked(20)
def test_it_holds_for_many_seeds_and_faults(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    rejects: tuple[float, float],
    drop: float,
    away: str | None,
    route: str,
) -> None:
    watch = Watch(tmp_path_factory.mktemp("judged"))
    watch.due = [(15.0, away, False), (40.0, away, True)] if away else []
    finished = watch.run(
        *(f"seed={seed}", "duration_s=60", f"hedge.route={route}"),
        *(f"markets.btc_hedge.venue.reject_frac={rejects[0]}",),
        *(f"markets.btc_hedge2.venue.reject_frac={rejects[1]}",),
        *(f"markets.btc_hedge2.venue.drop_frac={drop}",),
    )
    assert finished.code == 0
    assert watch.unsaid == []
    assert max(abs(net) for _, net in watch.nets) <= BUDGET_GRAINS + 2 * CLIP_GRAINS
    assert judges.told(watch.path / "ledger.sqlite", watch.path / "account.sqlite") == []
