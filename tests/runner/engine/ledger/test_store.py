"""The file keeps each fact once, exact, and survives changes of its layout."""

import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.account import ABSENT, Fee, Trade
from connectors.model.errors import MmrunnerError
from connectors.model.events import ACCEPTED, BUY, REJECTED, SELL, TAKER
from connectors.numbered import Bound
from runner.engine.ledger.entries import Fill, Intent, SessionEnd, SessionStart, Word
from runner.engine.ledger.states import TURNED_AWAY, State
from runner.engine.ledger.store import Store
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, order_row, rows, trade


def made(path: Path | None = None) -> Store:
    return Store(path, {MARKET: TERMS})


def test_nothing_lasts_until_commit(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    store = made(path)
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert reader.execute("SELECT COUNT(*) FROM orders").fetchone() == (0,)
    store.commit()
    assert reader.execute("SELECT COUNT(*) FROM orders").fetchone() == (1,)
    reader.close()
    store.close()


def test_the_file_is_flushed_at_each_commit(tmp_path: Path) -> None:
    store = made(tmp_path / "x.sqlite")
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_trade_told_twice_is_booked_once_and_a_contradiction_is_noted() -> None:
    store = made()
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    for done in (trade(1, 7, lots=2), trade(1, 7, lots=2), trade(1, 7, lots=3)):
        store.apply(Fill(MARKET, ACCOUNT, done, 9, "stream"))
    assert order_row(store, 7)["filled_lots"] == 2
    assert len(rows(store, "fills")) == 1
    (note,) = rows(store, "audit")
    assert "told twice" in note["what"]


def test_a_trade_of_an_unknown_order_is_booked_and_noted() -> None:
    store = made()
    store.apply(Fill(MARKET, ACCOUNT, trade(1, 99, side=SELL, lots=4), 9, "stream"))
    assert store.position_lots(MARKET, ACCOUNT) == -4
    assert "not ours" in rows(store, "audit")[0]["what"]


def test_fees_are_exact_text_and_a_rebate_is_negative() -> None:
    store = made()
    taken = Trade(2, 7, SELL, 100_000_001, 3, TAKER, 0)
    store.apply(Fill(MARKET, ACCOUNT, trade(1, 7), 9, "stream"))
    store.apply(Fill(MARKET, ACCOUNT, taken, 9, "stream"))
    assert [row["fee"] for row in rows(store, "fills")] == ["-0.000005", "150.0000015"]


def test_a_told_fee_keeps_its_currency_and_sign() -> None:
    store = made()
    told = replace(trade(1, 7), fee=Fee(Decimal("-0.00000010"), "BNB"))
    store.apply(Fill(MARKET, ACCOUNT, told, 9, "stream"))
    (row,) = rows(store, "fills")
    assert (row["fee"], row["fee_ccy"]) == ("-0.00000010", "BNB")


def test_accounts_do_not_mix() -> None:
    store = made()
    store.apply(Fill(MARKET, "old", trade(1, 7, lots=3), 9, "stream"))
    store.apply(Fill(MARKET, "new", trade(1, 7, lots=1), 9, "stream"))
    assert store.position_lots(MARKET, "old") == 3
    assert store.position_lots(MARKET, "new") == 1


def test_a_refusal_keeps_its_code() -> None:
    store = made()
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    store.apply(Word(MARKET, 7, REJECTED, 3, 4))
    row = order_row(store, 7)
    assert (row["state"], row["refused_code"], row["done_ns"]) == (State.DONE, 3, 4)
    assert row["evidence"] == "rejected by the venue"


def test_an_order_that_rested_is_not_one_that_was_refused() -> None:
    store = made()
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    store.apply(Word(MARKET, 7, ACCEPTED, 0, 2))
    store.apply(Word(MARKET, 7, REJECTED, 3, 4))
    row = order_row(store, 7)
    assert (row["state"], row["evidence"]) == (State.DONE, TURNED_AWAY)


def test_orders_say_which_code_and_configuration_sent_them() -> None:
    store = made()
    store.apply(SessionStart(1, "cfg", "1.2"))
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    store.apply(SessionEnd(9, 130))
    assert (order_row(store, 7)["config_hash"], order_row(store, 7)["code_version"]) == (
        "cfg",
        "1.2",
    )
    (session,) = rows(store, "sessions")
    assert (session["started"], session["ended"], session["exit"]) == (1, 9, 130)


def test_a_file_that_is_no_ledger_is_one_clear_line(tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("not a database, but long enough to be looked at as if it were one" * 20)
    with pytest.raises(MmrunnerError, match="expected a ledger that can be written"):
        made(text)
    foreign = tmp_path / "foreign.sqlite"
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE orders (x)")
    db.close()
    with pytest.raises(MmrunnerError, match="table orders already exists"):
        made(foreign)


def test_what_was_promised_of_an_order_is_known_until_its_end_is_proven(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    store = made(path)
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1, Bound(4, 1_000)))
    store.apply(Intent(MARKET, 8, BUY, 100, 5, 1, Bound(5, 2_000)))
    store.apply(Intent(MARKET, 9, BUY, 100, 5, 1))
    store.close()
    store = made(path)
    assert store.bounds(MARKET) == {7: Bound(4, 1_000), 8: Bound(5, 2_000)}
    assert store.bounds("another") == {}
    store.apply(Word(MARKET, 7, ABSENT, 0, 2))
    assert store.bounds(MARKET) == {8: Bound(5, 2_000)}
    store.close()
