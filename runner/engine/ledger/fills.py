"""Book a fill once, with what it cost, and follow the position."""

import sqlite3
from collections.abc import Callable
from decimal import Decimal

from connectors.model.account import Fee, Trade
from connectors.model.events import BUY, MAKER
from runner.engine.ledger.entries import (
    EXTERNAL,
    FEE_SCHEDULED,
    FEE_TOLD,
    OWN,
    Fill,
    Note,
    Terms,
)
from runner.engine.rates import Rates

BPS = Decimal(10_000)
KEY = "venue = ? AND account = ? AND market = ? AND trade_id = ? AND side = ?"


def book(
    db: sqlite3.Connection, terms: Terms, rates: Rates, fill: Fill, note: Callable[[Note], None]
) -> bool:
    """Write a trade; tell whether it was new. A fee that comes later replaces the schedule's."""
    trade = fill.trade
    key = (terms.venue, fill.account, fill.market, trade.trade_id, trade.side)
    body = (trade.client_id, trade.ticks, trade.lots, trade.role)
    fee = trade.fee or _scheduled(terms, trade)
    done = db.execute(
        "INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (
            *key,
            *body,
            f"{fee.amount:f}",
            fee.currency,
            trade.venue_ns,
            fill.recv_ns,
            fill.source,
            FEE_TOLD if trade.fee else FEE_SCHEDULED,
            _text(converted(fee, terms, trade.ticks, rates)),
            OWN if trade.client_id else EXTERNAL,
        ),
    )
    if done.rowcount:
        signed_lots = trade.lots if trade.side == BUY else -trade.lots
        move(db, fill.account, fill.market, signed_lots)
        return True
    _compare(db, key, body, fill, note)
    if trade.fee is not None:
        _replace_fee(db, terms, rates, key, trade.fee, fill, note)
    return False


def move(db: sqlite3.Connection, account: str, market: str, lots: int) -> None:
    """Change the position that all fills and adjustments add up to."""
    db.execute(
        "INSERT INTO positions VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET lots = lots + excluded.lots",
        (account, market, lots),
    )


def converted(fee: Fee, terms: Terms, ticks: int, rates: Rates) -> Decimal | None:
    """Return a fee in the reporting currency; None where no rate is known.

    A fee in base is worth the fill's own price, in quote.
    """
    rate = rates.of(fee.currency)
    if rate is not None:
        return fee.amount * rate
    quote = rates.of(terms.currency)
    if fee.currency != terms.base or quote is None:
        return None
    return fee.amount * ticks * terms.tick_lot_quote / terms.lot_base * quote


def _scheduled(terms: Terms, trade: Trade) -> Fee:
    """Return what the fee schedule makes of a trade whose venue has told no fee yet."""
    rate_bps = terms.maker_fee_bps if trade.role == MAKER else terms.taker_fee_bps
    return Fee(trade.ticks * trade.lots * terms.tick_lot_quote * rate_bps / BPS, terms.currency)


def _compare(
    db: sqlite3.Connection,
    key: tuple[object, ...],
    body: tuple[int, ...],
    fill: Fill,
    note: Callable[[Note], None],
) -> None:
    """Keep the first word on a trade, and say where a later one differs."""
    known = db.execute(
        f"SELECT client_id, ticks, lots, role FROM fills WHERE {KEY}", key
    ).fetchone()
    if known != body:
        text = f"trade {fill.trade.trade_id} was told twice, and differently"
        note(Note(fill.recv_ns, fill.market, text, before=str(known), after=str(body)))


def _replace_fee(
    db: sqlite3.Connection,
    terms: Terms,
    rates: Rates,
    key: tuple[object, ...],
    fee: Fee,
    fill: Fill,
    note: Callable[[Note], None],
) -> None:
    amount, currency, source = db.execute(
        f"SELECT fee, fee_ccy, fee_source FROM fills WHERE {KEY}", key
    ).fetchone()
    before, after = f"{amount} {currency}", f"{fee.amount:f} {fee.currency}"
    if source == FEE_TOLD and before == after:
        return
    trade_id = fill.trade.trade_id
    if source == FEE_TOLD:
        text = f"the fee of trade {trade_id} was told twice, and differently: the first stays"
        note(Note(fill.recv_ns, fill.market, text, before=before, after=after))
        return
    reporting = _text(converted(fee, terms, fill.trade.ticks, rates))
    db.execute(
        f"UPDATE fills SET fee = ?, fee_ccy = ?, fee_source = ?, fee_reporting = ? WHERE {KEY}",
        (f"{fee.amount:f}", fee.currency, FEE_TOLD, reporting, *key),
    )
    text = f"the venue has told the fee of trade {trade_id}"
    note(Note(fill.recv_ns, fill.market, text, before=before, after=after))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
