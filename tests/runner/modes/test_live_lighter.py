"""An armed start at Lighter asks for the account's terms first, and refuses what costs money."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.lighter.trading import leverage_of
from connectors.model.errors import ConfigError, VenueError
from runner.engine.ledger.kind import begin_live
from runner.modes import live
from runner.modes.built import Built
from runner.modes.flatten import without_files
from runner.modes.outcome import DecisionFiles
from runner.wiring.lighter import expectations_of
from tests import virtual
from tests.connectors.lighter.trader import KEY, Trader
from tests.deploys import settings_for
from tests.runner.modes.test_live import places_in
from tests.venues.lighter.keys import ACCOUNT
from tests.virtual import VirtualClock

DEPLOY = ("experiment=lighter_sandbox", f"venue.key_index={KEY}")


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Trader]:
    """Build an armed deploy at the stand-in; return the stand-in."""

    def start(*words: str) -> Trader:
        places = places_in(tmp_path)
        begin_live(places.ledger("lighter_sandbox"))
        settings = without_files(settings_for(*DEPLOY, *words))

        async def main(clock: VirtualClock) -> Trader:
            stand = Trader(clock)
            stand.venue.expected = expectations_of(settings, ["btc", "eth"])
            if settings.armed:
                stand.venue.leverage = leverage_of(stand.network, stand.http, stand.signer)
            monkeypatch.setattr(live, "venues_of", lambda *_: {"lighter_testnet": stand.venue})
            keeper = asyncio.create_task(stand.way.keep_time())
            with ExitStack() as held:
                files = DecisionFiles(tmp_path, "none")
                built: Built = await live.build_live(settings, places, clock, held, tmp_path, files)
                built.close(clock.now_ns(), 0)
            keeper.cancel()
            return stand

        return virtual.run(main)

    return start


def test_an_account_as_configured_is_taken(started: Callable[..., Trader]) -> None:
    assert started().signer.is_closed


def test_higher_fees_than_reckoned_with_refuse_the_start(started: Callable[..., Trader]) -> None:
    with pytest.raises(ConfigError, match=r"markets.btc: venue.maker_fee_bps: expected 0.4, what"):
        started("venue.maker_fee_bps=0")


def test_unarmed_the_same_is_only_told(
    started: Callable[..., Trader], capsys: pytest.CaptureFixture[str]
) -> None:
    started("venue.maker_fee_bps=0", "armed=false")
    assert "markets.btc: venue.maker_fee_bps: expected 0.4" in capsys.readouterr().err


def test_flattening_asks_for_no_terms(started: Callable[..., Trader]) -> None:
    words = ("venue.maker_fee_bps=0", "venue.margin.mode=isolated", "venue.margin.leverage=4")
    assert started("mode=flatten", *words).signer.signed == []


def test_leverage_is_set_before_anything_is_quoted(started: Callable[..., Trader]) -> None:
    stand = started("markets.eth.venue.margin={mode: isolated, leverage: 4}")
    account = stand.there.exchange.accounts[ACCOUNT]
    assert (account.position(0).margin_1e4, account.position(0).margin_mode) == (2_500, 1)
    assert account.position(1).margin_1e4 == 0


def test_a_leverage_that_the_market_does_not_allow_refuses_the_start(
    started: Callable[..., Trader],
) -> None:
    with pytest.raises(VenueError, match=r"markets.btc.venue.margin: cross at leverage 200 was"):
        started("venue.margin.mode=cross", "venue.margin.leverage=200")
