"""A pair is entered, paid for and left; its legs stay within one clip; a restart completes it."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.history import History
from runner.modes.recorded import open_recording, replay_recording
from runner.pairs.state import loaded
from strategies.funding.book import Phase
from tests import judges
from tests.deploys import KERNEL_CACHE, settings_for
from tests.runner.pairs.deals import CROSS, SPOT, Deal
from tests.support import checked
from tests.virtual import START_NS

CLIP_LOTS = 100
"""What is sent at once: 1000 at a price of 100000, in lots of 0.0001."""


def apart(deal: Deal) -> list[int]:
    return [abs(sum(lots)) for _, lots in deal.seen]


def kept(path: Path) -> str:
    with closing(sqlite3.connect(path / "ledger.sqlite")) as db:
        (state,) = db.execute("SELECT state FROM pairs").fetchone()
    return str(state)


def payments(path: Path) -> list[tuple[str, int, Decimal]]:
    with closing(sqlite3.connect(path / "ledger.sqlite")) as db:
        rows = db.execute("SELECT market, funding_ns, amount FROM funding ORDER BY funding_ns")
        return [(market, ns, Decimal(amount)) for market, ns, amount in rows]


def test_a_pair_is_entered_paid_and_left(tmp_path: Path) -> None:
    deal = Deal(tmp_path)
    finished = deal.run(60)
    (entered,), (gone,) = deal.says("enters"), deal.says("leaves")
    held = [lots for second, lots in deal.seen if entered + 12 < second < gone]
    assert finished.code == 0
    assert 17 <= gone - entered <= 19
    assert all(first == -499 and second == 499 for first, second in held)
    assert deal.seen[-1][1] == [0, 0]
    assert max(apart(deal)) <= CLIP_LOTS
    paid = payments(tmp_path)
    assert len(paid) == len({(market, ns) for market, ns, _ in paid})
    assert {market for market, _, amount in paid if amount > 0} == {"btc_leg"}
    assert {market for market, _, amount in paid if amount < 0} == {"btc_leg2"}
    assert sum(amount for _, _, amount in paid) > 0


def test_a_perpetual_is_held_against_spot_and_the_wallet_is_left_as_it_was(tmp_path: Path) -> None:
    deal = Deal(tmp_path, SPOT)
    finished = deal.run(60)
    (entered,), (gone,) = deal.says("enters"), deal.says("leaves")
    held = [lots for second, lots in deal.seen if entered + 12 < second < gone]
    assert finished.code == 0
    assert all(10 * first + second - 1 == 0 and first < 0 for first, second in held)
    assert deal.seen[-1][1] == [0, 1]


def test_a_restart_holds_on_and_books_each_payment_once(tmp_path: Path) -> None:
    deal = Deal(tmp_path)
    deal.run(35)
    before = loaded(kept(tmp_path))
    again = Deal(tmp_path)
    again.run(40, "paper.account=resume", start_s=36)
    assert before.position.direction == 1
    assert before.book.phase is Phase.HELD
    assert again.says("enters") == []
    assert len(again.says("leaves")) == 1
    assert again.seen[-1][1] == [0, 0]
    paid = payments(tmp_path)
    assert len(paid) == len({(market, ns) for market, ns, _ in paid})
    assert not loaded(kept(tmp_path)).position.is_armed


@pytest.mark.parametrize("market", ["btc_leg", "btc_leg2"])
def test_a_leg_that_is_halted_while_both_are_entered_unwinds_the_other(
    tmp_path: Path, market: str
) -> None:
    deal = Deal(tmp_path, (*CROSS, "pairs.btc.follow_s=5"))
    other = "btc_leg2" if market == "btc_leg" else "btc_leg"
    deal.due = [(24.3, lambda deal, now_ns: deal.stations[market].give_up("broken"))]
    deal.run(60)
    (begun,) = deal.says("enters")
    late = [abs(sum(lots)) for second, lots in deal.seen if second > begun + 5 + 15]
    assert max(apart(deal)) <= CLIP_LOTS
    assert max(late) == 0
    assert (
        deal.stations[other].worker.market.desk.orders.position_lots
        + deal.stations[market].worker.market.desk.orders.position_lots
        == 0
    )


@pytest.mark.slow
def test_a_venue_that_is_away_for_a_minute_is_waited_for_and_then_left(tmp_path: Path) -> None:
    deal = Deal(tmp_path)
    deal.lose("btc_leg2", 30.0, 60.0)
    deal.run(120)
    (gone,) = deal.says("leaves")
    assert gone < 50
    assert max(apart(deal)) <= CLIP_LOTS
    assert deal.seen[-1][1] == [0, 0]
    assert len(deal.says("enters")) == 1


def test_a_process_that_ends_between_the_legs_leaves_what_the_next_one_completes(
    tmp_path: Path,
) -> None:
    deal = Deal(tmp_path)
    deal.run(25.5)
    first, second = deal.seen[-1][1]
    again = Deal(tmp_path)
    again.run(12, "paper.account=resume", start_s=27)
    assert abs(first + second) == CLIP_LOTS
    assert again.says("enters") == []
    assert again.says("is reduced") == []
    assert again.seen[-1][1] == [-CLIP_LOTS, CLIP_LOTS]
    assert loaded(kept(tmp_path)).book.phase is Phase.HELD


def test_one_that_stays_away_for_longer_unwinds(tmp_path: Path) -> None:
    words = (*CROSS, "funding.rules.max_hold_h=1")
    deal = Deal(tmp_path, words)
    deal.run(25.5)
    again = Deal(tmp_path, words)
    again.run(8, "paper.account=resume", start_s=90)
    assert len(again.says("is reduced")) == 1
    assert len(again.says("is flat")) == 1
    assert again.says("enters") == []
    assert again.seen[-1][1] == [0, 0]
    assert judges.told(tmp_path / "ledger.sqlite", tmp_path / "account.sqlite") == []


def test_a_recorded_session_replays_to_the_same_decisions(tmp_path: Path) -> None:
    deal = Deal(tmp_path, ("experiment=funding_cross_venue", "record.decisions=all"))
    finished = deal.run(50)
    tapes = tmp_path / str(START_NS) / "tapes"
    settings = settings_for(
        *deal.words, "mode=replay", "tape=mmrunner", f"tape.path={tapes}", "replay.fills=recorded"
    )
    for worker in finished.built.workers:
        recording = open_recording(settings, worker.market.name)
        again = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
        assert again.agreement.first is None
        assert again.agreement.decisions == worker.market.desk.tally.decisions
        assert worker.market.desk.tally.places > 9


@given(
    seed=st.integers(1, 1_000),
    reject=st.sampled_from((0.0, 0.3)),
    drop=st.sampled_from((0.0, 0.1)),
    away=st.sampled_from((None, "btc_leg", "btc_leg2")),
    cut_s=st.sampled_from((None, 25.0, 28.0, 43.0)),
)
@checked(2)
def test_legs_are_never_further_apart_than_a_clip(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    reject: float,
    drop: float,
    away: str | None,
    cut_s: float | None,
) -> None:
    judge(tmp_path_factory.mktemp("judged"), seed, reject, drop, away, cut_s)


@pytest.mark.slow
@given(
    seed=st.integers(1, 100_000),
    reject=st.sampled_from((0.0, 0.1, 0.4)),
    drop=st.sampled_from((0.0, 0.05, 0.2)),
    away=st.sampled_from((None, "btc_leg", "btc_leg2")),
    cut_s=st.none() | st.floats(24.5, 55.0),
)
@checked(40)
def test_it_holds_for_many_seeds_and_faults(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    reject: float,
    drop: float,
    away: str | None,
    cut_s: float | None,
) -> None:
    judge(tmp_path_factory.mktemp("judged"), seed, reject, drop, away, cut_s)


def judge(
    path: Path, seed: int, reject: float, drop: float, away: str | None, cut_s: float | None
) -> None:
    """Run with faults, and again where it was cut; nothing drifts, is lost, or is entered twice."""
    faults = [
        f"seed={seed}",
        f"markets.btc_leg2.venue.reject_frac={reject}",
        f"markets.btc_leg2.venue.drop_frac={drop}",
    ]
    deals = [Deal(path)]
    if away is not None:
        deals[0].lose(away, 26.0, 12.0)
    deals[0].run(cut_s or 75.0, *faults)
    if cut_s is not None:
        deals.append(Deal(path))
        deals[1].run(50, *faults, "paper.account=resume", start_s=cut_s + 2)
    assert max(max(apart(deal)) for deal in deals) <= CLIP_LOTS
    assert sum(len(deal.says("enters")) for deal in deals) == 1
    assert judges.told(path / "ledger.sqlite", path / "account.sqlite") == []
    paid = payments(path)
    assert len(paid) == len({(market, ns) for market, ns, _ in paid})
