"""Every query of the page runs on a ledger, and every table has its line."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.engine.ledger.tables import TABLES
from tests.deploys import settings_for
from tests.docs.pages import blocks, read
from tests.sessions import run_session

PAGE = "docs/ledger.md"
QUERIES = [block for block in blocks(PAGE) if block.language == "sql"]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    directory = tmp_path_factory.mktemp("ledger")
    path: Path = directory / "x.sqlite"
    words = ("market=btc", "duration_s=30", "strategy.volatility.warmup_s=2", "kappa=8")
    run_session(settings_for(*words), directory, ledger=path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        yield db


@pytest.mark.parametrize("query", [block.text for block in QUERIES])
def test_a_query_runs(ledger: sqlite3.Connection, query: str) -> None:
    for statement in filter(None, map(str.strip, query.split(";"))):
        ledger.execute(statement).fetchall()


def test_the_busiest_queries_have_something_to_say(ledger: sqlite3.Connection) -> None:
    told = [len(ledger.execute(block.text).fetchall()) for block in QUERIES[2:6]]
    assert min(told) > 0


def test_every_table_has_its_line() -> None:
    tables = set(re.findall(r"CREATE TABLE (\w+)", TABLES))
    named = {name for line in read(PAGE).splitlines() for name in re.findall(r"`(\w+)`", line)}
    assert tables <= named
