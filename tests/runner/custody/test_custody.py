"""Books are kept, proven and brought back; what leaves the machine has no secret in it."""

import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError, MmrunnerError
from runner.custody.backup import MANIFEST, make_backup, prune, read_backup, restore
from runner.custody.bundle import Bundle, files_of, last_run
from runner.custody.redact import REDACTED, Redactor, secret_names
from runner.engine.ledger.store import Store

CANARY = "canary-7f3b9e21c4"


def ledger(path: Path) -> Path:
    """Make an empty ledger."""
    Store(path, {}).close()
    return path


def noted(path: Path) -> list[str]:
    """Return the words that a test wrote into a ledger."""
    with closing(sqlite3.connect(path)) as db:
        return [text for (text,) in db.execute("SELECT text FROM test ORDER BY rowid")]


def note(path: Path, text: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE IF NOT EXISTS test (text)")
        db.execute("INSERT INTO test VALUES (?)", (text,))


def test_a_backup_of_books_that_are_being_written_has_all_that_was_committed(
    tmp_path: Path,
) -> None:
    book = ledger(tmp_path / "lab.sqlite")
    note(book, "one")
    with closing(sqlite3.connect(book, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO test VALUES ('not committed')")
        kept = make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
        writer.execute("COMMIT")
    assert noted(kept.path / "lab.sqlite") == ["one"]
    assert noted(book) == ["one", "not committed"]
    assert (kept.path / "lab.sqlite").stat().st_mode & 0o777 == 0o600


def test_what_is_restored_is_the_backup_and_what_was_there_is_kept(tmp_path: Path) -> None:
    book = ledger(tmp_path / "lab.sqlite")
    note(book, "before")
    make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    with closing(sqlite3.connect(book)) as held:
        # While somebody has it open, what is new lies in the log beside it.
        held.execute("SELECT * FROM test").fetchone()
        note(book, "after")
        aside = restore(read_backup(tmp_path / "kept"), tmp_path, "lab", "stamp")
    assert noted(book) == ["before"]
    assert tmp_path / "lab.sqlite.before-stamp" in aside
    assert noted(tmp_path / "lab.sqlite.before-stamp") == ["before", "after"]


def test_a_backup_can_become_another_deploy(tmp_path: Path) -> None:
    note(ledger(tmp_path / "lab.sqlite"), "one")
    make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    assert restore(read_backup(tmp_path / "kept"), tmp_path, "rehearsal", "stamp") == []
    assert noted(tmp_path / "rehearsal.sqlite") == ["one"]


def test_a_backup_that_has_changed_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    book = ledger(tmp_path / "lab.sqlite")
    kept = make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    content = bytearray((kept.path / "lab.sqlite").read_bytes())
    content[5000] ^= 1
    (kept.path / "lab.sqlite").write_bytes(content)
    with pytest.raises(MmrunnerError, match="expected the file that was kept"):
        read_backup(kept.path)
    assert book.is_file()


@pytest.mark.parametrize("name", ["../lab.sqlite", "/etc/passwd"])
def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, name: str) -> None:
    ledger(tmp_path / "lab.sqlite")
    kept = make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    words = json.loads((kept.path / MANIFEST).read_text())
    words["files"] = {name: next(iter(kept.files.values()))}
    (kept.path / MANIFEST).write_text(json.dumps(words))
    with pytest.raises(MmrunnerError, match="expected the file that was kept"):
        read_backup(kept.path)


def test_damaged_books_are_not_kept_as_a_backup(tmp_path: Path) -> None:
    book = ledger(tmp_path / "lab.sqlite")
    content = bytearray(book.read_bytes())
    content[:16] = b"no database here"
    book.write_bytes(content)
    with pytest.raises(MmrunnerError, match="expected books that can be read"):
        make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    with pytest.raises(ConfigError, match="expected a directory that mode=backup has made"):
        read_backup(tmp_path / "kept")


def test_a_deploy_without_books_has_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected one that has books"):
        make_backup(tmp_path, "lab", tmp_path / "kept", "0.1")
    assert not (tmp_path / "kept").exists()


def test_the_oldest_backups_go_and_nothing_else_does(tmp_path: Path) -> None:
    ledger(tmp_path / "lab.sqlite")
    backups = tmp_path / "backups"
    for stamp in ("a", "b", "c"):
        make_backup(tmp_path, "lab", backups / stamp, "0.1")
    (backups / "mine").mkdir()
    assert prune(backups, 2) == [backups / "a"]
    assert sorted(path.name for path in backups.iterdir()) == ["b", "c", "mine"]


def test_secrets_are_found_by_their_references_in_the_configuration() -> None:
    config = {"venue": {"key_env": "A_KEY"}, "list": [{"urls_env": "URLS"}], "x_env": None}
    assert set(secret_names(config)) == {"A_KEY", "URLS"}


@pytest.mark.parametrize(
    "text",
    [
        f"order sent with {CANARY}",
        f'{{"apiKey": "{CANARY}x"}}',
        f"password={CANARY}y&size=1",
        "0x" + "ab12" * 16,
        f"https://me:{CANARY}z@host/hook",
    ],
)
def test_a_secret_is_taken_out_however_it_is_spelled(text: str) -> None:
    cleaned = Redactor.of({"A_KEY": CANARY}, ["A_KEY"]).text(text.encode()).decode()
    assert CANARY not in cleaned
    assert "ab12" not in cleaned
    assert REDACTED in cleaned


def test_what_is_no_secret_stays() -> None:
    text = f'key_env: BYBIT_API_KEY\nconfig_hash: {"0f" * 32}\n"gamma": 0.2\n'.encode()
    assert Redactor.of({"BYBIT_API_KEY": CANARY}, ["BYBIT_API_KEY"]).text(text) == text


def test_a_bundle_has_the_run_and_no_secret(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "2026"
    (run / ".hydra").mkdir(parents=True)
    (run / ".hydra" / "config.yaml").write_text("deploy: lab\nvenue:\n  key_env: A_KEY\n")
    (run / "run.log").write_text(f"WARNING text='refused {CANARY}'\n")
    (run / "decisions.parquet").write_bytes(b"PAR1" + CANARY.encode())
    (tmp_path / "tapes" / "2026").mkdir(parents=True)
    (tmp_path / "tapes" / "2026" / "BTC.btc.tape").write_bytes(b"\x00" * 2000)
    assert last_run(tmp_path / "runs", "lab") == run
    assert last_run(tmp_path / "runs", "other") is None
    with tarfile.open(tmp_path / "bundle.tar.gz", "w:gz") as tar:
        bundle = Bundle(tar, Redactor.of({"A_KEY": CANARY}, ["A_KEY"]), 1000)
        for name, path in files_of(run, tmp_path / "tapes", tmp_path / "ledgers", "lab"):
            bundle.add_file(name, path)
        bundle.finish({"deploy": "lab"})
    with tarfile.open(tmp_path / "bundle.tar.gz") as tar:
        held = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
    assert set(held) == {"run/.hydra/config.yaml", "run/run.log", "manifest.json"}
    assert all(CANARY.encode() not in content for content in held.values())
    left_out = json.loads(held["manifest.json"])["left_out"]
    assert "secret" in left_out["run/decisions.parquet"]
    assert "more than bundle.most_mb" in left_out["tapes/BTC.btc.tape"]
