"""Fees, funding and slots are kept once, as the venue told them, and changes leave a trace."""

from dataclasses import replace
from decimal import Decimal

from connectors.model.account import Fee, Payment
from connectors.model.events import BUY
from runner.engine.ledger.entries import (
    Adjustment,
    Balance,
    Fill,
    Funding,
    Intent,
    Latched,
    Lifted,
    Slot,
)
from runner.engine.ledger.store import Store
from runner.engine.rates import Rates
from tests.runner.engine.ledger.made import ACCOUNT, MARKET, TERMS, rows, trade

RATES = Rates("EUR", {"USDT": Decimal("0.5"), "BNB": Decimal(600)})


def made(rates: Rates = RATES) -> Store:
    return Store(None, {MARKET: TERMS}, rates)


def booked(store: Store, trade_id: int, fee: Fee | None) -> dict[str, object]:
    store.apply(Fill(MARKET, ACCOUNT, replace(trade(trade_id, 7), fee=fee), 9, "stream"))
    return rows(store, "fills")[-1]


def test_a_fee_is_converted_when_it_is_booked_and_only_at_a_known_rate() -> None:
    store = made()
    assert booked(store, 1, Fee(Decimal(2), "USDT"))["fee_reporting"] == "1.0"
    assert booked(store, 2, Fee(Decimal("-0.01"), "BNB"))["fee_reporting"] == "-6.00"
    assert booked(store, 3, Fee(Decimal(1), "XYZ"))["fee_reporting"] is None
    # 100 ticks of 1 USDT: a tick times a lot of 0.001 BTC is 0.001 USDT.
    assert Decimal(str(booked(store, 4, Fee(Decimal("0.01"), "BTC"))["fee_reporting"])) == Decimal(
        "0.5"
    )
    assert booked(made(Rates("EUR", {})), 1, Fee(Decimal(2), "USDT"))["fee_reporting"] is None


def test_a_fee_told_later_replaces_the_schedules_and_is_in_the_audit() -> None:
    store = made()
    assert booked(store, 1, None)["fee_source"] == "schedule"
    row = booked(store, 1, Fee(Decimal("-0.25"), "BNB"))
    assert (row["fee"], row["fee_ccy"], row["fee_source"]) == ("-0.25", "BNB", "venue")
    assert row["fee_reporting"] == "-150.00"
    (note,) = rows(store, "audit")[1:]
    assert (note["before"], note["after"]) == ("-0.000005 USDT", "-0.25 BNB")
    booked(store, 1, Fee(Decimal("-0.25"), "BNB"))
    booked(store, 1, None)
    assert len(rows(store, "audit")) == 2
    assert booked(store, 1, Fee(Decimal(9), "BNB"))["fee"] == "-0.25"
    assert "the first stays" in rows(store, "audit")[-1]["what"]


def test_a_trade_of_nobody_is_booked_as_external() -> None:
    store = made()
    store.apply(Intent(MARKET, 7, BUY, 100, 5, 1))
    for number, client_id in ((1, 7), (2, 0)):
        store.apply(Fill(MARKET, ACCOUNT, trade(number, client_id, lots=2), 9, "stream"))
    assert [row["kind"] for row in rows(store, "fills")] == ["own", "external"]
    assert store.position_lots(MARKET, ACCOUNT) == 4


def test_the_position_is_what_fills_and_adjustments_add_up_to() -> None:
    store = made()
    for number in (1, 2, 2):
        store.apply(Fill(MARKET, ACCOUNT, trade(number, 7, lots=3), 9, "stream"))
    store.apply(Adjustment(MARKET, ACCOUNT, -1, "because", 9))
    assert store.position_lots(MARKET, ACCOUNT) == 5


def paid(payment_id: str, amount: str, funding_ns: int = 1) -> Funding:
    return Funding(ACCOUNT, MARKET, Payment(payment_id, funding_ns, Decimal(amount), "USDT"), 9)


def test_funding_is_booked_once_and_a_change_as_its_difference() -> None:
    store = made()
    for entry in (paid("p1", "-2"), paid("p1", "-2"), paid("p2", "1"), paid("p1", "-3")):
        store.apply(entry)
    store.apply(paid("p1", "-3"))
    store.apply(paid("p1", "-2"))
    found = rows(store, "funding")
    assert [(row["amount"], row["kind"]) for row in found] == [
        *(("-2", "payment"), ("1", "extra"), ("-1", "correction"), ("1", "correction"))
    ]
    assert [row["amount_reporting"] for row in found] == ["-1.0", "0.5", "-0.5", "0.5"]
    assert len(rows(store, "audit")) == 2


def test_a_balance_and_a_slot_are_kept_once() -> None:
    store = made()
    for _ in range(2):
        store.apply(Balance(ACCOUNT, "USDT", Decimal("10.10"), 5, "venue"))
        store.apply(Slot("close", 60, 61))
    assert [row["amount"] for row in rows(store, "balances")] == ["10.10"]
    assert store.claimed_slots() == {("close", 60)}


def test_a_latch_is_lifted_once() -> None:
    store = made()
    store.apply(Latched("kill", 1, "me", "why"))
    store.apply(Lifted("kill", 2, "you"))
    store.apply(Latched("kill", 3, "me", "again"))
    store.apply(Lifted("kill", 4, "she"))
    assert [row["lifted_by"] for row in rows(store, "latches")] == ["you", "she"]
