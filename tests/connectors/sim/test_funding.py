"""Funding: the position on the timestamp, at mid, at that moment's rate."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as run_settings
from hypothesis import strategies as st

from connectors.model import events as ev
from connectors.model.errors import DataError
from connectors.model.instrument import Instrument
from connectors.sim.exchange import Exchange, ExchangeTerms, deliver_request, on_row, submit
from connectors.sim.funding import Settlement, load_funding, payment_quote
from connectors.sim.funding_schedule import HOUR_NS, recorded, regular
from tests.connectors.sim.exchange_cases import A, market
from tests.connectors.sim.exchange_drive import opened

BTC = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"))
RATE = Decimal("0.0001")


def funded(*due_ns: int, position_lots: int = 0) -> tuple[Exchange, tuple[Settlement, ...]]:
    """Return an exchange with 100 bid and 101 asked, and settlements at moments."""
    x = opened(ExchangeTerms())
    schedule = tuple(Settlement(at, RATE) for at in due_ns)
    load_funding(x, schedule)
    x.position_lots = position_lots
    for op in market():
        on_row(x, op.kind, op.ticks, op.lots, op.now_ns)
    return x, schedule


def paid(x: Exchange, schedule: tuple[Settlement, ...]) -> Decimal:
    return payment_quote(x.funding, schedule, BTC)


@pytest.mark.parametrize(("position_lots", "quote"), [(2_000, "-0.00201"), (-3_000, "0.003015")])
def test_longs_pay_shorts_their_notional_times_the_rate(position_lots: int, quote: str) -> None:
    x, schedule = funded(10, position_lots=position_lots)
    assert on_row(x, ev.BID, 90, 1, 9) is False
    assert paid(x, schedule) == 0
    on_row(x, ev.BID, 90, 1, 10)
    # 2 BTC at 10.05, the mid of 100 and 101 ticks of 0.1, times a basis point.
    assert paid(x, schedule) == Decimal(quote)


def test_a_position_that_comes_at_the_very_stamp_does_not_pay() -> None:
    x, schedule = funded(10)
    submit(x, ev.PLACE, A, ev.BUY, 101, 20, 0, 10)
    deliver_request(x)
    on_row(x, ev.BID, 90, 1, 50)
    assert x.position_lots == 20
    assert paid(x, schedule) == 0


def test_a_position_that_is_closed_between_two_settlements_pays_once() -> None:
    x, schedule = funded(10, 20, position_lots=20)
    on_row(x, ev.BID, 90, 1, 12)
    submit(x, ev.PLACE, A, ev.SELL, 100, 20, 0, 15)
    deliver_request(x)
    on_row(x, ev.BID, 90, 1, 99)
    assert (x.position_lots, x.funding.settled) == (0, 2)
    assert paid(x, schedule) == -BTC.notional_quote(201, 20) / 2 * RATE


def test_without_a_mid_the_next_one_counts_for_the_position_then() -> None:
    x, schedule = funded(10, position_lots=1_000)
    for kind in (ev.CLEAR_BIDS, ev.CLEAR_ASKS):
        on_row(x, kind, 0, 0, 5)
    on_row(x, ev.BID, 200, 1, 11)
    assert paid(x, schedule) == 0
    x.position_lots = 0
    on_row(x, ev.ASK, 202, 1, 12)
    on_row(x, ev.ASK, 203, 1, 13)
    assert paid(x, schedule) == -BTC.notional_quote(402, 1_000) / 2 * RATE


@run_settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50)), max_size=12),
)
def test_what_was_paid_is_the_sum_over_positions_held(
    due: list[int], moves: list[tuple[int, int]]
) -> None:
    x, schedule = funded(*sorted(due))
    now_ns, held = 0, [(0, 0)]
    for pause, position in moves:
        now_ns += pause
        on_row(x, ev.BID, 90, 1, now_ns)
        x.position_lots = position
        held.append((now_ns, position))
    on_row(x, ev.BID, 90, 1, 1_000)
    at = {due_ns: [p for since, p in held if since < due_ns][-1] for due_ns in due}
    expected = sum((BTC.notional_quote(201, p) / 2 * RATE for p in at.values()), Decimal(0))
    assert paid(x, schedule) == -expected


def test_a_regular_schedule_meets_every_interval_after_the_first_row() -> None:
    found = regular(RATE, Decimal(8), 8 * HOUR_NS, 24 * HOUR_NS)
    assert [s.due_ns // HOUR_NS for s in found] == [16, 24]
    assert regular(Decimal(0), Decimal(8), 0, 10**20) == ()


def test_a_recorded_schedule_keeps_what_lies_inside() -> None:
    history = [(5, RATE), (10, Decimal("-0.0002")), (20, RATE)]
    assert recorded(history, 5, 19, "x.csv") == (Settlement(10, Decimal("-0.0002")),)


def test_a_schedule_longer_than_a_tape_can_hold_is_refused() -> None:
    with pytest.raises(DataError, match=r"x.csv: expected at most .* settlements"):
        recorded([(k, RATE) for k in range(1, 100_000)], 0, 100_000, "x.csv")


@pytest.mark.parametrize(
    ("history", "told"),
    [
        ([], "was none"),
        ([(5, RATE)], "was 1970-01-01T00:00Z to 1970-01-01T00:00Z"),
        (
            [(25 * HOUR_NS, RATE), (49 * HOUR_NS, RATE)],
            "was 1970-01-02T01:00Z to 1970-01-03T01:00Z",
        ),
    ],
)
def test_a_history_of_another_time_is_refused(
    history: list[tuple[int, Decimal]], told: str
) -> None:
    with pytest.raises(DataError, match=f"x.csv: expected settlements of the tape's time, {told}"):
        recorded(history, 6, 24 * HOUR_NS, "x.csv")
