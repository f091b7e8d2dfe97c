"""Rows are columns of equal length, and no two kinds share a number."""

from decimal import Decimal

from connectors.model import events
from connectors.model.account import Fee
from connectors.model.events import BUY, SELL, AccountRows, MarketRows


def test_every_kind_has_a_number_of_its_own() -> None:
    attributes = {"BUY", "SELL", "MAKER", "TAKER", "LIQUIDATION", "POST_ONLY", "IOC", "REDUCE_ONLY"}
    names = [n for n in vars(events) if n.isupper() and n not in attributes]
    assert len({getattr(events, name) for name in names}) == len(names) > 20


def test_the_sign_of_a_side_comes_from_its_number() -> None:
    assert (1 - 2 * BUY, 1 - 2 * SELL) == (1, -1)


def test_market_rows_are_added_and_cleared_in_all_columns() -> None:
    rows = MarketRows()
    rows.add(1, 2, 3, 4, 5)
    rows.add(6, 7, 8, 9, 10)
    assert (rows.kind, rows.ticks, rows.lots) == ([1, 6], [2, 7], [3, 8])
    assert (rows.venue_ns, rows.recv_ns, len(rows)) == ([4, 9], [5, 10], 2)
    kept = rows.kind
    rows.clear()
    assert (len(rows), rows) == (0, MarketRows())
    assert rows.kind is kept


def test_account_rows_are_added_and_cleared_in_all_columns() -> None:
    rows = AccountRows()
    rows.add(1, 2, 3, 4, 5, 6, 7, 8, 9)
    found = (rows.kind, rows.client_id, rows.side, rows.ticks, rows.lots)
    assert found == ([1], [2], [3], [4], [5])
    assert (rows.code, rows.trade_id, rows.venue_ns, rows.recv_ns) == ([6], [7], [8], [9])
    assert rows.fee == [None]
    rows.add(1, 2, 3, 4, 5, 6, 7, 8, 9, Fee(Decimal("-0.1"), "BNB"))
    assert rows.fee == [None, Fee(Decimal("-0.1"), "BNB")]
    kept = rows.kind
    rows.clear()
    assert (len(rows), rows) == (0, AccountRows())
    assert rows.kind is kept
