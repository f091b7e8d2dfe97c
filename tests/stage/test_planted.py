"""Bugs that others have shipped, planted into the runner: each trips the judge meant for it.

Those of the venue's side, and of what is learnt from it, are in `test_judges`.
"""

from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors.model.events import CANCELLED
from connectors.pacing import Pacer
from runner.engine.ledger.store import Store
from runner.engine.reconcile import Reconciler
from runner.engine.station import Station
from strategies import orders, quoting
from strategies.desk import Desk
from strategies.units import price_ticks
from tests.stage import adapter, reads
from tests.stage.adapter import StageVenue
from tests.stage.process import Played
from tests.stage.scenario import SCENARIOS, Scenario, faults_of, perform, read, step_of
from tests.stage.truth import Moment, Request

Bug = Callable[[pytest.MonkeyPatch], None]
T_COMPARED_NS = 20_000_000_000
"""A market's position is read so often at least, while its process runs."""


def believes_one_look(patch: pytest.MonkeyPatch) -> None:
    """Take an empty list of positions for flat."""

    def judge(self: Reconciler, missing_lots: int) -> bool:
        if missing_lots:
            self._adjust(missing_lots, self.clock.now_ns())
        return missing_lots == 0

    patch.setattr(Reconciler, "_judge", judge)


def one_task_for_all(patch: pytest.MonkeyPatch) -> None:
    """Let what one market raises reach the task that serves all of them."""

    def raised(self: Station, error: Exception, *rest: Any) -> None:
        raise error

    patch.setattr(Station, "_suspend", raised)


def waits_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Compare with the venue without a timeout."""
    patch.setattr(adapter, "TIMEOUT_S", 1e6)
    patch.setattr(reads, "DEADLINE_S", 1e6)


def a_ledger_where_it_happens_to_start(patch: pytest.MonkeyPatch) -> None:
    """Keep the ledger beside each start: a relative path, and another directory every time."""
    made, starts = Store.__init__, count()

    def elsewhere(self: Store, path: Path | None, *rest: Any) -> None:
        number = next(starts)
        if path is not None and number:
            path = path.with_name(f"{number}.{path.name}")
        made(self, path, *rest)

    patch.setattr(Store, "__init__", elsewhere)


def a_price_is_cut_to_sixteen_bits(patch: pytest.MonkeyPatch) -> None:
    """Hand a price to a signer that takes the low bits of it and says nothing."""
    place = StageVenue.place

    def cut(self: StageVenue, market: str, client_id: int, side: int, ticks: int, *r: int) -> None:
        place(self, market, client_id, side, ticks & 0xFFFF, *r)

    patch.setattr(StageVenue, "place", cut)


def deaf_to_a_ban(patch: pytest.MonkeyPatch) -> None:
    """Do not heed the time that the venue has named."""
    patch.setattr(Pacer, "silence", lambda self, until_ns: None)


def a_cancel_that_failed_has_worked(patch: pytest.MonkeyPatch) -> None:
    """Ignore what comes back from a cancel."""
    cancel = StageVenue._cancel

    async def ignored(self: StageVenue, market: str, client_id: int) -> None:
        await cancel(self, market, client_id)
        self._tell(market, CANCELLED, (client_id, 0, 0, 0), 0)

    patch.setattr(StageVenue, "_cancel", ignored)


def nobody_looks_for_what_is_left(patch: pytest.MonkeyPatch) -> None:
    """Believe every cancel, and never look for orders of ours that no book has open."""
    a_cancel_that_failed_has_worked(patch)
    patch.setattr(Reconciler, "_look_for_strangers", lambda self, standing: None)


def quotes_as_if_nothing_rested(patch: pytest.MonkeyPatch) -> None:
    """Price each side by the model alone, and look for no order of ours on the other one."""

    def by_the_model(desk: Desk, side: int, level: int) -> int:
        quotes = desk.quotes
        away_bps = quotes.half_spread_bps + quotes.wider_bps[side]
        sign = 1 - 2 * side
        return round(price_ticks(desk.signals.mid_ticks, quotes.reservation_bps - sign * away_bps))

    patch.setattr(quoting, "level_ticks", by_the_model)
    patch.setattr(orders, "_crosses_own", lambda desk, side, ticks: False)


def compared_all_the_time(played: Played) -> list[str]:
    """I15: while a process runs, its position is read again and again."""
    seen_ns = list(_comparisons(played))
    return [
        f"I15 nothing was compared for {(b - a) / 1e9:.1f} s"
        for a, b in pairwise(seen_ns)
        if b - a > T_COMPARED_NS
    ]


def _comparisons(played: Played) -> Iterator[int]:
    for fact in played.truth.facts:
        is_read = isinstance(fact, Request) and fact.operation == "positions"
        if is_read or isinstance(fact, Moment):
            yield fact.ns


def scenario_of(row: str) -> Scenario:
    """Return a row's scenario."""
    return read(SCENARIOS / f"{row}.yaml")


def found(scenario: Scenario, directory: Path) -> list[str]:
    """Return all that is wrong with a play."""
    played = perform(scenario, directory)
    return [*faults_of(scenario, played), *compared_all_the_time(played)]


LOST_ANSWER = Scenario(
    row="a read is never answered",
    fault="",
    expected="",
    script=(step_of({"when": "positions", "nth": 6, "do": "drop_response"}),),
    deploy=("market=btc",),
)
CANCELS_FAIL = Scenario(
    row="no cancel works for a while",
    fault="",
    expected="",
    script=(
        step_of(
            {"when": "cancel", "after_s": 5, "until_s": 19, "times": 10**6, "do": "http"}
            | {"status": 503}
        ),
    ),
)

BUGS: list[tuple[Bug, Scenario, str]] = [
    (believes_one_look, scenario_of("PO-02"), "I5"),
    (one_task_for_all, scenario_of("PC-15"), "I14"),
    (a_price_is_cut_to_sixteen_bits, scenario_of("OR-22"), "I12"),
    (quotes_as_if_nothing_rested, scenario_of("OR-22"), "I12"),
    (deaf_to_a_ban, scenario_of("VA-02"), "I13"),
    (nobody_looks_for_what_is_left, CANCELS_FAIL, "I2"),
    (a_cancel_that_failed_has_worked, CANCELS_FAIL, "I3"),
    (waits_for_ever, LOST_ANSWER, "I15"),
    (a_ledger_where_it_happens_to_start, scenario_of("OR-23"), "I4"),
]


@pytest.mark.parametrize("scenario", [LOST_ANSWER, CANCELS_FAIL], ids=lambda s: s.row)
def test_without_a_bug_nothing_is_found(scenario: Scenario, tmp_path: Path) -> None:
    assert found(scenario, tmp_path) == []


@pytest.mark.parametrize(
    ("bug", "scenario", "law"), [pytest.param(*b, id=f"{b[0].__name__}-{b[2]}") for b in BUGS]
)
def test_a_planted_bug_trips_its_judge(
    bug: Bug, scenario: Scenario, law: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    lines = found(scenario, tmp_path)
    assert any(line.startswith(f"{law} ") for line in lines), lines
