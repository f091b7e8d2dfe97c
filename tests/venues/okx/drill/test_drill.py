"""The drill at the stand-in of OKX: it says what to play, and in small it holds."""

from pathlib import Path

import pytest

from connectors.ccxt.ids import Codec
from runner.wiring.markets import enabled_markets
from tests.deploys import settings_for
from tests.venues.common.drill.run import drilled
from tests.venues.okx.drill.place import NAMING, PLACE
from tests.venues.okx.scenario import step_of


def test_every_fault_of_a_drill_is_one_of_the_venues() -> None:
    for words in (*PLACE.faults.shares(1.0), *PLACE.faults.deeds):
        assert step_of(words).name in PLACE.faults.names()


def test_the_markets_that_fill_are_those_that_trade() -> None:
    markets = enabled_markets(settings_for(*PLACE.words)).values()
    assert {market.instrument.symbol for market in markets} == set(PLACE.faults.markets)


def test_the_truth_counts_orders_as_the_ledger_does() -> None:
    assert NAMING.client_id(Codec("ETH-USDT-SWAP").text(8755)) == 8755


@pytest.mark.slow
def test_a_short_drill_finds_nothing(tmp_path: Path) -> None:
    verdict = drilled(PLACE, tmp_path / "home", 0.8, seed=2)
    assert verdict.findings == []
    assert verdict.looks["every_fill_once"] >= 2
