"""Exchanges as settings make them: with an account, and with orders only when armed."""

from typing import TYPE_CHECKING

import pytest

from connectors.model.errors import ConfigError, VenueError
from runner.settings import Settings
from runner.settings.unoffered import UNOFFERED
from runner.wiring.venues import require_real, venues_of
from tests.deploys import settings_for
from tests.virtual import START_NS, SetClock

if TYPE_CHECKING:
    from connectors.ccxt.adapter import CcxtVenue

LIVE = "experiment=binance_sandbox"
KEYS = {"BINANCE_SANDBOX_KEY": "a-key", "BINANCE_SANDBOX_SECRET": "not to be seen"}


def made(settings: Settings) -> "CcxtVenue":
    from runner.wiring.exchange import exchange_venue

    def warn(now_ns: int, market: str, text: str) -> None:
        raise AssertionError(text)

    return exchange_venue(settings, ("btc", "eth"), SetClock(START_NS), warn)


def test_only_an_armed_deploy_can_send_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    live = settings_for(LIVE)
    unarmed, armed = made(live.model_copy(update={"armed": False})), made(live)
    assert live.markets["btc"].venue.can_amend
    assert (unarmed.cancel_all_out_of_loop, unarmed.countdown) == (None, None)
    assert armed.cancel_all_out_of_loop is not None
    assert armed.countdown is not None
    assert armed.countdown.lasts_ns == 60_000_000_000
    with pytest.raises(VenueError, match="read-only"):
        unarmed.place("btc", 2176, 0, 1, 1)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_is_not_there_is_asked_for_by_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each, value in KEYS.items():
        monkeypatch.setenv(each, value)
    monkeypatch.delenv(name)
    with pytest.raises(ConfigError, match=f"environment variable {name} to hold a half") as told:
        made(settings_for(LIVE))
    assert "not to be seen" not in str(told.value)


def test_an_exchange_at_a_stand_in_knows_no_way_to_anywhere_else() -> None:
    from connectors.ccxt.library import exchange_of, hosts_of
    from runner.wiring.exchange import where_of

    chosen = settings_for(LIVE).markets["btc"].venue
    exchange = exchange_of(where_of(chosen).way(), None, None)  # type: ignore[arg-type]
    assert hosts_of(exchange) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.rest_url=https://fapi.binance.com", "expected a host of testnet, was mainnet's"),
        ("venue.ws_url=ws://example.com", "expected TLS but to this machine itself"),
        ("venue.rest_url=null", "expected an address of testnet, was null"),
        ("venue.leverage=2.5", "venue.leverage"),
        ("venue.countdown_s=5", "venue.countdown_s"),
        ("venue=binance_usdm", "expected false on mainnet"),
    ],
)
def test_what_cannot_be_meant_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(LIVE, word)


@pytest.mark.parametrize("name", UNOFFERED)
@pytest.mark.parametrize("mode", ["record", "live", "paper"])
def test_an_exchange_that_is_not_offered_says_why(name: str, mode: str) -> None:
    settings = settings_for(f"mode={mode}", "market=btc", f"venue={name}", "profile=base")
    with pytest.raises(ConfigError, match=f"{name} is not offered: .*{UNOFFERED[name][:20]}"):
        venues_of(settings, SetClock(START_NS), None, lambda *_: None)
    if mode == "live":
        with pytest.raises(ConfigError, match=f"{name} is not offered"):
            require_real(settings)
