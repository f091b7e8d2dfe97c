"""What the simulated account says of itself is what its trades add up to."""

import random
from pathlib import Path

from connectors.model.events import ACCEPTED, BUY, FILLED, MAKER, SELL
from connectors.sim.account import PaperAccount

MARKET = "btc"


def test_a_standing_is_the_sum_of_the_trades_before_and_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite"
    rng = random.Random(3)
    books = PaperAccount(path)
    position = cash = 0
    for k in range(1, 201):
        side, ticks, lots = rng.choice((BUY, SELL)), rng.randint(900, 1100), rng.randint(1, 9)
        books.record(MARKET, ACCEPTED, 2048 * k, side, ticks, lots, 0, 0, k)
        books.record(MARKET, FILLED, 2048 * k, side, ticks, lots, MAKER, k, k)
        signed = lots if side == BUY else -lots
        position += signed
        cash -= signed * ticks
        if k % 50 == 0:
            books.close()
            books = PaperAccount(path)
        found = books.standing(MARKET)
        assert (found.position_lots, found.cash_tick_lots) == (position, cash)
        assert (found.last_trade_id, found.last_client_id) == (k, 2048 * k)
    assert books.standing("eth").position_lots == 0
    books.close()
