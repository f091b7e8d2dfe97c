"""A judge that no bug trips is worth nothing: each is shown a bug of its own."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.model.account import ABSENT, Fate, Fee
from connectors.model.errors import VenueError
from connectors.model.events import OUTCOME_UNKNOWN, REJECTED
from connectors.model.orders import SLOTS, Orders
from runner.engine import intake
from runner.engine.latch import Latch
from runner.engine.outbox import LedgerOutbox
from runner.modes import counted
from tests.stage import adapter, decode, reads
from tests.stage.adapter import StageVenue
from tests.stage.decode import Chain, payment_of
from tests.stage.reads import Reads
from tests.stage.scenario import SCENARIOS, faults_of, perform, read

Bug = Callable[[pytest.MonkeyPatch], None]


def retried_with_a_new_id(patch: pytest.MonkeyPatch) -> None:
    """Send a create again, under another id, where its outcome is not known."""
    place = StageVenue._place

    async def retried(self: Any, market: str, row: Any, words: dict[str, Any]) -> None:
        await place(self, market, row, words)
        if row[0] not in self.heard and row[0] < 1 << 40:
            again = row[0] + (1 << 40)
            await place(self, market, (again, *row[1:]), words | {"cid": again})

    patch.setattr(StageVenue, "_place", retried)


def a_failed_read_is_not_found(patch: pytest.MonkeyPatch) -> None:
    """Take an order about which nothing could be read for absent."""
    fate = Reads.order_fate

    async def guessed(self: Any, market: str, client_id: int) -> Fate:
        try:
            return await fate(self, market, client_id)
        except VenueError:
            return Fate(ABSENT, 0)

    patch.setattr(Reads, "order_fate", guessed)


def forgets_bans(patch: pytest.MonkeyPatch) -> None:
    """Begin each start with budgets that nothing was used of."""
    patch.setattr(counted, "take_up", lambda *_: None)


def rejected_after_a_while(patch: pytest.MonkeyPatch) -> None:
    """Take an order that is silent for long for rejected."""

    async def given_up(self: Any, market: str, client_id: int) -> Fate:
        return Fate(REJECTED, 0)

    patch.setattr(Reads, "order_fate", given_up)


def known_by_its_time(patch: pytest.MonkeyPatch) -> None:
    """Take trades of the same millisecond for one."""
    seen: set[int] = set()

    def has_seen(self: Any, trade: Any) -> bool:
        known = trade.venue_ns in seen
        seen.add(trade.venue_ns)
        return known

    patch.setattr(LedgerOutbox, "has_seen", has_seen)


def trusts_the_stream(patch: pytest.MonkeyPatch) -> None:
    """Read no trades, since the stream is healthy."""

    async def nothing(self: Any, market: str, trade_id: int) -> tuple[()]:
        return ()

    patch.setattr(StageVenue, "trades_after", nothing)


def counts_what_is_live(patch: pytest.MonkeyPatch) -> None:
    """Leave orders whose outcome is not known out of the exposure."""
    apply = intake.apply

    def forgetful(orders: Orders, kind: int, client_id: int, *rest: Any) -> None:
        apply(orders, kind, client_id, *rest)
        slot = client_id % SLOTS
        if kind == OUTCOME_UNKNOWN and orders.client_id[slot] == client_id:
            orders.exposed_lots[slot * 2 // SLOTS] -= orders.open_lots[slot]
            orders.open_lots[slot] = 0

    patch.setattr(intake, "apply", forgetful)


def sent_before_written(patch: pytest.MonkeyPatch) -> None:
    """Send an order first, and write it a moment later."""
    place = LedgerOutbox.place

    def hasty(self: Any, *words: Any) -> None:
        self.venue.place(self.market, *words)
        asyncio.get_running_loop().call_later(0.05, place, self, *words)

    patch.setattr(LedgerOutbox, "place", hasty)


def forgets_the_latch(patch: pytest.MonkeyPatch) -> None:
    """Lift the latch at a start."""

    def lifted(self: Latch) -> None:
        self.path.unlink(missing_ok=True)

    patch.setattr(Latch, "refuse", lifted)


def cancels_in_line(patch: pytest.MonkeyPatch) -> None:
    """Let a cancel wait until all creates before it are answered."""
    cancel = StageVenue._cancel

    async def in_line(self: Any, market: str, client_id: int) -> None:
        others = [t for t in self._tasks if t.get_coro().__name__ == "_place"]
        await asyncio.gather(*others)
        await cancel(self, market, client_id)

    patch.setattr(adapter, "TIMEOUT_S", 300.0)
    patch.setattr(StageVenue, "_cancel", in_line)


def skips_the_sequence(patch: pytest.MonkeyPatch) -> None:
    """Take a frame whatever came before it, and a book whether or not it is sound."""
    take = Chain.take

    def careless(self: Chain, words: dict[str, Any], rows: Any, recv_ns: int) -> bool:
        if self.last is not None:
            words = words | {"prev": self.last}
        return take(self, words, rows, recv_ns)

    patch.setattr(Chain, "take", careless)
    patch.setattr(Chain, "_is_sound", lambda self: True)


def open_is_fresh(patch: pytest.MonkeyPatch) -> None:
    """Take a stream that is open for one that lives."""
    patch.setattr(adapter, "MOST_SILENCE_S", None)


def fee_in_quote(patch: pytest.MonkeyPatch) -> None:
    """Take every fee for one in the quote currency."""

    def forced(amount: Any, currency: str) -> Fee:
        return Fee(amount, "USDT")

    patch.setattr(decode, "Fee", forced)


def paid_once_a_time(patch: pytest.MonkeyPatch) -> None:
    """Take payments of the same time for one, as if venues paid but once on the hour."""

    def by_its_time(of: Any, words: dict[str, Any]) -> Any:
        return replace(payment_of(of, words), payment_id=str(words["ts"]))

    patch.setattr(reads, "payment_of", by_its_time)


BUGS: list[tuple[Bug, str, str]] = [
    (retried_with_a_new_id, "OR-01", "I8"),
    (retried_with_a_new_id, "OR-01", "I1"),
    (a_failed_read_is_not_found, "OR-06", "I3"),
    (rejected_after_a_while, "OR-01", "I3"),
    (known_by_its_time, "FA-05", "I4"),
    (trusts_the_stream, "FA-02", "I4"),
    (counts_what_is_live, "PO-05", "I7"),
    (sent_before_written, "OR-01", "I1"),
    (forgets_the_latch, "PC-08", "I10"),
    (cancels_in_line, "VA-05", "I10"),
    (skips_the_sequence, "MD-01", "I11"),
    (open_is_fresh, "MD-05", "I11"),
    (fee_in_quote, "FA-08", "I18"),
    (paid_once_a_time, "FA-11", "I18"),
    (forgets_bans, "VA-02", "I13"),
]


@pytest.mark.parametrize(
    ("bug", "row", "invariant"), [pytest.param(*b, id=f"{b[0].__name__}-{b[2]}") for b in BUGS]
)
def test_a_bug_trips_its_judge(
    bug: Bug, row: str, invariant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    scenario = read(SCENARIOS / f"{row}.yaml")
    found = faults_of(scenario, perform(scenario, tmp_path))
    assert any(line.startswith(invariant + " ") for line in found), found
