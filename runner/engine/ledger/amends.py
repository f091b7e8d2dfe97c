"""Write what amends were meant, sent and proven: a row each, beside the order that they change."""

import sqlite3

from connectors.model.errors import Refusal
from connectors.model.events import AMEND_REJECTED, AMENDED, FILLED
from runner.engine.ledger.entries import Amend, AmendIntent
from runner.engine.ledger.states import AMEND_WITHHELD, NEVER_SENT, Life, State

EVIDENCE = {
    AMENDED: "amended by the venue",
    AMEND_REJECTED: "refused by the venue",
    AMEND_WITHHELD: NEVER_SENT,
    FILLED: "a trade beyond the former size",
}
"""What settles an amend, by the word that did."""
HELD_BACK = {int(r) for r in (Refusal.PACED, Refusal.UNARMED, Refusal.ACCOUNT_LIMIT)}
_OPEN = "market = ? AND client_id = ? AND evidence = ''"


def write(db: sqlite3.Connection, entry: Amend) -> None:
    """Write what is meant, with the order's terms before; or when it was sent."""
    key = (entry.market, entry.client_id)
    if isinstance(entry, AmendIntent):
        db.execute(
            "INSERT INTO amends SELECT market, client_id, (SELECT COUNT(*) FROM amends"
            " WHERE market = ?1 AND client_id = ?2), ?3, ?4, ticks, lots, ?5, NULL, NULL, NULL, '',"
            " NULL FROM orders WHERE market = ?1 AND client_id = ?2",
            (*key, entry.ticks, entry.lots, entry.now_ns),
        )
        return
    db.execute(
        f"UPDATE amends SET intent_committed_ns = ?, sent_ns = ? WHERE {_OPEN}",
        (entry.committed_ns, entry.sent_ns, *key),
    )


def conclude(
    db: sqlite3.Connection,
    key: tuple[str, int],
    life: Life,
    word: int,
    code: int | None,
    now_ns: int,
) -> None:
    """Say of an amend what settled it, once the order has but one set of terms or is over."""
    if life.asked is not None and life.state is not State.DONE:
        return
    evidence = EVIDENCE.get(word, "") if life.asked is None else ""
    if word == AMEND_REJECTED and code in HELD_BACK:
        evidence = NEVER_SENT
    db.execute(
        f"UPDATE amends SET done_ns = ?, evidence = ?, refused_code = ? WHERE {_OPEN}",
        (now_ns, evidence or f"the order ended: {life.evidence}", code, *key),
    )
