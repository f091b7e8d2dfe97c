"""A ledger of an older layout keeps every row; one that dies on the way is still the old one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.errors import MmrunnerError
from connectors.model.events import BUY
from connectors.numbered import Bound
from runner.engine.ledger.entries import Intent, PairKept, RateKept, Steered
from runner.engine.ledger.schema import prepare
from runner.engine.ledger.store import Store
from runner.engine.ledger.tables import MIGRATIONS, VERSION
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, rows

V1 = Path(__file__).with_name("ledger_v1.sql")


def old_ledger(directory: Path) -> Path:
    path = directory / "x.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(V1.read_text(encoding="utf-8"))
    return path


def test_every_row_of_layout_1_is_there_in_the_newest(tmp_path: Path) -> None:
    path = old_ledger(tmp_path)
    store = Store(path, {MARKET: TERMS})
    assert store.open_orders(MARKET) == (7,)
    assert (store.last_client_id(MARKET), store.cursor(MARKET, ACCOUNT)) == (8, 2)
    assert (store.position_lots(MARKET, ACCOUNT), store.position_lots(MARKET, "old")) == (1, 9)
    fills = rows(store, "fills")
    assert [row["fee"] for row in fills] == ["-0.00001", "-0.00002", "0.4"]
    told = {(row["fee_source"], row["fee_reporting"], row["kind"]) for row in fills}
    assert told == {("schedule", None, "own")}
    (note,) = rows(store, "audit")
    assert (note["ns"], note["who"], note["what"]) == (25, "runner", "order 7 was silent")
    assert rows(store, "sessions")[0]["exit"] == 0
    store.close()


def test_a_migrated_ledger_has_the_layout_of_a_new_one(tmp_path: Path) -> None:
    def layout(store: Store) -> dict[str, list[tuple[object, ...]]]:
        names = store._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {n: store._db.execute(f"PRAGMA table_info({n})").fetchall() for (n,) in names}

    migrated = Store(old_ledger(tmp_path), {MARKET: TERMS})
    new = Store(None, {MARKET: TERMS})
    assert layout(migrated) == layout(new)
    migrated.close()


def test_the_older_file_is_kept_beside_it(tmp_path: Path) -> None:
    Store(old_ledger(tmp_path), {MARKET: TERMS}).close()
    with closing(sqlite3.connect(tmp_path / "x.v1.sqlite")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT text FROM audit").fetchall() == [("order 7 was silent",)]


def test_orders_of_layout_5_have_no_promise_and_later_ones_do(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    store = Store(path, {MARKET: TERMS})
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    store.close()
    with closing(sqlite3.connect(path)) as db:
        for column in ("key_index", "nonce_below"):
            db.execute(f"ALTER TABLE orders DROP COLUMN {column}")
        for table in ("pairs", "rates", "commands"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 5")
        db.commit()
    store = Store(path, {MARKET: TERMS})
    store.apply(Intent(MARKET, 8, BUY, 100, 5, 1, Bound(4, 1_000)))
    assert store.open_orders(MARKET) == (7, 8)
    assert store.bounds(MARKET) == {8: Bound(4, 1_000)}
    store.close()


def test_a_ledger_of_layout_7_learns_what_pairs_remember(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    Store(path, {MARKET: TERMS}).close()
    with closing(sqlite3.connect(path)) as db:
        for table in ("pairs", "rates"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 7")
        db.commit()
    store = Store(path, {MARKET: TERMS})
    assert store.pairs() == {}
    for rate in ("0.0001", "0.0003"):
        store.apply(RateKept(MARKET, 50, rate, 8))
    store.apply(RateKept(MARKET, 40, "-0.0002", 8))
    store.apply(PairKept("btc", "{}", 1))
    store.apply(PairKept("btc", '{"a": 1}', 2))
    assert store.pairs() == {"btc": '{"a": 1}'}
    assert store.rates(MARKET, 0) == [(40, -0.0002, 8), (50, 0.0003, 8)]
    assert store.rates(MARKET, 41) == [(50, 0.0003, 8)]
    store.close()


@pytest.mark.parametrize("statements", range(1, MIGRATIONS[1].count(";")))
def test_a_migration_that_dies_leaves_the_old_one_whole(tmp_path: Path, statements: int) -> None:
    path = old_ledger(tmp_path)
    cut = ";".join(MIGRATIONS[1].split(";")[:statements]) + "; SELECT dies();"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as db,
        pytest.raises(sqlite3.OperationalError, match="dies"),
    ):
        prepare(db, path, VERSION, {1: cut})
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT COUNT(*) FROM fills").fetchone() == (3,)
        assert db.execute("SELECT text FROM audit").fetchone() == ("order 7 was silent",)
    Store(path, {MARKET: TERMS}).close()


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = old_ledger(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    expected = f"expected version {VERSION} or older, was {VERSION + 1}"
    with pytest.raises(MmrunnerError, match=expected):
        Store(path, {MARKET: TERMS})
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.sqlite"]


def test_a_ledger_of_layout_6_takes_commands_from_now_on(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    Store(path, {MARKET: TERMS}).close()
    with closing(sqlite3.connect(path)) as db:
        for table in ("pairs", "rates", "commands"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 6")
        db.commit()
    store = Store(path, {MARKET: TERMS})
    words = ("ada", "operate", 1000, "pause", MARKET, "", "", "", True, "paused")
    store.apply(Steered("one", 1, *words))
    store.apply(Steered("one", 2, *words))
    store.apply(Steered("two", 3, "bob", *words[1:3], "resume", "all", "", "", "", False, "no"))
    assert store.last_commands(5) == [("one", True, "paused"), ("two", False, "no")]
    assert (store.paused_by(MARKET, "all"), store.paused_by("other", "all")) == ("ada", "")
    store.apply(Steered("three", 4, "bob", *words[1:3], "resume", "all", "", "", "", True, "ok"))
    assert store.paused_by(MARKET, MARKET) == "ada", "not meant by a command to all"
    assert store.paused_by(MARKET, "all") == ""
    store.close()
