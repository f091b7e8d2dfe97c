"""A ledger whose ids have the stride of fewer markets is gone on with, its open orders first."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.orders import ID_STRIDE, SLOTS, Orders
from runner.engine.ledger.states import State
from runner.engine.worker import Worker
from tests import judges
from tests.deploys import settings_for
from tests.sessions import START_NS, run_session

OLDER_STRIDE = SLOTS * 64
KILLED_NS = START_NS + 8_000_000_000
BOOKS = ("ledger", "account")
BUSY = ("market=[btc,eth]", "kappa=6", "strategy.fill_lockout_ms=0", "duration_s=9")
WARM = "strategy.volatility.warmup_s=1"


def older_id(orders: Orders, slot: int) -> int:
    return (orders.sequence + 1) * OLDER_STRIDE + orders.market_number * SLOTS + slot


def copied(source: Path, target: Path) -> None:
    """Keep books as a kill at this moment would leave them."""
    target.mkdir(exist_ok=True)
    for name in BOOKS:
        with (
            closing(sqlite3.connect(source / f"{name}.sqlite")) as db,
            closing(sqlite3.connect(target / f"{name}.sqlite")) as copy,
        ):
            db.backup(copy)


def ran(books: Path, start_ns: int, left: Path | None = None) -> int:
    """Run a session on books; leave them as they are while it runs in `left`."""

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        if left is not None and now_ns >= KILLED_NS and not left.exists():
            copied(books, left)

    books.mkdir(exist_ok=True)
    paths = {name: books / f"{name}.sqlite" for name in BOOKS}
    run = books / str(start_ns)
    return run_session(settings_for(*BUSY, WARM), run, start_ns=start_ns, look=look, **paths).code


def ids(books: Path, where: str = "1") -> dict[str, set[int]]:
    """Return each market's order ids in the ledger."""
    found: dict[str, set[int]] = {"btc": set(), "eth": set()}
    with closing(sqlite3.connect(books / "ledger.sqlite")) as db:
        for market, client_id in db.execute(f"SELECT market, client_id FROM orders WHERE {where}"):
            found[market].add(client_id)
    return found


def test_open_orders_of_the_older_stride_are_proven_and_no_id_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "left"
    with monkeypatch.context() as older:
        older.setattr("strategies.orders.next_client_id", older_id)
        ran(tmp_path / "older", START_NS, left)
    before, still_open = ids(left), ids(left, f"state < {State.DONE:d}")
    assert all(i % OLDER_STRIDE // SLOTS == 1 for i in before["eth"])
    assert any(i // OLDER_STRIDE % (ID_STRIDE // OLDER_STRIDE) for i in before["eth"])
    assert still_open["btc"]
    assert still_open["eth"]

    assert ran(left, KILLED_NS + 10**9) == 0
    assert judges.told(left / "ledger.sqlite", left / "account.sqlite") == []
    after = ids(left)
    for number, market in enumerate(("btc", "eth")):
        new = after[market] - before[market]
        assert len(new) > 3
        assert min(new) > max(before[market])
        assert {i % ID_STRIDE // SLOTS for i in new} == {number}
