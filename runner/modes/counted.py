"""Let venues' budgets and bans go on from one process to the next."""

from pathlib import Path

from connectors.venue import Venue
from runner.engine.budgets import counted_now, take_up
from runner.engine.clock import Clock
from runner.engine.ledger.store import Store


def take_up_kept(ledger: Path | None, venues: dict[str, Venue], clock: Clock) -> None:
    """Let the venues' budgets and bans go on from a ledger, where there is one: before anything is
    asked of them."""
    if ledger is None or not ledger.exists():
        return
    store = Store(ledger, {})
    try:
        take_up(venues, store.budgets(), clock.now_ns())
    finally:
        store.close()


def keep_counted(ledger: Path | None, venues: dict[str, Venue], clock: Clock) -> None:
    """Write what the venues have counted of a start that ends before it is built."""
    if ledger is None or not ledger.exists():
        return
    store = Store(ledger, {})
    try:
        for counted in counted_now(venues, clock.now_ns()):
            store.apply(counted)
    finally:
        store.close()
