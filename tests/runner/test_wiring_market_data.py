"""Exchanges that are read, as settings make them."""

import pytest

from connectors.model.errors import ConfigError, VenueError
from tests.deploys import settings_for
from tests.virtual import START_NS, SetClock

NAMES = ("binance", "binance_usdm", "hyperliquid", "okx", "kucoin_futures")


def warn(now_ns: int, market: str, text: str) -> None:
    raise AssertionError(text)


@pytest.mark.parametrize("venue", NAMES)
def test_a_recording_reads_and_a_live_deploy_is_refused(venue: str) -> None:
    from runner.wiring.market_data import market_data_venue

    chosen = (f"venue={venue}", "market=btc", "profile=base")
    read = market_data_venue(
        settings_for(*chosen, "mode=record"), ("btc",), SetClock(START_NS), warn
    )
    assert read.cancel_all_out_of_loop is None
    with pytest.raises(VenueError, match="read-only"):
        read.cancel("btc", 2176)
    live = settings_for(*chosen, "mode=live")
    with pytest.raises(
        ConfigError, match=f"expected mode=record or paper with {venue}, was mode=live"
    ):
        market_data_venue(live, ("btc",), SetClock(START_NS), warn)


def test_mexc_is_read_without_a_key_and_never_by_ccxt() -> None:
    from connectors.ccxt.native.parts import NativeOnly
    from runner.wiring.market_data import market_data_venue

    words = ("venue=mexc", "mode=record", "market=btc_spot", "profile=base")
    read = market_data_venue(settings_for(*words), ("btc_spot",), SetClock(START_NS), warn)
    assert isinstance(read._parts, NativeOnly)
    with pytest.raises(ConfigError, match="expected native here, was ccxt"):
        settings_for(*words, "venue.public=ccxt")


def test_a_plain_connection_goes_to_this_machine_alone() -> None:
    with pytest.raises(ConfigError, match="expected TLS"):
        settings_for("venue=okx", "mode=record", "market=btc", "venue.ws_url=ws://example.com")
