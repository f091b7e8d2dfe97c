"""A deploy's two files as a death leaves them: copied, recovered from, dumped and compared."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

from runner.engine.failpoints import Hook, Point, arm
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.settings import Settings
from tests import virtual
from tests.judges import ALL, told

CANONICAL = {
    "orders": "market, client_id, side, ticks, lots, state, filled_lots, evidence, refused_code",
    "fills": "venue, account, market, trade_id, side, client_id, ticks, lots, role, fee, venue_ns",
    "adjustments": "account, market, lots, cause",
    "cursors": "account, market, trade_id",
}
"""What two recoveries of the same files must agree upon: everything but when it was learnt."""

Dump = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Books:
    """A ledger and the simulated venue's account."""

    ledger: Path
    account: Path

    @classmethod
    def in_(cls, directory: Path) -> "Books":
        """Return the books in a directory that is made for them."""
        directory.mkdir(parents=True, exist_ok=True)
        return cls(directory / "ledger.sqlite", directory / "account.sqlite")

    def copied(self, directory: Path) -> "Books":
        """Copy the files as they lie there: a log that was not folded in comes along."""
        to = Books.in_(directory)
        for source, target in ((self.ledger, to.ledger), (self.account, to.account)):
            for suffix in ("", "-wal"):
                part = source.with_name(source.name + suffix)
                if part.exists():
                    copyfile(part, target.with_name(target.name + suffix))
        return to

    def dump(self) -> Dump:
        """Return what the ledger says, in an order of its own."""
        with closing(sqlite3.connect(self.ledger)) as db:
            return {
                table: sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall(), key=repr)
                for table, columns in CANONICAL.items()
            }


RECOVERED_NS = 1_900_000_000_000_000_000
"""When recoveries happen: after everything that a ledger of any clock here holds."""


class Died(BaseException):
    """Stands for the end of the process: nothing of the product catches it."""


class Camera:
    """A fail point's hook that copies the books at some times of some moments."""

    def __init__(self, books: Books, directory: Path, times: tuple[int, ...]) -> None:
        self.pictures: dict[str, Books] = {}
        self._books = books
        self._directory = directory
        self._times = times
        self._seen: dict[Point, int] = {}

    def __call__(self, point: Point) -> None:
        """Count the moment, and copy when it is one of the times."""
        self._seen[point] = self._seen.get(point, 0) + 1
        if self._seen[point] in self._times:
            self.take(f"{point}-{self._seen[point]}")

    def take(self, name: str) -> None:
        """Copy the books."""
        self.pictures[name] = self._books.copied(self._directory / name)


def recover(books: Books, settings: Settings, hook: Hook | None = None) -> None:
    """Bring the ledger level with the venue, as a start does before its first quote."""

    async def main(clock: virtual.VirtualClock) -> None:
        arm(hook)
        directory = books.ledger.parent
        files = DecisionFiles(directory, "none")
        markets = markets_of(settings, clock)
        built = await build(settings, clock, markets, books.account, directory, files, books.ledger)
        built.close(clock.now_ns(), 0)

    virtual.run(main, RECOVERED_NS)


def differential(books: Books, settings: Settings, scratch: Path) -> list[str]:
    """I16: recovered once, twice, and after a death inside recovery, the same; venue agreed."""
    once = books.copied(scratch / "once")
    recover(once, settings)
    found = told(once.ledger, once.account, *ALL)
    wanted = once.dump()
    for name, other in _others(books, settings, scratch):
        dump = other.dump()
        found += [f"I16 {name}: {table} differ" for table in wanted if dump[table] != wanted[table]]
    return found


def _others(books: Books, settings: Settings, scratch: Path) -> Iterator[tuple[str, Books]]:
    twice = books.copied(scratch / "twice")
    recover(twice, settings)
    recover(twice, settings)
    yield "recovered twice", twice
    for market in range(1, len(settings.markets) + 1):
        dying = books.copied(scratch / f"dying-{market}")
        camera = Camera(dying, scratch / f"died-{market}", (market,))
        _recover_and_die(dying, settings, camera, market)
        (died,) = camera.pictures.values()
        recover(died, settings)
        yield f"recovery died in market {market}", died


def _recover_and_die(books: Books, settings: Settings, camera: Camera, market: int) -> None:
    def die(point: Point) -> None:
        if point is Point.RECON_MID:
            camera(point)
            if camera.pictures:
                raise Died

    try:
        recover(books, settings, die)
    except Died:
        return
    raise AssertionError(f"recovery passed by market {market}")
