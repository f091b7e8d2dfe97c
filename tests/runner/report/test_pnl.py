import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from connectors.model.events import BUY, MAKER, SELL, TAKER
from runner.report.exact import plain
from runner.report.pnl import account_of
from runner.results import FillColumns, MarketResult
from tests.runner.report.fake_run import market


def fills(*rows: tuple[int, int, int, int]) -> FillColumns:
    """Return fills of (side, ticks, lots, role), one a second."""
    n = len(rows)
    side, ticks, lots, role = zip(*rows, strict=True) if rows else ((), (), (), ())
    position, before = 0, []
    for s, size in zip(side, lots, strict=True):
        before.append(position)
        position += size if s == BUY else -size
    zeros = [0] * n
    return FillColumns(
        recv_ns=list(range(n)),
        venue_ns=zeros,
        side=side,
        ticks=ticks,
        lots=lots,
        role=role,
        trade_id=list(range(n)),
        client_id=zeros,
        mid_half_ticks=zeros,
        mid_1s_half_ticks=zeros,
        mid_5s_half_ticks=zeros,
        mid_10s_half_ticks=zeros,
        mid_60s_half_ticks=zeros,
        flips_200ms=zeros,
        position_before_lots=before,
    )


def result(columns: FillColumns, **changes: object) -> MarketResult:
    """Return a flat market (tick 0.1, lot 0.001) with these fills and changes."""
    return replace(market(steps=1, fill_frac=0), fills=columns, **changes)  # type: ignore[arg-type]


def test_a_round_trip_earns_the_difference_minus_fees() -> None:
    account = account_of(
        result(
            fills((BUY, 1_000_000, 20, MAKER), (SELL, 1_000_500, 20, TAKER)),
            maker_fee_bps=Decimal("0.2"),
            taker_fee_bps=Decimal("3.5"),
        )
    )
    assert account.pnl.gross == Decimal("1.000")
    assert account.pnl.fees == Decimal("0.04") + Decimal("0.70035")
    assert account.pnl.net == Decimal("0.25965")
    assert account.pnl.unrealised == 0
    assert account.volume_quote == Decimal("4001.0")
    assert account.maker_fills == 1


def test_an_open_position_is_marked_and_its_part_is_unrealised() -> None:
    account = account_of(
        result(
            fills(
                (BUY, 1_000_000, 10, MAKER), (BUY, 1_000_100, 10, MAKER), (SELL, 1_000_200, 5, 0)
            ),
            position_lots=15,
            mark_half_ticks=2_000_301,
        )
    )
    # Average cost 1,000,050 ticks; 5 lots sold for 150 ticks more, 15 lots marked 100.5 higher.
    assert account.pnl.unrealised == Decimal("0.0001") * 15 * Decimal("100.5")
    assert account.pnl.gross == Decimal("0.0001") * (5 * 150 + 15 * Decimal("100.5"))


def test_turning_from_long_to_short_begins_a_new_cost() -> None:
    account = account_of(
        result(
            fills((BUY, 1_000, 10, MAKER), (SELL, 1_100, 30, MAKER)),
            position_lots=-20,
            mark_half_ticks=2 * 1_090,
        )
    )
    assert account.pnl.unrealised == Decimal("0.0001") * 20 * 10
    assert account.pnl.gross == Decimal("0.0001") * (10 * 100 + 20 * 10)


def test_the_opening_position_costs_its_opening_mark() -> None:
    account = account_of(
        result(
            fills(),
            opening_position_lots=-10,
            opening_mark_half_ticks=2_001,
            position_lots=-10,
            mark_half_ticks=2_003,
        )
    )
    assert account.pnl.gross == account.pnl.unrealised == Decimal("-0.001")


def test_a_rebate_is_a_negative_fee() -> None:
    account = account_of(
        result(
            fills((BUY, 1_000, 10, MAKER), (SELL, 1_000, 10, MAKER)), maker_fee_bps=Decimal("-0.5")
        )
    )
    assert account.pnl.fees == Decimal("-0.0001")
    assert account.pnl.net == Decimal("0.0001")


@pytest.mark.parametrize("missing", ["mark_half_ticks", "opening_mark_half_ticks"])
def test_an_unknown_mark_leaves_gross_and_net_unstated(missing: str) -> None:
    known = {
        "opening_position_lots": 1,
        "opening_mark_half_ticks": 10,
        "position_lots": 1,
        "mark_half_ticks": 10,
    }
    pnl = account_of(result(fills(), **{**known, missing: -1})).pnl
    assert (pnl.gross, pnl.net, pnl.unrealised) == (None, None, None)
    assert pnl.fees == 0


def test_a_flat_position_needs_no_mark() -> None:
    assert account_of(result(fills(), mark_half_ticks=-1)).pnl.net == 0


@pytest.mark.parametrize("seed", range(20))
def test_money_is_exact_against_fractions(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        (chance.choice((BUY, SELL)), chance.randrange(1, 10**7), chance.randrange(1, 10**6), k % 2)
        for k in range(200)
    ]
    columns = fills(*rows)
    position = sum(lots if side == BUY else -lots for side, _, lots, _ in rows)
    given = result(
        columns,
        position_lots=position,
        mark_half_ticks=chance.randrange(1, 10**7),
        maker_fee_bps=Decimal("-0.123456789"),
        taker_fee_bps=Decimal("4.5"),
        funding_quote=Decimal("-0.000000000123"),
    )
    pnl = account_of(given).pnl
    unit = Fraction(given.instrument.tick_size) * Fraction(given.instrument.lot_size_base)
    signed = [(1 - 2 * side) * ticks * lots for side, ticks, lots, _ in rows]
    gross = unit * (Fraction(position * given.mark_half_ticks, 2) - sum(signed))
    rate = {MAKER: Fraction("-0.123456789"), TAKER: Fraction("4.5")}
    fees = sum(unit * ticks * lots * rate[role] / 10_000 for _, ticks, lots, role in rows)
    assert pnl.gross is not None
    assert pnl.net is not None
    assert pnl.unrealised is not None
    assert Fraction(pnl.gross) == gross
    assert Fraction(pnl.fees) == fees
    assert Decimal(plain(pnl.gross)) - Decimal(plain(pnl.fees)) + pnl.funding == pnl.net
    unrealised = unit * (Fraction(position * given.mark_half_ticks, 2) - _average_cost(rows))
    assert abs(Fraction(pnl.unrealised) - unrealised) <= unit / 10**6


def _average_cost(rows: list[tuple[int, int, int, int]]) -> Fraction:
    """Return the final position's cost at average prices, in ticks times lots."""
    position, cost = 0, Fraction(0)
    for side, ticks, lots, _ in rows:
        sign = 1 - 2 * side
        closed = min(lots, abs(position)) if position * sign < 0 else 0
        if closed:
            cost -= cost * closed / abs(position)
        cost += sign * (lots - closed) * ticks
        position += sign * lots
    return cost
