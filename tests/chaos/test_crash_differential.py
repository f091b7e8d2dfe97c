"""Whenever a process dies, recovery leads to the one state that the venue's books ask for."""

import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.failpoints import Point, arm
from runner.engine.latch import Latch
from runner.engine.ledger.entries import Adjustment, Cursor
from runner.engine.ledger.store import Store
from runner.engine.level import Level, level
from runner.engine.session import HALTED, Session
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from runner.modes import deploy
from tests import judges
from tests.chaos.books import RECOVERED_NS, Books, Camera, Died, differential, recover
from tests.deploys import settings_for
from tests.sessions import START_NS, Finished, run_session
from tests.support import memory_directory

BUSY = (
    *("kappa=6", "strategy.fill_lockout_ms=0", "strategy.volatility.warmup_s=0"),
    *("record.tape=false", "record.decisions=none", "duration_s=30"),
    *("markets.btc.synthetic.taker_per_s=30", "markets.eth.synthetic.taker_per_s=30"),
)
FAULTS = ("venue.drop_frac=0.1", "venue.reject_frac=0.1", "venue.response_latency_ms=300")
TIMES = (1, 5)
WHILE_RUNNING = tuple(point for point in Point if point not in (Point.RECON_MID, Point.KILL_MID))
LATER_NS = RECOVERED_NS + 10**15


class Shoot:
    """Run a deploy with a camera that also takes pictures at random moments."""

    def __init__(self, directory: Path, *words: str, kill_after_s: float | None = None) -> None:
        self.settings = settings_for(*BUSY, *words)
        self.books = Books.in_(directory / "run")
        self.latch = Latch(directory / "one.kill", "one")
        self.camera = Camera(self.books, directory / "pictures", TIMES)
        self._rng = random.Random(5)
        self._kill_ns = None if kill_after_s is None else START_NS + int(kill_after_s * 1e9)
        self._session: list[Session] = []

    def run(self) -> Finished:
        """Run it to its end."""
        return run_session(
            self.settings,
            self.books.ledger.parent / "files",
            account=self.books.account,
            ledger=self.books.ledger,
            look=self._look,
            prepare=self._prepare,
        )

    def _prepare(self, session: Session) -> None:
        session.latch = self.latch
        self._session.append(session)
        arm(self.camera)

    def _look(self, workers: Sequence[Worker], now_ns: int) -> None:
        if self._rng.random() < 0.004:
            self.camera.take(f"at-{now_ns - START_NS}")
        if self._kill_ns is not None and now_ns >= self._kill_ns:
            self._kill_ns = None
            self._session[0].kill("a test", "fire")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Yield a directory in memory, where there is one: else these tests wait for the disk."""
    with TemporaryDirectory(dir=memory_directory()) as directory:
        yield Path(directory)


@pytest.fixture(scope="module")
def plain() -> Iterator[Shoot]:
    with TemporaryDirectory(dir=memory_directory()) as directory:
        shoot = Shoot(Path(directory))
        assert shoot.run().code == 0
        yield shoot


def died_everywhere(shoot: Shoot, scratch: Path) -> None:
    assert judges.told(shoot.books.ledger, shoot.books.account) == []
    pictures = shoot.camera.pictures
    assert {name.rpartition("-")[0] for name in pictures} >= {*map(str, WHILE_RUNNING), "at"}
    for name, books in pictures.items():
        assert differential(books, shoot.settings, scratch / name) == [], name


def test_every_moment_of_death_is_recovered_to_the_same_books(plain: Shoot, scratch: Path) -> None:
    died_everywhere(plain, scratch)


def test_so_is_every_moment_with_a_slow_venue_that_loses_and_refuses(scratch: Path) -> None:
    shoot = Shoot(scratch, *FAULTS)
    shoot.run()
    died_everywhere(shoot, scratch)


def test_a_deploy_that_dies_while_it_is_killed_stays_killed(scratch: Path) -> None:
    shoot = Shoot(scratch, kill_after_s=20.0)
    assert shoot.run().code == HALTED
    died = shoot.camera.pictures["kill_mid-1"]
    assert shoot.latch.is_set()
    assert differential(died, shoot.settings, scratch / "copies") == []


@pytest.mark.parametrize("point", [Point.SENT, Point.FILL_HALF_TX, Point.STOP_MID])
def test_a_deploy_goes_on_from_where_it_died(plain: Shoot, scratch: Path, point: Point) -> None:
    died = plain.camera.pictures[f"{point}-1"].copied(scratch)
    gone_on(died, "duration_s=20")
    assert judges.told(died.ledger, died.account) == []


def test_a_ledger_that_has_lost_its_last_commits_learns_them_again(
    plain: Shoot, scratch: Path
) -> None:
    lost = 0
    for name, died in list(plain.camera.pictures.items())[::4]:
        books = died.copied(scratch / name)
        log = books.ledger.with_name(books.ledger.name + "-wal")
        with log.open("r+b") as file:
            file.truncate(log.stat().st_size * 4 // 5)
        lost += recovered_from_loss(books, plain)
    assert lost > 0


def test_an_older_copy_of_the_ledger_is_brought_up_to_date(plain: Shoot, scratch: Path) -> None:
    for name, old in list(plain.camera.pictures.items())[::4]:
        books = old.copied(scratch / name)
        books.account.with_name(books.account.name + "-wal").unlink(missing_ok=True)
        shutil.copyfile(plain.books.account, books.account)
        recovered_from_loss(books, plain)


def gone_on(books: Books, *words: str) -> None:
    finished = run_session(
        settings_for(*BUSY, *words),
        books.ledger.parent / "files",
        account=books.account,
        ledger=books.ledger,
        start_ns=LATER_NS,
    )
    assert finished.code == 0


def recovered_from_loss(books: Books, shoot: Shoot) -> bool:
    """Recover a ledger that lost entries: fills and positions are whole, and no id comes again.

    What it lost of its orders cannot be learnt; returns whether that were any.
    """
    rest = (judges.invented_fills, judges.lost_fills, judges.positions, judges.open_orders)
    recover(books, shoot.settings)
    assert judges.told(books.ledger, books.account, *rest) == []
    unwritten = judges.told(books.ledger, books.account, judges.unwritten_orders)
    gone_on(books, "duration_s=2")
    assert judges.told(books.ledger, books.account, *rest, judges.doubles) == []
    again = judges.told(books.ledger, books.account, judges.unwritten_orders)
    assert again == unwritten
    return bool(unwritten)


async def adjusting_level(
    market: str, venue: Venue, store: Store, clock: Clock, warn: Warn
) -> Level:
    """Put something right at every start."""
    standing = await venue.standing(market)
    store.apply(Adjustment(market, standing.account, 1, "to be sure", clock.now_ns()))
    store.commit()
    return await level(market, venue, store, clock, warn)


def test_a_recovery_that_does_something_twice_is_noticed(
    plain: Shoot, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploy, "level", adjusting_level)
    died = plain.camera.pictures["fill_received-1"]
    findings = differential(died, plain.settings, scratch)
    assert "I16 recovered twice: adjustments differ" in findings
    assert any(line.startswith("I5 adjusted") for line in findings)


async def hasty_level(market: str, venue: Venue, store: Store, clock: Clock, warn: Warn) -> Level:
    """Commit the cursor, and die before the trades are booked."""
    standing = await venue.standing(market)
    store.apply(Cursor(market, standing.account, standing.last_trade_id))
    store.commit()
    raise Died


def test_a_recovery_that_lost_a_trade_is_noticed(
    plain: Shoot, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = plain.camera.pictures["fill_received-1"].copied(scratch)
    with monkeypatch.context() as hasty:
        hasty.setattr(deploy, "level", hasty_level)
        with pytest.raises(Died):
            recover(died, plain.settings)
    recover(died, plain.settings)
    findings = judges.told(died.ledger, died.account)
    assert any(line.startswith("I4 lost") for line in findings)
