"""A scan says which two markets would earn most an hour, whatever their intervals, and no guess."""

from decimal import Decimal

import pytest

from connectors.funded import Announced
from runner.chores.scan import HOUR_NS, Quoted, opportunities, scan_text
from tests.virtual import START_NS

FEE = Decimal(5)


def perp(name: str, rate: str, hours: int = 8, underlying: str = "BTC") -> Quoted:
    announced = Announced(Decimal(rate), hours * HOUR_NS, START_NS)
    return Quoted(name, underlying, FEE, True, announced)


SPOT = Quoted("spot", "BTC", FEE, False, None)
SILENT = Quoted("silent", "BTC", FEE, True, None)


def names(*markets: Quoted) -> list[tuple[str, str]]:
    return [(pair.sold.name, pair.bought.name) for pair in opportunities(markets)]


def test_rates_compare_by_the_hour() -> None:
    assert names(perp("slow", "0.0004"), perp("fast", "0.0001", hours=1)) == [("fast", "slow")]


def test_the_best_pair_of_each_underlying_comes_first() -> None:
    found = names(
        *(perp("a", "0.0001"), perp("b", "0.0002"), perp("c", "-0.0001")),
        *(perp("d", "0.0009", underlying="ETH"), perp("e", "0.0001", underlying="ETH")),
    )
    assert found == [("d", "e"), ("b", "c")]


def test_spot_is_bought_and_never_sold() -> None:
    assert names(perp("a", "0.0001"), SPOT) == [("a", "spot")]
    assert names(perp("a", "-0.0001"), SPOT) == []


def test_what_is_not_announced_is_not_taken_for_nothing() -> None:
    assert names(perp("a", "0.0001"), SILENT) == []
    assert scan_text([SILENT, SPOT]) == "no market has announced its funding"


def test_the_words_have_the_figures() -> None:
    text = scan_text([perp("a", "0.0008"), perp("b", "0.0")])
    assert "sell a (+1.0000 bps/h), buy b (+0.0000): 1.0000 bps/h" in text
    assert "four trades 20.0 bps, paid in 20 h" in text


@pytest.mark.parametrize("rate", ["0.0001", "0"])
def test_equal_rates_are_no_opportunity(rate: str) -> None:
    assert scan_text([perp("a", rate), perp("b", rate)]) == "no pair of markets would earn anything"
