"""A pair is entered, paid for and left; its legs stay within one clip; a restart completes it."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from runner.pairs.state import loaded
from strategies.funding.book import Phase
from tests.runner.pairs.deals import CROSS, SPOT, Deal

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


def test_a_venue_that_is_away_for_a_minute_is_waited_for_and_then_left(tmp_path: Path) -> None:
    deal = Deal(tmp_path)
    deal.lose("btc_leg2", 30.0, 60.0)
    deal.run(120)
    (gone,) = deal.says("leaves")
    assert gone < 50
    assert max(apart(deal)) <= CLIP_LOTS
    assert deal.seen[-1][1] == [0, 0]
    assert len(deal.says("enters")) == 1
