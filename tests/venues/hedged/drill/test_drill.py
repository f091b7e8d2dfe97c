"""The drill at both stand-ins: it says what to play, and in small it holds."""

from pathlib import Path

import pytest

from runner.wiring.markets import enabled_markets
from tests.deploys import settings_for
from tests.venues.bybit import scenario as at_bybit
from tests.venues.hedged.drill.exposure import books_of
from tests.venues.hedged.drill.places import BANDS, BYBIT, LIGHTER, WORDS
from tests.venues.hedged.drill.run import drilled
from tests.venues.lighter import scenario as at_lighter


def test_every_market_fills_where_it_trades() -> None:
    markets = enabled_markets(settings_for(*WORDS)).values()
    symbols = {market.instrument.symbol for market in markets}
    assert symbols == {*LIGHTER.faults.markets, *BYBIT.faults.markets}
    for place, of in ((LIGHTER, at_lighter), (BYBIT, at_bybit)):
        for words in (*place.faults.shares(1.0), *place.faults.deeds):
            assert of.step_of(words).name in place.faults.names()


def test_what_is_hedged_has_a_band_and_a_budget() -> None:
    books = books_of(settings_for(*WORDS))
    assert {book.hedge for book in books} == BANDS.keys()
    assert [book.hedged for book in books] == [["btc"], ["eth"], ["sol"]]


@pytest.mark.slow
def test_a_short_drill_finds_nothing(tmp_path: Path) -> None:
    verdict = drilled(tmp_path / "home", 0.8, seed=2, kills=True)
    assert verdict.findings == []
    assert verdict.looks["every_fill_once"] >= 2
