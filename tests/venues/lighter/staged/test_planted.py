"""Bugs that adapters of this venue have shipped, planted into ours: each trips its judge."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors import lasting
from connectors.calls import Confirmed, Outcome, Refused
from connectors.lighter import account, account_feed, book
from connectors.lighter.account_state import AccountState
from connectors.lighter.commands import Command
from connectors.lighter.outcomes import Outcomes
from connectors.lighter.own_fills import OwnFills
from connectors.lighter.terms import Terms
from connectors.lighter.transactions import Create
from connectors.model.account import ABSENT, Fate
from connectors.model.events import ACCEPTED, CANCELLED
from connectors.pacing import Pacer
from connectors.socket import Limits
from runner.engine.ledger import states
from runner.engine.outbox import LedgerOutbox
from runner.engine.reconcile import Reconciler
from runner.modes import counted
from tests.stage.scenario import Scenario, faults_of
from tests.venues.common.scenario import step_of
from tests.venues.lighter.staged.scenario import WORDS, perform, read

Bug = Callable[[pytest.MonkeyPatch], None]


def ignores_the_error_of_a_cancel(patch: pytest.MonkeyPatch) -> None:
    """Take a cancel that was refused at the door for one that has worked."""
    settle = Outcomes._settle

    def ignored(self: Outcomes, command: Command, outcome: Outcome) -> None:
        settle(self, command, outcome)
        if command.is_cancel and isinstance(outcome, Refused):
            self.tell(command, CANCELLED)

    patch.setattr(Outcomes, "_settle", ignored)
    patch.setattr(Reconciler, "_look_for_strangers", lambda self, standing: None)


def takes_200_for_executed(patch: pytest.MonkeyPatch) -> None:
    """Take a create that was let in at the door for one that rests, and say so when asked."""
    settle = Outcomes._settle
    let_in: set[int] = set()
    fate = account.Account.order_fate

    async def rests(self: Any, market: Any, client_id: int) -> Fate:
        found = await fate(self, market, client_id)
        return Fate(ACCEPTED, 0) if found.kind == ABSENT and client_id in let_in else found

    def believed(self: Outcomes, command: Command, outcome: Outcome) -> None:
        settle(self, command, outcome)
        if command.is_create and isinstance(outcome, Confirmed):
            let_in.add(command.client_id)
            self.tell(command, ACCEPTED)

    patch.setattr(account.Account, "order_fate", rests)
    patch.setattr(Outcomes, "_settle", believed)
    patch.setattr(Outcomes, "on_transaction", lambda self, tx: None)


def skips_the_begin_nonce(patch: pytest.MonkeyPatch) -> None:
    """Apply an update whatever came before it."""
    patch.setattr(book, "_continues", lambda update, seen: True)


def cuts_a_price_to_sixteen_bits(patch: pytest.MonkeyPatch) -> None:
    """Hand a price to a library that takes the low bits of it and says nothing."""
    fields = Create.fields

    def cut(self: Create) -> dict[str, int]:
        return fields(replace(self, ticks=self.ticks & 0xFFFF))

    patch.setattr(Create, "fields", cut)


def knows_fills_by_their_time(patch: pytest.MonkeyPatch) -> None:
    """Take trades of the same microsecond for one."""
    seen: set[int] = set()

    def has_seen(self: Any, trade: Any) -> bool:
        known = trade.venue_ns in seen
        seen.add(trade.venue_ns)
        return known

    patch.setattr(LedgerOutbox, "has_seen", has_seen)


def takes_an_empty_list_for_flat(patch: pytest.MonkeyPatch) -> None:
    """Follow the first word of the venue on a position."""

    def judge(self: Reconciler, missing_lots: int) -> bool:
        if missing_lots:
            self._adjust(missing_lots, self.clock.now_ns())
        return missing_lots == 0

    patch.setattr(Reconciler, "_judge", judge)


def takes_open_for_fresh(patch: pytest.MonkeyPatch) -> None:
    """Take a stream that is open for one that lives."""
    patch.setattr(Terms, "limits", lambda self: Limits(max_silence_s=None))


def is_deaf_to_refusals_of_speed(patch: pytest.MonkeyPatch) -> None:
    """Do not wait where the venue has said that we are too fast."""
    patch.setattr(Pacer, "silence", lambda self, until_ns: None)


def forgets_bans(patch: pytest.MonkeyPatch) -> None:
    """Begin each start with budgets that nothing was used of."""
    patch.setattr(counted, "take_up", lambda *_: None)


def tells_every_end_as_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Take an order that the venue ends for a lack of margin for one that it never took."""
    # The adapter and the ledger both know better: both have to forget it.
    for module in (account, account_feed):
        patch.setattr(module, "after", lambda before, word: word)
    patch.setattr(states, "_was_taken", lambda life: False)


def trusts_a_stream_that_tells_nothing(patch: pytest.MonkeyPatch) -> None:
    """Never hold what is read against what was heard."""
    patch.setattr(AccountState, "compare", lambda self, *words: None)


def remembers_positions_of_another_connection(patch: pytest.MonkeyPatch) -> None:
    """Keep what was heard of a position, though a new first frame leaves it out."""

    class Kept(dict[str, int]):
        """Positions that are never forgotten."""

        def clear(self) -> None:
            """Forget nothing."""

    made = AccountState.__init__

    def remembering(self: AccountState, *words: Any) -> None:
        made(self, *words)
        self.positions = Kept()

    patch.setattr(AccountState, "__init__", remembering)


def takes_history_for_news(patch: pytest.MonkeyPatch) -> None:
    """Book again what the stream repeats of the past when a channel is asked for."""
    patch.setattr(OwnFills, "begin", lambda self, trades: False)
    patch.setattr(OwnFills, "is_news", lambda self, market, trade: True)
    patch.setattr(LedgerOutbox, "has_seen", lambda self, trade: False)


def leaves_tasks_that_are_let_go_of(patch: pytest.MonkeyPatch) -> None:
    """Take a task that was cancelled from within for one that was meant to end."""

    async def left(name: str, work: Awaitable[None]) -> None:
        await work

    patch.setattr(lasting, "lasting", left)


REFUSED_CANCELS = Scenario(
    row="cancels are refused for a while",
    fault="",
    expected="",
    script=(
        step_of(
            WORDS,
            {"when": "cancel", "after_s": 5, "until_s": 19, "times": 10**6, "do": "refuse"}
            | {"code": 21506},
        ),
    ),
)


def scenario_of(name: str) -> Scenario:
    """Return a row's scenario, or the one that only this file has."""
    return REFUSED_CANCELS if name == REFUSED_CANCELS.row else read(name)


BUGS: list[tuple[Bug, str, str]] = [
    (ignores_the_error_of_a_cancel, REFUSED_CANCELS.row, "I3"),
    (ignores_the_error_of_a_cancel, REFUSED_CANCELS.row, "I2"),
    (takes_200_for_executed, "OR-16", "I2"),
    (skips_the_begin_nonce, "MD-01", "I11"),
    (cuts_a_price_to_sixteen_bits, "OR-21", "I12"),
    (knows_fills_by_their_time, "FA-05", "I4"),
    (takes_an_empty_list_for_flat, "PO-02", "I5"),
    (takes_open_for_fresh, "MD-05", "I11"),
    (is_deaf_to_refusals_of_speed, "VA-01", "I13"),
    (forgets_bans, "VA-02", "I13"),
    (tells_every_end_as_a_refusal, "OR-25", "I3"),
    (trusts_a_stream_that_tells_nothing, "VA-08", "I2"),
    (takes_history_for_news, "FA-01", "I5"),
    (leaves_tasks_that_are_let_go_of, "PC-16", "I10"),
    (remembers_positions_of_another_connection, "PC-12", "eth"),
]


@pytest.mark.slow
def test_without_a_bug_nothing_is_found(tmp_path: Path) -> None:
    assert faults_of(REFUSED_CANCELS, perform(REFUSED_CANCELS, tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bug", "name", "law"), [pytest.param(*b, id=f"{b[0].__name__}-{b[2]}") for b in BUGS]
)
def test_a_planted_bug_trips_its_judge(
    bug: Bug, name: str, law: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    scenario = scenario_of(name)
    found = faults_of(scenario, perform(scenario, tmp_path))
    assert any(line.startswith(f"{law} ") for line in found), found
