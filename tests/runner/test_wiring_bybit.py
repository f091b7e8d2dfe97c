"""Bybit as settings make it: read-only, with an account, and with orders only when armed."""

from typing import TYPE_CHECKING

import pytest

from connectors.model.errors import ConfigError, VenueError
from runner.settings import Settings
from tests.deploys import settings_for
from tests.virtual import START_NS, SetClock

if TYPE_CHECKING:
    from connectors.ccxt.adapter import CcxtVenue

LIVE = "experiment=bybit_sandbox"
KEYS = {"BYBIT_SANDBOX_KEY": "a-key", "BYBIT_SANDBOX_SECRET": "not to be seen"}


def made(settings: Settings) -> "CcxtVenue":
    from runner.wiring.bybit import bybit_venue

    def warn(now_ns: int, market: str, text: str) -> None:
        raise AssertionError(text)

    return bybit_venue(settings, ("btc", "eth"), SetClock(START_NS), warn)


def test_only_an_armed_deploy_can_send_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    live = settings_for(LIVE)
    recording = made(settings_for("experiment=record_bybit"))
    unarmed = made(live.model_copy(update={"armed": False}))
    armed = made(live)
    assert [v.amends for v in (recording, unarmed, armed)] == [False, True, True]
    assert live.markets["btc"].venue.can_amend
    assert [v.cancel_all_out_of_loop is not None for v in (recording, unarmed, armed)] == [
        False,
        False,
        True,
    ]
    for venue in (recording, unarmed):
        with pytest.raises(VenueError, match="read-only"):
            venue.place("btc", 2176, 0, 1, 1)
    for name, value in KEYS.items():
        monkeypatch.delenv(name)
        with pytest.raises(
            ConfigError, match=f"environment variable {name} to hold a half"
        ) as told:
            made(live)
        assert "not to be seen" not in str(told.value)
        monkeypatch.setenv(name, value)


def test_an_exchange_at_a_stand_in_knows_no_way_to_anywhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from connectors.ccxt.library import exchange_of, hosts_of
    from runner.wiring.bybit import terms_of

    settings = settings_for(LIVE)
    way = terms_of(settings.markets["btc"].venue).way()  # type: ignore[arg-type]
    exchange = exchange_of(way, None, None)  # type: ignore[arg-type]
    assert hosts_of(exchange) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.rest_url=https://api.bybit.com", "expected a host of testnet, was mainnet's"),
        ("venue.private_url=ws://example.com", "expected TLS but to this machine itself"),
        ("venue.leverage=0.5", "venue.leverage"),
        ("venue.margin_mode=portfolio", "venue.margin_mode"),
    ],
)
def test_what_cannot_be_meant_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(LIVE, word)


def test_the_demo_has_the_mainnets_prices_and_no_stream_for_orders() -> None:
    settings = settings_for("experiment=record_bybit", "venue=bybit_demo")
    venue = settings.markets["btc"].venue
    assert venue.public_url == "wss://stream.bybit.com"  # type: ignore[attr-defined]
    assert venue.trade_url is None  # type: ignore[attr-defined]
