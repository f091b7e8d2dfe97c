"""Write what becomes of orders, by the one table of transitions, and read how they stand."""

import sqlite3
from collections.abc import Callable

from connectors.model.events import AMEND_REJECTED, REJECTED
from connectors.numbered import Bound
from runner.engine.ledger import amends
from runner.engine.ledger.entries import AmendIntent, AmendSent, Note, Sent, Word
from runner.engine.ledger.states import (
    AMEND_ASKED,
    AMEND_WITHHELD,
    SENDING,
    WITHHELD,
    Asked,
    Life,
    State,
    advance,
)

_LIFE = "lots, state, filled_lots, evidence, ticks, asked_ticks, asked_lots"
_OF = "WHERE market = ? AND client_id = ?"
Tell = Callable[[Note], None]


def open_lives(db: sqlite3.Connection, market: str) -> tuple[tuple[int, int, Life], ...]:
    """Return id, side and life of the orders whose end is not proven."""
    found = db.execute(
        f"SELECT client_id, side, {_LIFE} FROM orders WHERE market = ? AND state < 6"
        " ORDER BY client_id",
        (market,),
    )
    return tuple((client_id, side, _life(*columns)) for client_id, side, *columns in found)


def bounds(db: sqlite3.Connection, market: str) -> dict[int, Bound]:
    """Return what was promised of the requests of orders whose end is not proven, by their ids."""
    found = db.execute(
        "SELECT client_id, key_index, nonce_below FROM orders"
        " WHERE market = ? AND state < 6 AND nonce_below IS NOT NULL",
        (market,),
    )
    return {client_id: Bound(key_index, below) for client_id, key_index, below in found}


def send(db: sqlite3.Connection, sent: Sent, note: Tell) -> None:
    """Write when an order was sent."""
    db.execute(
        f"UPDATE orders SET intent_committed_ns = ?, sent_ns = ? {_OF}",
        (sent.committed_ns, sent.sent_ns, sent.market, sent.client_id),
    )
    move(db, Word(sent.market, sent.client_id, SENDING, 0, sent.sent_ns), note)


def amend(db: sqlite3.Connection, entry: AmendIntent | AmendSent, note: Tell) -> None:
    """Write an amend that is meant, from which on its order has both terms; or when it was sent."""
    amends.write(db, entry)
    if isinstance(entry, AmendIntent):
        asked = (AMEND_ASKED, 0, entry.now_ns, entry.ticks, entry.lots)
        move(db, Word(entry.market, entry.client_id, *asked), note)


def move(db: sqlite3.Connection, word: Word, note: Tell) -> None:
    """Move an order by a word; one that is not ours is only noted."""
    key = (word.market, word.client_id)
    row = db.execute(f"SELECT {_LIFE} FROM orders {_OF}", key).fetchone()
    if row is None:
        text = f"word {word.word} on order {word.client_id}, which is not ours"
        note(Note(word.now_ns, word.market, text))
        return
    before = _life(*row)
    after = advance(before, word.word, word.lots, word.ticks)
    if after == before:
        return
    ended = after.state is State.DONE and before.state is not State.DONE
    _write(db, key, after, word.now_ns if ended else None)
    if word.word in (REJECTED, WITHHELD):
        db.execute(f"UPDATE orders SET refused_code = ? {_OF}", (word.code, *key))
    if before.asked is not None:
        code = word.code if word.word in (AMEND_REJECTED, AMEND_WITHHELD) else None
        amends.conclude(db, key, after, word.word, code, word.now_ns)


def _write(db: sqlite3.Connection, key: tuple[str, int], life: Life, done_ns: int | None) -> None:
    db.execute(
        "UPDATE orders SET state = ?, filled_lots = ?, evidence = ?,"
        " done_ns = COALESCE(done_ns, ?), ticks = ?, lots = ?, asked_ticks = ?, asked_lots = ?"
        f" {_OF}",
        (
            life.state,
            life.filled_lots,
            life.evidence,
            done_ns,
            life.ticks,
            life.lots,
            None if life.asked is None else life.asked.ticks,
            None if life.asked is None else life.asked.lots,
            *key,
        ),
    )


def _life(
    lots: int,
    state: int,
    filled_lots: int,
    evidence: str,
    ticks: int,
    asked_ticks: int | None,
    asked_lots: int | None,
) -> Life:
    """Return an order's life from its columns."""
    asked = None
    if asked_ticks is not None and asked_lots is not None:
        asked = Asked(asked_ticks, asked_lots)
    return Life(lots, State(state), filled_lots, evidence, ticks, asked)
