from dataclasses import replace

import pytest

from runner.report.checks import market_problems, problems_of
from runner.results import FillColumns, MarketResult
from tests.runner.report.fake_run import market, run


def changed(given: MarketResult, column: str, row: int, value: int) -> MarketResult:
    """Return a market with one value of one fill changed."""
    values = list(getattr(given.fills, column))
    values[row] = value
    return replace(given, fills=replace(given.fills, **{column: values}))


def without(given: MarketResult, row: int) -> MarketResult:
    """Return a market that lost a fill."""
    columns = {name: list(getattr(given.fills, name)) for name in FillColumns.__dataclass_fields__}
    for values in columns.values():
        del values[row]
    return replace(given, fills=FillColumns(**columns))


def test_an_honest_run_has_no_problems() -> None:
    assert problems_of(run(market(), market("eth", seed=2))) == []


def test_a_lost_fill_shows() -> None:
    assert any("the worker holds" in line for line in market_problems(without(market(), -1)))
    assert any("before fill 3" in line for line in market_problems(without(market(), 2)))


@pytest.mark.parametrize(
    ("column", "row", "value", "says"),
    [
        ("lots", 0, 0, "1 fills have no size"),
        ("trade_id", 4, 1, "1 trade ids appear more than once, first 1"),
        ("recv_ns", 3, 0, "1 fills arrived before the one that precedes them"),
        ("position_before_lots", 2, 999, "before fill 3 the position was 999 lots"),
    ],
)
def test_an_invented_value_shows(column: str, row: int, value: int, says: str) -> None:
    lines = market_problems(changed(market(), column, row, value))
    assert any(says in line for line in lines)
    assert all(line.startswith("btc: ") for line in lines)


def test_an_unknown_mark_shows_only_where_it_matters() -> None:
    given = market()
    assert given.position_lots
    assert "closing mark" in market_problems(replace(given, mark_half_ticks=-1))[0]
    flat = market(fill_frac=0)
    assert market_problems(replace(flat, mark_half_ticks=-1)) == []
