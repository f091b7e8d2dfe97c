"""Funding is booked as the venue tells it, and read again where it may have changed."""

from decimal import Decimal

from connectors.model.account import Payment
from runner.engine.ledger.entries import SessionStart
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.payments import EVERY_NS, OVERLAP_NS, Payments
from tests import virtual
from tests.runner.engine.books import Books
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, rows
from tests.virtual import VirtualClock

HOUR_NS = 3_600_000_000_000


def payment(name: str, paid_ns: int, amount: str, currency: str = "USDT") -> Payment:
    return Payment(name, paid_ns, Decimal(amount), currency)


def test_each_payment_is_booked_once_and_asked_for_only_now_and_then() -> None:
    venue, store = Books(), Store(None, {MARKET: TERMS})

    async def main(clock: VirtualClock) -> Payments:
        now_ns = clock.now_ns()
        store.apply(SessionStart(now_ns, "", ""))
        venue.payments = [payment("before us", now_ns - 1, "9"), payment("a", now_ns + 1, "-2")]
        payments = _payments(venue, store, clock)
        for name, amount in (("b", "1.5"), ("c", "0.25")):
            await payments.look()
            venue.payments.append(payment(name, now_ns + 2, amount))
        assert [row["payment_id"] for row in rows(store, "funding")] == ["a"]
        await clock.sleep_until_ns(now_ns + EVERY_NS + 1)
        await payments.look()
        return payments

    payments = virtual.run(main)
    assert [row["payment_id"] for row in rows(store, "funding")] == ["a", "b", "c"]
    assert payments.paid("USDT") == Decimal("-0.25")
    assert payments.paid("USDC") == 0


def test_a_correction_of_the_last_hours_is_seen_after_a_start() -> None:
    venue, store = Books(), Store(None, {MARKET: TERMS})

    async def main(clock: VirtualClock) -> None:
        born_ns = clock.now_ns()
        store.apply(SessionStart(born_ns, "", ""))
        venue.payments = [payment(f"{h}", born_ns + h * HOUR_NS, "1") for h in range(1, 10)]
        await _payments(venue, store, clock).look()
        venue.payments[-2] = payment("8", born_ns + 8 * HOUR_NS, "3")
        venue.payments[0] = payment("1", born_ns + HOUR_NS, "3")
        again = _payments(venue, store, clock)
        assert again.since_ns == born_ns + 9 * HOUR_NS - OVERLAP_NS
        await again.look()

    virtual.run(main)
    kinds = [(row["payment_id"], row["amount"], row["kind"]) for row in rows(store, "funding")]
    assert kinds[9:] == [("8#1", "2", "correction")]


def _payments(venue: Books, store: Store, clock: VirtualClock) -> Payments:
    since_ns = store.payments_since_ns(MARKET, ACCOUNT, OVERLAP_NS)
    return Payments(MARKET, ACCOUNT, venue, DirectWriter(store, clock), clock, since_ns)
