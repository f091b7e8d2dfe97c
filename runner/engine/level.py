"""Bring a market's ledger level with its venue before a session begins."""

import asyncio
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from connectors.model.account import Fate, Standing, Trade
from connectors.model.errors import VenueError
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.failpoints import Point, reached
from runner.engine.ledger.entries import RECONCILE, Adjustment, Cursor, Fill, Word
from runner.engine.ledger.states import State, terms_proven
from runner.engine.ledger.store import Store
from runner.engine.open_order import Open
from runner.engine.patience import until_answered
from runner.engine.reconcile import EVERY_NS
from runner.engine.warnings import Warn

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Level:
    """Where ledger and venue stand, and the orders of former sessions that may still rest."""

    standing: Standing
    open_orders: dict[int, Open]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the venue says."""

    standing: Standing
    trades: tuple[Trade, ...]
    fates: list[tuple[int, Fate]]


async def level(market: str, venue: Venue, store: Store, clock: Clock, warn: Warn) -> Level:
    """Bring a market's ledger level with its venue, in one transaction.

    What rests is cancelled before it is asked about: its proof takes seconds, and it may trade
    meanwhile. A position that no trade explains is read twice, some time apart, before it is
    believed.
    """
    read = partial(_read, market, venue, store)
    answers = await until_answered(read, market, clock, warn)
    missing_lots = _missing_lots(market, store, answers)
    while missing_lots:
        await clock.sleep_until_ns(clock.now_ns() + EVERY_NS)
        answers = await until_answered(read, market, clock, warn)
        before_lots, missing_lots = missing_lots, _missing_lots(market, store, answers)
        if missing_lots == before_lots:
            break
    return _book(market, store, answers, missing_lots, clock.now_ns(), warn)


async def _read(market: str, venue: Venue, store: Store) -> _Answers:
    standing = await venue.standing(market)
    left = store.open_orders(market)
    for order in standing.resting:
        if order.client_id in left:
            # A venue that sends only while it runs refuses: the market's first look asks again.
            with suppress(VenueError):
                venue.cancel(market, order.client_id)
    trades = await venue.trades_after(market, store.cursor(market, standing.account))
    fates = await together(venue.order_fate(market, client_id) for client_id in left)
    return _Answers(standing, trades, list(zip(left, fates, strict=True)))


async def together(reads: Iterable[Coroutine[Any, Any, Read]]) -> list[Read]:
    """Return what all reads answer, in their order; where one fails, end the others and raise."""
    tasks = [asyncio.ensure_future(read) for read in reads]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _missing_lots(market: str, store: Store, answers: _Answers) -> int:
    """Return what is left unexplained once the trades are booked; nothing stays booked."""
    _apply(market, store, answers, 0)
    explained_lots = store.position_lots(market, answers.standing.account)
    store.rollback()
    return answers.standing.position_lots - explained_lots


def _apply(market: str, store: Store, answers: _Answers, now_ns: int) -> None:
    """Book the venue's trades, then its words on orders."""
    account = answers.standing.account
    for trade in answers.trades:
        store.apply(Fill(market, account, trade, now_ns, RECONCILE))
    reached(Point.RECON_MID)
    lives = {client_id: life for client_id, _, life in store.open_lives(market)}
    for client_id, fate in answers.fates:
        store.apply(Word(market, client_id, fate.kind, 0, now_ns))
        if client_id in lives:
            for word, terms in terms_proven(lives[client_id], fate):
                store.apply(Word(market, client_id, word, 0, now_ns, terms.ticks, terms.lots))


def _book(
    market: str, store: Store, answers: _Answers, missing_lots: int, now_ns: int, warn: Warn
) -> Level:
    standing = answers.standing
    _apply(market, store, answers, now_ns)
    if missing_lots:
        cause = f"at start: the venue's trades do not explain its position by {missing_lots} lots"
        store.apply(Adjustment(market, standing.account, missing_lots, cause, now_ns))
        warn(now_ns, market, cause)
    known = (store.cursor(market, standing.account), standing.last_trade_id)
    cursor = max([*known, *(t.trade_id for t in answers.trades)])
    store.apply(Cursor(market, standing.account, cursor))
    store.commit()
    left = {
        client_id: Open(side, replace(life, state=State.UNKNOWN), now_ns)
        for client_id, side, life in store.open_lives(market)
    }
    if left:
        warn(now_ns, market, f"{len(left)} orders of a former session may rest: being cancelled")
    last = max(standing.last_client_id, store.last_client_id(market))
    # What the ledger has is never behind it, whatever a list has left out.
    return Level(replace(standing, last_client_id=last, last_trade_id=cursor), left)
