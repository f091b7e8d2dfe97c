"""Check how the synthetic market behaves as paper runs it: interpreted, market by market."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, TRADE_BUY, TRADE_SELL
from connectors.model.kernel import dump, restore
from connectors.sim.flow import next_message, snapshot
from connectors.sim.flow_market import BTC, ETH, SOL, FlowMarket, market_seed
from connectors.sim.flow_state import LEVELS, MESSAGE_ROWS, Flow
from connectors.sim.ladder import round_step
from tests.connectors.sim.flow_recording import START_NS, interpret, opened

COIN = FlowMarket(start_mid_ticks=1_000, touch_lots=50, level_lots=20, taker_lots=3)
"""A coarse tick of 10 bps."""


def room() -> list[list[int]]:
    return [[0] * MESSAGE_ROWS for _ in range(4)]


def columns(market: FlowMarket, seed: int, messages: int = 2_000) -> dict[str, Any]:
    return asdict(interpret(opened(market, seed), messages))


def shown(flow: Flow) -> dict[tuple[int, int], int]:
    """Return the displayed lots by side and tick, as a snapshot says."""
    kind, ticks, lots, _ = out = room()
    end = snapshot(flow, *out, 0)
    return {(kind[r], ticks[r]): lots[r] for r in range(2, end)}


def test_a_snapshot_opens_with_a_clear_of_both_sides_and_shows_every_level() -> None:
    kind, ticks, lots, venue_ns = out = room()
    end = snapshot(opened(BTC, 1), *out, 0)
    assert kind[:2] == [CLEAR_BIDS, CLEAR_ASKS]
    assert [kind[2:end].count(side) for side in (BID, ASK)] == [LEVELS, LEVELS]
    assert min(lots[2:end]) > 0
    assert (ticks[2], ticks[2 + LEVELS]) == (1_000_000, 1_000_001)
    assert set(venue_ns[:end]) == {START_NS}


def test_a_snapshot_changes_nothing() -> None:
    flow = opened(ETH, 2)
    before = dump(flow)
    snapshot(flow, *room(), 0)
    assert dump(flow) == before


@pytest.mark.parametrize("market", [BTC, ETH, SOL, COIN], ids=["btc", "eth", "sol", "coin"])
def test_rows_applied_one_by_one_give_the_displayed_book(market: FlowMarket) -> None:
    flow = opened(market, 3)
    book = shown(flow)
    kind, ticks, lots, _ = out = room()
    for _ in range(3_000):
        end = next_message(flow, *out, 0)
        for r in range(end):
            if kind[r] in (BID, ASK):
                assert lots[r] >= 0
                book[kind[r], ticks[r]] = lots[r]
                book = book if lots[r] else {k: v for k, v in book.items() if v}
            else:
                assert kind[r] in (TRADE_BUY, TRADE_SELL)
                assert 1 <= lots[r] <= book[ASK if kind[r] == TRADE_BUY else BID, ticks[r]]
        assert book == shown(flow)


def test_rows_are_written_from_the_index_given_and_carry_the_stamp_announced() -> None:
    flow, again = opened(BTC, 4), opened(BTC, 4)
    here, there = room(), [[-1] * (MESSAGE_ROWS + 5) for _ in range(4)]
    for _ in range(500):
        announced = flow.next_ns
        end = next_message(flow, *here, 0)
        assert next_message(again, *there, 5) == end + 5
        for column, shifted in zip(here, there, strict=True):
            assert shifted[:5] == [-1] * 5
            assert shifted[5 : end + 5] == column[:end]
        assert set(here[3][:end]) <= {announced}
        assert flow.next_ns > announced


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert columns(BTC, 5) == columns(BTC, 5)
    assert columns(BTC, 5) != columns(BTC, 6)


def test_a_stored_flow_goes_on_as_if_it_had_not_stopped() -> None:
    flow = opened(ETH, 7)
    interpret(flow, 1_000)
    other = Flow()
    restore(other, dump(flow))
    assert asdict(interpret(flow, 1_000)) == asdict(interpret(other, 1_000))


def test_a_market_does_not_touch_the_stream_of_another() -> None:
    alone = columns(BTC, 8, 500)
    flow, other = opened(BTC, 8), opened(replace(ETH, taker_per_s=20.0), 8)
    rows: dict[str, list[int]] = {"kind": [], "ticks": [], "lots": [], "venue_ns": []}
    for m in range(500):
        out = room()
        end = snapshot(flow, *out, 0) if m == 0 else next_message(flow, *out, 0)
        next_message(other, *room(), 0)
        for name, column in zip(rows, out, strict=True):
            rows[name].extend(column[:end])
    assert rows == {name: alone[name] for name in rows}


def test_markets_of_one_deploy_have_seeds_of_their_own() -> None:
    assert market_seed(1, "btc") != market_seed(1, "eth")
    assert market_seed(1, "btc") != market_seed(2, "btc")
    assert 0 <= market_seed(2**63 - 1, "btc") < 2**63


def test_a_price_that_hits_its_floor_stays_a_market() -> None:
    flow = opened(replace(COIN, sigma_bps_per_sqrt_s=20.0), 9)
    flow.lowest_ticks = 995.0
    interpret(flow, 5_000)
    assert flow.ticks[0] >= 990
    assert flow.ticks[LEVELS] == flow.ticks[0] + 1 or flow.following_up


def test_the_wildest_market_fits_its_room() -> None:
    flow = opened(replace(BTC, sigma_bps_per_sqrt_s=20.0, depth_bps=80.0), 10)
    rows = [next_message(flow, *room(), 0) for _ in range(3_000)]
    assert 2 + 2 * LEVELS < max(rows) <= MESSAGE_ROWS


@pytest.mark.parametrize(
    ("width", "step"),
    [(0.1, 1), (1.3, 1), (1.5, 2), (3.1, 2), (3.3, 5), (6.9, 5), (8.0, 10), (480, 500)],
)
def test_levels_sit_on_round_prices(width: float, step: int) -> None:
    assert round_step(width) == step


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start_mid_ticks": 999}, "start_mid_ticks: expected 1,000 to 1e+09, was 999"),
        ({"informed_frac": 1.5}, "informed_frac: expected 0.01 to 1, was 1.5"),
        ({"sigma_bps_per_sqrt_s": float("nan")}, "expected 0.01 to 20, was nan"),
        ({"taker_per_s": 0.5}, "taker_per_s: expected more than the 0.857143 that news alone"),
        (
            {"depth_bps": 170.0},
            r"depth_bps: expected at most 81.92 \(8,192 ticks of this price\)",
        ),
        ({"reach_frac_min": 1.6}, r"reach_frac_min: expected at most reach_frac_max \(1.5\)"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("+", r"\+")):
        replace(BTC, **changes)
