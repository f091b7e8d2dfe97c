"""Mistakes with amends, planted into the runner: each trips the judge meant for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.model.events import AMEND_UNKNOWN, EXPIRED
from connectors.model.orders import SLOTS, Orders
from runner.engine import intake, risk
from runner.engine.ledger import lives
from runner.engine.ledger.states import AMEND_ASKED, Life, advance
from runner.engine.outbox import LedgerOutbox
from tests.stage.scenario import AMENDS, faults_of, perform, read

Bug = Callable[[pytest.MonkeyPatch], None]


def asked_is_done(patch: pytest.MonkeyPatch) -> None:
    """Give an order its new size in the ledger with the intent."""

    def hasty(life: Life, word: int, lots: int = 0, ticks: int = 0) -> Life:
        after = advance(life, word, lots, ticks)
        if word != AMEND_ASKED or after.asked is None:
            return after
        return replace(after, ticks=ticks, lots=lots, asked=None)

    patch.setattr(lives, "advance", hasty)


def only_the_new_size_counts(patch: pytest.MonkeyPatch) -> None:
    """Count an order that is being amended as if it had its new size already."""
    begin_amend = risk.begin_amend

    def hopeful(orders: Orders, client_id: int, ticks: int, lots: int, now_ns: int) -> None:
        slot = client_id % SLOTS
        orders.lots[slot] = min(orders.lots[slot], lots)
        begin_amend(orders, client_id, ticks, lots, now_ns)

    patch.setattr(risk, "begin_amend", hopeful)


def no_answer_is_the_end(patch: pytest.MonkeyPatch) -> None:
    """Take an order for gone whose amend was not answered."""
    apply = intake.apply

    def impatient(orders: Orders, kind: int, *rest: Any) -> None:
        apply(orders, EXPIRED if kind == AMEND_UNKNOWN else kind, *rest)

    patch.setattr(intake, "apply", impatient)


def amended_before_written(patch: pytest.MonkeyPatch) -> None:
    """Send an amend without a word in the ledger."""

    def hasty(self: LedgerOutbox, client_id: int, side: int, ticks: int, lots: int) -> None:
        self.venue.amend(self.market, client_id, side, ticks, lots)

    patch.setattr(LedgerOutbox, "amend", hasty)


BUGS: list[tuple[Bug, str, str]] = [
    (asked_is_done, "OR-01-amended", "I6"),
    (only_the_new_size_counts, "PO-05-amended", "I7"),
    (no_answer_is_the_end, "OR-01-amended", "I8"),
    (amended_before_written, "OR-15-amended", "I1"),
]


@pytest.mark.parametrize(
    ("bug", "row", "law"), [pytest.param(*b, id=f"{b[0].__name__}-{b[2]}") for b in BUGS]
)
def test_a_planted_bug_trips_its_judge(
    bug: Bug, row: str, law: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    scenario = read(AMENDS / f"{row}.yaml")
    lines = faults_of(scenario, perform(scenario, tmp_path))
    assert any(line.startswith(f"{law} ") for line in lines), lines
