"""A pair's money is its legs', to the last digit, and split into what it came from."""

from dataclasses import replace
from decimal import Decimal

from runner.report.closing import closing_lines
from runner.report.html import page
from runner.report.pairs import PairFigures
from runner.report.reckoning import Reckoning, reckon
from runner.report.summary import summary_of
from runner.results import PairResult, RunResult
from tests.runner.report.fake_run import market, run

PAIR = PairResult(
    name="both",
    first="one",
    second="other",
    phase="held",
    entered=2,
    left=1,
    held_base=Decimal("-0.5"),
    apart_base=Decimal("0.01"),
    why=("carrying",),
)


def made(quote: str = "USDT") -> tuple[RunResult, Reckoning]:
    one = replace(market("one", seed=1), funding_quote=Decimal("12.5"))
    other = market("other", seed=2)
    other = replace(
        other,
        funding_quote=Decimal("-2.25"),
        instrument=replace(other.instrument, quote=quote),
    )
    result = replace(run(one, other), pairs=[PAIR])
    return result, reckon(result, tear=False)


def figures() -> PairFigures:
    (found,) = made()[1].pairs
    return found


def test_parts_add_up_to_the_legs_net() -> None:
    found = figures()
    nets = [f.pnl.net for f in made()[1].markets.values()]
    parts = (found.funding, found.basis, found.slippage, found.fees)
    assert all(part is not None for part in parts)
    funding, basis, slippage, fees = (part or Decimal(0) for part in parts)
    assert funding == Decimal("10.25")
    assert slippage != 0
    assert found.net == funding + basis - slippage - fees == sum(net or 0 for net in nets)


def test_legs_in_two_currencies_are_not_added() -> None:
    (found,) = made("USDC")[1].pairs
    assert (found.net, found.currency) == (None, "USDC/USDT")


def test_legs_in_two_currencies_are_told_in_that_of_reports_where_its_rate_is_known() -> None:
    result, _ = made("USDC")
    result = replace(result, rates={"USDC": Decimal("0.5")})
    reckoning = reckon(result, tear=False)
    (found,) = reckoning.pairs
    assert (found.currency, found.funding) == (result.reporting_currency, Decimal("11.375"))
    assert reckoning.total is not None
    assert found.net == reckoning.total.net


def test_it_is_told_in_the_summary_at_the_end_and_on_the_page() -> None:
    result, reckoning = made()
    pairs = summary_of(result, reckoning)["pairs"]
    assert isinstance(pairs, dict)
    assert pairs["both"]["legs"] == ["one", "other"]
    assert pairs["both"]["funding"] == "10.25"
    (line,) = [line for line in closing_lines(result, reckoning) if line.startswith("pair both")]
    assert "entered 2, left 1; held, 0.01 apart; funding +10.25" in line
    assert "<h2>Pairs</h2>" in page(result, reckoning)


def test_a_run_without_pairs_tells_of_none() -> None:
    result = run(market("one", seed=1))
    reckoning = reckon(result, tear=False)
    assert summary_of(result, reckoning)["pairs"] == {}
    assert "<h2>Pairs</h2>" not in page(result, reckoning)
