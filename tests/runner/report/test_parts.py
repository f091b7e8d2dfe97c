"""What a net P&L came from adds up to it, to the last digit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.report.exact import exact_sum
from runner.report.parts import Parts, add_parts, parts_of
from runner.report.pnl import account_of
from runner.results import FillColumns, HedgeState, MarketResult
from tests.runner.report.fake_run import market

HORIZONS = ("1s", "5s", "10s", "60s")


def parts(given: MarketResult, horizon: str = "1s") -> Parts:
    """Return a market's parts."""
    return parts_of(given, account_of(given).pnl, horizon)


def total(given: Parts) -> Decimal:
    """Return the sum of known parts."""
    return exact_sum(*(value for _, value in given.items() if value is not None))


@given(
    seed=st.integers(0, 10_000),
    horizon=st.sampled_from(HORIZONS),
    fee=st.sampled_from(["0", "-0.3", "1.37"]),
    funding=st.decimals(-100, 100, places=9),
    opening=st.integers(-50, 50),
)
def test_the_parts_add_up_to_the_net(
    seed: int, horizon: str, fee: str, funding: Decimal, opening: int
) -> None:
    plain = market(seed=seed, steps=60, fill_frac=0.2, maker_fee_bps=fee)
    moved = replace(
        plain,
        funding_quote=funding,
        opening_position_lots=opening,
        opening_mark_half_ticks=2_000_001,
        position_lots=plain.position_lots + opening,
    )
    net = account_of(moved).pnl.net
    assert net is not None
    assert total(parts(moved, horizon)) == net


@given(seed=st.integers(0, 1_000), fee=st.sampled_from(["0", "-0.3", "1.37"]))
def test_all_that_a_hedge_won_before_fees_is_the_hedges(seed: int, fee: str) -> None:
    left = HedgeState("BTC", ("btc",), Decimal(1), Decimal(0), Decimal(0), 3)
    hedge = replace(market(seed=seed, steps=60, fill_frac=0.2, maker_fee_bps=fee), hedge=left)
    pnl = account_of(hedge).pnl
    split = parts(hedge)
    assert split.hedge == pnl.gross
    assert (split.spread, split.adverse, split.inventory) == (0, 0, 0)
    assert total(split) == pnl.net


def one_fill(**columns: int) -> MarketResult:
    """Return a market that bought two lots at tick 100 while the mid was 101."""
    row = {name: 0 for name in FillColumns.__dataclass_fields__} | {
        "ticks": 100,
        "lots": 2,
        "mid_half_ticks": 202,
        "mid_1s_half_ticks": 199,
        **columns,
    }
    fills = FillColumns(**{name: [value] for name, value in row.items()})
    bare = market(steps=0)
    return replace(bare, fills=fills, position_lots=2, mark_half_ticks=210)


def test_a_fill_earns_its_distance_from_mid_and_loses_the_move_against_it() -> None:
    found = parts(one_fill())
    unit = Decimal("0.1") * Decimal("0.001") / 2
    assert found.spread == 2 * 2 * unit
    assert found.adverse == -3 * 2 * unit
    assert found.inventory == (210 - 199) * 2 * unit


def test_what_has_no_mid_is_left_to_inventory() -> None:
    found = parts(one_fill(mid_half_ticks=-1))
    assert (found.spread, found.adverse, found.without_mid) == (0, 0, 1)
    later = parts(one_fill(mid_1s_half_ticks=-1))
    assert (later.adverse, later.without_mid) == (0, 0)
    assert later.spread > 0


def test_an_unknown_mark_leaves_inventory_unknown() -> None:
    found = parts(replace(one_fill(), mark_half_ticks=-1))
    assert found.inventory is None
    assert add_parts([(found, Decimal(1))]).inventory is None


def test_parts_of_two_markets_add_up_at_their_rates() -> None:
    one, two = parts(market()), parts(market("eth", seed=2, maker_fee_bps="1"))
    both = add_parts([(one, Decimal(1)), (two, Decimal("0.5"))])
    assert total(both) == pytest.approx(total(one) + total(two) / 2, abs=Decimal("1e-20"))
