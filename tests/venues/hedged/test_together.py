"""Both stand-ins side by side: one price, two venues, and a deploy between them."""

from pathlib import Path

import pytest

from runner.wiring.hedging import hedges_of
from runner.wiring.markets import enabled_markets
from tests.deploys import settings_for
from tests.judges import told
from tests.venues.bybit import venue as bybit
from tests.venues.bybit.markets import chosen as at_bybit
from tests.venues.common.books import write_books
from tests.venues.common.truth import TruthLog, read
from tests.venues.hedged import sandbox
from tests.venues.hedged.naming import SYMBOLS
from tests.venues.hedged.together import follow
from tests.venues.lighter import venue as lighter
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.markets import chosen as at_lighter

START_NS = 1_795_000_000_000_000_000
NOWHERE = TruthLog(is_kept=False)


def test_markets_of_one_underlying_share_a_price_and_the_others_keep_theirs() -> None:
    leads = lighter.Venue(
        lighter.Setup(markets=at_lighter("ETH,BTC,SOL"), verify="none"), START_NS, NOWHERE
    )
    follows = bybit.Venue(bybit.Setup(markets=at_bybit(",".join(SYMBOLS))), START_NS, NOWHERE)
    follow(leads, follows)
    leads.crowd_of("SOL").leap(0.01)
    for venue in (leads, follows):
        venue.agenda.advance(START_NS + 1_000_000_000)
    price = leads.crowd_of("SOL").value_ticks / 1_000
    assert price == pytest.approx(151.5, rel=0.001)
    assert follows.crowd_of("SOLUSDT").value_ticks / 100 == pytest.approx(price, rel=1e-12)
    assert follows.crowd_of("WIFUSDT").follows is None


def test_the_deploy_names_what_trades_where() -> None:
    settings = settings_for(sandbox.EXPERIMENT)
    markets = enabled_markets(settings)
    assert hedges_of(settings) == {"btc_hedge": ["btc"], "eth_hedge": ["eth"], "sol_hedge": ["sol"]}
    there = {name for name, m in markets.items() if m.venue.name == "bybit_testnet"}
    assert there == set(sandbox.ON_BYBIT)
    assert {markets[name].instrument.symbol for name in there} == set(SYMBOLS)


@pytest.mark.slow
def test_an_armed_deploy_and_both_venues_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MMRUNNER_HOME", str(tmp_path))
    words = ("duration_s=25", "watch=none", "strategy.tolerance_bps=1", "kappa=6")
    assert sandbox.main(words) == 0
    outputs, books = tmp_path / "outputs", tmp_path / "books.sqlite"
    names = {
        market.instrument.symbol: name
        for name, market in enabled_markets(settings_for(sandbox.EXPERIMENT)).items()
    }
    lines = list(read(outputs / "sandbox" / "lighter.jsonl"))
    write_books(books, lines, ACCOUNT, str(ACCOUNT), names)
    assert told(outputs / "ledgers" / "hedged_sandbox.sqlite", books) == []
