"""Latencies, rings that fill up, and faults on the way."""

import pytest

from connectors.model import events as ev
from connectors.model.errors import ConfigError, Refusal
from connectors.sim.exchange import (
    FAR_NS,
    REPORTS_FULL,
    REQUESTS_FULL,
    Exchange,
    ExchangeTerms,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    report_row,
    submit,
)
from connectors.sim.exchange_state import REPORTS, REQUESTS
from tests.connectors.sim.exchange_cases import A, B, bid, market, sold
from tests.connectors.sim.exchange_drive import interpreted, opened, place


def quoted(**terms: float) -> Exchange:
    """Return an exchange with a market on display."""
    x = opened(ExchangeTerms(**terms))  # type: ignore[arg-type]
    for op in market():
        on_row(x, op.kind, op.ticks, op.lots, op.now_ns)
    return x


def test_each_way_takes_its_latency() -> None:
    x = quoted(entry_latency_ns=30, response_latency_ns=7)
    assert (next_request_ns(x), next_report_ns(x)) == (FAR_NS, FAR_NS)
    assert submit(x, ev.PLACE, A, ev.BUY, 100, 5, 0, 1_000)
    assert (next_request_ns(x), next_report_ns(x)) == (1_030, FAR_NS)
    assert deliver_request(x)
    assert (next_request_ns(x), next_report_ns(x)) == (FAR_NS, 1_037)
    k = report_row(x)
    assert (x.reports.kind[k], x.reports.venue_ns[k]) == (ev.ACCEPTED, 1_030)
    assert next_report_ns(x) == FAR_NS
    assert on_row(x, ev.TRADE_SELL, 99, 5, 1_050)
    assert next_report_ns(x) == 1_057


def test_nothing_to_deliver_reports_nothing() -> None:
    assert not deliver_request(quoted())


def test_a_row_that_reaches_nothing_reports_nothing() -> None:
    assert not on_row(quoted(), ev.TRADE_SELL, 99, 5, 1)


def test_own_top_of_book_rows_are_not_applied() -> None:
    x = quoted()
    submit(x, ev.PLACE, A, ev.BUY, 100, 5, 0, 1)
    deliver_request(x)
    assert not on_row(x, ev.BEST_ASK, 90, 100, 2)
    assert not on_row(x, ev.BEST_BID, 120, 100, 2)
    assert (x.book.best_bid_ticks, x.book.best_ask_ticks) == (100, 101)


def test_a_shorter_latency_overtakes_nothing() -> None:
    x = quoted(entry_latency_ns=100, response_latency_ns=50)
    submit(x, ev.PLACE, A, ev.BUY, 100, 5, 0, 0)
    x.entry_latency_ns = 1
    submit(x, ev.CANCEL, A, ev.BUY, 0, 0, 0, 10)
    arrivals = []
    while next_request_ns(x) < FAR_NS:
        arrivals.append(next_request_ns(x))
        deliver_request(x)
        x.response_latency_ns = 1
    assert arrivals == [100, 100]
    first, second = report_row(x), report_row(x)
    assert [x.reports.kind[k] for k in (first, second)] == [ev.ACCEPTED, ev.CANCELLED]
    assert [x.reports.recv_ns[k] for k in (first, second)] == [150, 150]


def test_full_requests_are_said_and_stay_so() -> None:
    x = quoted()
    for n in range(REQUESTS):
        assert submit(x, ev.CANCEL, A + n, ev.BUY, 0, 0, 0, 1)
    assert x.overflow == 0
    assert not submit(x, ev.CANCEL, A, ev.BUY, 0, 0, 0, 1)
    assert x.overflow == REQUESTS_FULL
    deliver_request(x)
    assert not submit(x, ev.CANCEL, A, ev.BUY, 0, 0, 0, 1)


def test_full_reports_are_said_and_stop_the_requests() -> None:
    x = quoted()
    for n in range(REPORTS):
        assert submit(x, ev.CANCEL, A + n, ev.BUY, 0, 0, 0, 1)
        assert deliver_request(x)
    assert x.overflow == 0
    assert submit(x, ev.CANCEL, A, ev.BUY, 0, 0, 0, 1)
    assert not deliver_request(x)
    assert x.overflow == REPORTS_FULL
    assert not submit(x, ev.CANCEL, A, ev.BUY, 0, 0, 0, 1)


def test_the_rings_go_round() -> None:
    x = quoted()
    for n in range(3 * REPORTS):
        submit(x, ev.CANCEL, A + n, ev.BUY, 0, 0, 0, n)
        deliver_request(x)
        k = report_row(x)
        assert (x.reports.client_id[k], x.reports.venue_ns[k]) == (A + n, n)
    assert x.overflow == 0


def test_an_account_goes_on() -> None:
    x = quoted()
    x.position_lots, x.trade_id = -5, 41
    submit(x, ev.PLACE, A, ev.BUY, 101, 9, 4, 1)
    deliver_request(x)
    rows = [report_row(x) for _ in range(x.report_tail - x.report_head)]
    assert [x.reports.kind[k] for k in rows] == [ev.ACCEPTED, ev.FILLED, ev.EXPIRED]
    assert (x.reports.lots[rows[1]], x.reports.trade_id[rows[1]], x.position_lots) == (5, 42, 0)


def test_rejects_come_as_often_as_asked_and_change_nothing() -> None:
    script = [*market(), *(place(2048 * n, ev.BUY, 100, 5, n) for n in range(1, 2_001))]
    terms = ExchangeTerms(reject_frac=0.3, seed=1)
    injected = [r for r in interpreted(terms, script) if r.code == Refusal.INJECTED]
    assert 540 <= len(injected) <= 660
    assert all(report.kind == ev.REJECTED for report in injected)
    everything = ExchangeTerms(reject_frac=1.0)
    rows = [*market(), place(A, ev.BUY, 100, 5, 1), sold(99, 5, 2)]
    assert [report.kind for report in interpreted(everything, rows)] == [ev.REJECTED]


def test_a_dropped_request_has_no_effect_and_an_unknown_outcome() -> None:
    script = [*market(), place(A, ev.BUY, 100, 5, 1), sold(99, 5, 2)]
    reports = interpreted(ExchangeTerms(drop_frac=1.0), script)
    assert [(report.kind, report.client_id) for report in reports] == [(ev.OUTCOME_UNKNOWN, A)]


def test_without_faults_nothing_is_drawn() -> None:
    x = quoted(seed=9)
    before = (x.random.a, x.random.b)
    submit(x, ev.PLACE, A, ev.BUY, 100, 5, 0, 1)
    deliver_request(x)
    assert (x.random.a, x.random.b) == before


def test_two_seeds_fail_differently() -> None:
    script = [*market(), *(place(2048 * n + n % 32, ev.BUY, 100, 5, n) for n in range(1, 33))]
    one, other = (interpreted(ExchangeTerms(reject_frac=0.5, seed=seed), script) for seed in (1, 2))
    assert one != other


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("entry_latency_ns", -1),
        ("response_latency_ns", 1 << 40),
        ("queue_model", 7),
        ("power_n", 20.5),
        ("power_n", 0.0),
        ("power_n", float("nan")),
        ("reject_frac", 1.1),
        ("drop_frac", float("nan")),
    ],
)
def test_terms_that_cannot_be_meant(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=rf"^{name}: expected .*, was {value}$"):
        ExchangeTerms(**{name: value})  # type: ignore[arg-type]


def test_fractions_that_exceed_one_together() -> None:
    with pytest.raises(ConfigError, match=r"^reject_frac \+ drop_frac: expected at most 1"):
        ExchangeTerms(reject_frac=0.6, drop_frac=0.6)


def test_levels_a_window_apart_do_not_share_what_is_used() -> None:
    x = quoted()
    submit(x, ev.PLACE, B, ev.SELL, 100, 30, 2, 1)
    deliver_request(x)
    far = bid(100 - 65_536, 0, 2)
    on_row(x, far.kind, far.ticks, far.lots, far.now_ns)
    assert x.bids_used.own_lots[100] == 30
    on_row(x, ev.TRADE_SELL, 99 - 65_536, 30, 3)
    assert x.bids_used.printed_lots[99] == 0
    on_row(x, ev.TRADE_BUY, 102 + 65_536, 30, 3)
    assert x.asks_used.printed_lots[102] == 0
