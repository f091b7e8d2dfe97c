"""Live deploys: what is refused before anything happens, and what unarmed and armed ones do.

A simulated venue takes the real one's place: the deploy does not know.
"""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from connectors.model.errors import ConfigError, Plan, VenueError
from connectors.pacing import Kind, Pacer, Rule, Scope
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import SimVenue
from connectors.venue import RescueWords
from runner.command import start
from runner.engine.clock import SystemClock
from runner.engine.ledger.entries import Intent
from runner.engine.ledger.kind import begin_live, require_live
from runner.engine.ledger.store import Store
from runner.engine.lock import OrdersLock, PositionLock
from runner.modes import live
from runner.modes.built import Built
from runner.modes.outcome import DecisionFiles
from runner.places import Places, RunDirectory
from runner.settings import Settings
from runner.wiring.sim import SIM, paper_venue
from tests.deploys import CHECKOUT, settings_for
from tests.sessions import Finished, run_session
from tests.support import SECOND_NS
from tests.virtual import VirtualClock

QUOTES = ("mode=live", "market=btc", "kappa=6", "strategy.fill_lockout_ms=0")


def places_in(home: Path) -> Places:
    """Return a home's places, with a directory for its ledgers."""
    places = Places(home, CHECKOUT, RunDirectory(home / "run"))
    places.made(places.ledgers)
    return places


def armed(home: Path) -> tuple[str, ...]:
    """Return the words that arm a deploy for the account that is at the venue."""
    account = PaperAccount(home / "venue.sqlite")
    name = account.standing("btc").account
    account.close()
    return ("armed=true", f"account_id={name}")


def ran(home: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Finished:
    """Run a live deploy for 20 seconds, its venue a simulated one."""
    books = home / "venue.sqlite"

    def venues_of(settings: Settings, clock: Any, path: None, warn: Any) -> dict[str, Any]:
        return {SIM: paper_venue(settings, list(settings.markets), clock, books)}

    monkeypatch.setattr(live, "venues_of", venues_of)
    settings = settings_for("duration_s=20", *QUOTES, *words)
    with ExitStack() as held:

        async def make(clock: VirtualClock, tapes: Path, files: DecisionFiles) -> Built:
            return await live.build_live(settings, places_in(home), clock, held, tapes, files)

        return run_session(settings, home / "session", make=make)


def counted(path: Path, query: str) -> int:
    """Return what a file answers."""
    with closing(sqlite3.connect(path)) as db:
        (found,) = db.execute(query).fetchone()
    return int(found)


def test_unarmed_it_says_what_it_would_send_and_nothing_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        "tests.sessions.Spectator.warn", lambda self, at, name, text: said.append(text)
    )
    finished = ran(tmp_path, monkeypatch)
    assert finished.code == 0
    would = [text for text in said if text.startswith("would place: ")]
    assert any(" buy " in f" {text} " for text in would)
    assert all(text.endswith(", post-only") for text in would)
    assert counted(tmp_path / "venue.sqlite", "SELECT COUNT(*) FROM orders") == 0
    assert list((tmp_path / "outputs" / "ledgers").iterdir()) == []


def test_armed_it_trades_and_books_in_the_ledger_that_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = places_in(tmp_path).ledger("default")
    begin_live(ledger)
    finished = ran(tmp_path, monkeypatch, *armed(tmp_path))
    assert finished.code == 0
    sent = counted(tmp_path / "venue.sqlite", "SELECT COUNT(*) FROM orders")
    assert sent == counted(ledger, "SELECT COUNT(*) FROM orders WHERE sent_ns IS NOT NULL") > 0
    assert counted(ledger, "SELECT COUNT(*) FROM orders WHERE state < 6") == 0


def test_a_venue_hears_once_that_its_deploy_is_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried: list[SimVenue] = []

    def hurry(self: SimVenue) -> None:
        hurried.append(self)

    monkeypatch.setattr(SimVenue, "hurry", hurry, raising=False)
    begin_live(places_in(tmp_path).ledger("default"))
    finished = ran(tmp_path, monkeypatch, *armed(tmp_path))
    assert hurried == list(finished.built.venues.values())


@pytest.mark.parametrize("read", ["standing", "mid_half_ticks", "order_fate"])
def test_what_a_start_has_read_counts_also_where_it_fails(
    read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = places_in(tmp_path).ledger("default")
    begin_live(ledger)
    if read == "order_fate":
        store = Store(ledger, {})
        store.apply(Intent("btc", 7, 0, 1, 1, 1))
        store.close()
    words = armed(tmp_path)
    scope = Scope("reads", (Rule(60, 60 * SECOND_NS, 0),))
    monkeypatch.setattr(SimVenue, "scopes", (scope,), raising=False)

    async def fails(self: SimVenue, *asked: object) -> None:
        Pacer(scope).try_take(7, Kind.READ, SystemClock().now_ns())
        raise VenueError("the venue wants nothing of us", Plan.HALT)

    monkeypatch.setattr(SimVenue, read, fails)
    with pytest.raises(VenueError, match="wants nothing"):
        ran(tmp_path, monkeypatch, *words)
    kept = json.loads(Store(ledger, {}).budgets()[SIM, "reads"])
    assert kept[str(60 * SECOND_NS)][1::2] == [7]


def test_sizes_in_quote_are_counted_with_the_price_of_the_venue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = ran(tmp_path, monkeypatch, "markets.btc.order_size_quote=5000")
    market = finished.built.workers[0].market
    mid = market.instrument.tick_size * market.desk.signals.mid_half_ticks / 2
    size_quote = market.instrument.size_base(market.desk.params.order_lots) * mid
    assert 4_800 < size_quote < 5_200


def test_another_account_than_the_one_named_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_live(places_in(tmp_path).ledger("default"))
    with pytest.raises(ConfigError, match=r"account_id: expected \w+, .* was somebody"):
        ran(tmp_path, monkeypatch, "armed=true", "account_id=somebody")
    assert counted(tmp_path / "venue.sqlite", "SELECT COUNT(*) FROM orders") == 0


def test_a_position_has_one_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = places_in(tmp_path)
    begin_live(places.ledger("default"))
    words = armed(tmp_path)
    name = words[1].partition("=")[2]
    other = PositionLock(places.ledgers / "owners", "sim local", name, "BTCUSDT")
    with other, pytest.raises(ConfigError, match=f"only one who trades sim local {name} BTCUSDT"):
        ran(tmp_path, monkeypatch, *armed(tmp_path))
    assert ran(tmp_path, monkeypatch, *armed(tmp_path)).code == 0


def test_one_deploy_alone_may_have_all_orders_of_an_account_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = places_in(tmp_path)
    begin_live(places.ledger("default"))
    words = armed(tmp_path)
    other = OrdersLock(places.ledgers / "owners", "sim local", words[1].partition("=")[2])
    with other:
        monkeypatch.setattr(SimVenue, "rescue", RescueWords("nobody:none", {}))
        with pytest.raises(ConfigError, match="only deploy that may cancel all orders of sim"):
            ran(tmp_path, monkeypatch, *words)
        assert ran(tmp_path, monkeypatch, *words, "watchdog.silence_s=null").code == 0


def _paper_first(home: Path) -> None:
    words = ["market=btc", "duration_s=0.2", "watch=none"]
    assert start(words, {"MMRUNNER_HOME": str(home)}) == 0


def _init(home: Path) -> None:
    assert start(["mode=init"], {"MMRUNNER_HOME": str(home)}) == 0


@pytest.mark.parametrize(
    ("before", "words", "said"),
    [
        (None, ("armed=true", "account_id=7"), "armed: expected false with mode=paper, was true"),
        (None, ("mode=live", "armed=true"), "account_id: expected the account that is to trade"),
        (None, ("mode=live",), "markets.btc.venue: expected a real venue with mode=live, was sim"),
        (
            None,
            ("mode=live", "venue=lighter", "armed=true", "account_id=7"),
            "armed: expected false on mainnet",
        ),
        (_paper_first, ("mode=init",), "ledger .*: expected none yet, there is one"),
        (_init, ("mode=init",), "ledger .*: expected none yet, there is one"),
        (_init, ("duration_s=1",), "ledger .*: expected the books of a paper deploy, was live"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: Callable[[Path], None] | None,
    words: tuple[str, ...],
    said: str,
) -> None:
    if before is not None:
        before(tmp_path)
        capsys.readouterr()
    chosen = () if any(word.startswith("market=") for word in words) else ("market=btc",)
    code = start([*words, *chosen, "watch=none"], {"MMRUNNER_HOME": str(tmp_path)})
    error = capsys.readouterr().err
    assert code == 2
    assert len(error.splitlines()) == 1
    assert re.search(said, error), error


def test_a_live_deploy_without_its_books_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the first time, run mode=init"):
        require_live(tmp_path / "default.sqlite")
