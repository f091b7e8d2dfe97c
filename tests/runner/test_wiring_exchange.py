"""Exchanges as settings make them: with an account, and with orders only when armed."""

from typing import TYPE_CHECKING

import pytest

from connectors.metered import Metered
from connectors.model.errors import ConfigError, VenueError
from runner.settings import Settings
from runner.settings.unoffered import UNOFFERED
from runner.wiring.venues import require_real, venues_of
from tests.deploys import settings_for
from tests.virtual import START_NS, SetClock

if TYPE_CHECKING:
    from connectors.ccxt.adapter import CcxtVenue

LIVE = "experiment=binance_sandbox"
AT_OKX = "experiment=okx_sandbox"
OF_SPOT = "experiment=binance_spot_sandbox"
AT_MEXC = "experiment=mexc_sandbox"
AT_HYPERLIQUID = "experiment=hyperliquid_sandbox"
BINANCE_KEYS = ("BINANCE_SANDBOX_KEY", "BINANCE_SANDBOX_SECRET")
AT_KUCOIN = "experiment=kucoin_sandbox"
KUCOIN_KEYS = ("KUCOIN_SANDBOX_KEY", "KUCOIN_SANDBOX_SECRET", "KUCOIN_SANDBOX_PASSPHRASE")
MEXC_KEYS = ("MEXC_SANDBOX_KEY", "MEXC_SANDBOX_SECRET")
OKX_KEYS = ("OKX_SANDBOX_KEY", "OKX_SANDBOX_SECRET", "OKX_SANDBOX_PASSPHRASE")


def made(settings: Settings, *names: str) -> "CcxtVenue":
    from runner.wiring.exchange import exchange_venue

    def warn(now_ns: int, market: str, text: str) -> None:
        raise AssertionError(text)

    return exchange_venue(settings, names or ("btc", "eth"), SetClock(START_NS), warn)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*BINANCE_KEYS, *MEXC_KEYS, *OKX_KEYS, *KUCOIN_KEYS):
        monkeypatch.setenv(name, "not to be seen")


@pytest.mark.parametrize("experiment", [LIVE, AT_OKX])
def test_only_an_armed_deploy_can_send_anything(experiment: str) -> None:
    live = settings_for(experiment)
    unarmed, armed = made(live.model_copy(update={"armed": False})), made(live)
    assert live.markets["btc"].venue.can_amend
    assert (unarmed.cancel_all_out_of_loop, unarmed.countdown) == (None, None)
    assert armed.cancel_all_out_of_loop is not None
    assert armed.countdown is not None
    assert armed.countdown.lasts_ns == 60_000_000_000
    with pytest.raises(VenueError, match="read-only"):
        unarmed.place("btc", 2176, 0, 1, 1)


@pytest.mark.parametrize(
    ("experiment", "name", "what"),
    [
        *((LIVE, name, "a half") for name in BINANCE_KEYS),
        *((AT_OKX, name, "a half") for name in OKX_KEYS[:2]),
        (AT_OKX, OKX_KEYS[2], "the API key's passphrase"),
        (AT_KUCOIN, KUCOIN_KEYS[2], "the API key's passphrase"),
    ],
)
def test_a_key_that_is_not_there_is_asked_for_by_name(
    experiment: str, name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ConfigError, match=f"environment variable {name} to hold {what}") as told:
        made(settings_for(experiment))
    assert "not to be seen" not in str(told.value)


@pytest.mark.parametrize("experiment", [LIVE, AT_OKX, AT_KUCOIN])
def test_an_exchange_at_a_stand_in_knows_no_way_to_anywhere_else(experiment: str) -> None:
    from connectors.ccxt.library import exchange_of, hosts_of
    from runner.wiring.exchange import where_of

    chosen = settings_for(experiment).markets["btc"].venue
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


@pytest.mark.parametrize("experiment", [OF_SPOT, AT_MEXC])
def test_spot_has_its_orders_cancelled_by_a_watchdog_or_is_not_armed(experiment: str) -> None:
    armed = made(settings_for(experiment), "btc_spot")
    assert armed.countdown is None
    assert armed.rescue is not None
    assert "not to be seen" not in str(armed.rescue.words)
    assert made(settings_for(experiment, "armed=false"), "btc_spot").rescue is None
    with pytest.raises(ConfigError, match=r"watchdog.silence_s: expected seconds .* was null"):
        made(settings_for(experiment, "watchdog.silence_s=null"), "btc_spot")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.public=ccxt", "expected native here, was ccxt: it finds no holes"),
        ("venue.rest_url=https://api.mexc.com", "expected a host of testnet, was mainnet's"),
        ("venue.countdown_s=60", "expected null on spot, was 60"),
    ],
)
def test_what_cannot_be_meant_at_mexc_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(AT_MEXC, word)


@pytest.fixture
def hyperliquid_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPERLIQUID_SANDBOX_ADDRESS", "0x" + "1" * 40)
    monkeypatch.setenv("HYPERLIQUID_SANDBOX_AGENT_KEY", "0x" + "2" * 64)


@pytest.mark.usefixtures("hyperliquid_keys")
def test_hyperliquid_counts_requests_and_has_its_orders_cancelled_by_a_watchdog() -> None:
    armed = made(settings_for(AT_HYPERLIQUID))
    assert isinstance(armed, Metered)
    assert (armed.countdown, armed.amends) == (None, False)
    assert armed.rescue is not None
    assert armed.rescue.words["network"] == "testnet"
    assert "2" * 64 not in str(armed.rescue.words)
    assert made(settings_for(AT_HYPERLIQUID, "armed=false")).rescue is None
    with pytest.raises(ConfigError, match=r"watchdog.silence_s: expected seconds .* was null"):
        made(settings_for(AT_HYPERLIQUID, "watchdog.silence_s=null"))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.public=ccxt", "expected native here, was ccxt: it finds no holes"),
        ("venue.rest_url=https://api.hyperliquid.xyz", "expected a host of testnet, was mainnet's"),
        ("venue.countdown_s=60", "expected null, was 60: there is none here"),
    ],
)
def test_what_cannot_be_meant_at_hyperliquid_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(AT_HYPERLIQUID, word)


def test_two_spot_markets_of_one_account_do_not_count_on_the_same_money() -> None:
    settings = settings_for(OF_SPOT)
    (market,) = settings.markets.values()
    both = settings.model_copy(update={"markets": {"eth": market, "again": market}})
    with pytest.raises(ConfigError, match="trades ETH, was eth: both would count on the same"):
        made(both, "eth", "again")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.ws_url=wss://ws.okx.com:8443", "expected a host of demo, was mainnet's"),
        ("venue.countdown_s=300", "expected at most 120 here"),
        ("venue.margin_mode=as_it_is", "expected cross or isolated"),
        ("venue.passphrase_env=null", "expected the name of an environment variable"),
        ("venue=okx", "expected false on mainnet"),
    ],
)
def test_what_cannot_be_meant_at_okx_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(AT_OKX, word)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("venue.countdown_s=60", "expected null, was 60"),
        ("venue.margin_mode=as_it_is", "expected cross or isolated"),
        ("venue.leverage=null", "expected a whole number"),
        ("venue.passphrase_env=null", "expected the name of an environment variable"),
        ("venue.public=ccxt", "expected native here"),
        ("venue.network=demo", "or testnet with a stand-in on this machine"),
        ("venue.rest_url=https://elsewhere.com", "or testnet with a stand-in on this machine"),
        ("venue.rest_url=https://api-futures.kucoin.com", "expected a host of testnet"),
        ("venue.network=mainnet", "expected false on mainnet"),
    ],
)
def test_what_cannot_be_meant_at_kucoin_is_refused(word: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        settings_for(AT_KUCOIN, word)


def test_kucoin_is_watched_over_by_our_watchdog_alone() -> None:
    live = settings_for(AT_KUCOIN)
    venue = made(live)
    assert not live.markets["btc"].venue.can_amend
    assert (venue.countdown, venue.amends) == (None, False)
    assert venue.rescue is not None
    assert venue.rescue.words["passphrase_env"] == KUCOIN_KEYS[2]
    assert venue.rescue.words["symbols"] == "XBTUSDTM,ETHUSDTM"
    assert "not to be seen" not in str(venue.rescue)
    with pytest.raises(ConfigError, match="only the watchdog cancels"):
        made(settings_for(AT_KUCOIN, "watchdog.silence_s=null"))
    assert made(live.model_copy(update={"armed": False})).rescue is None


def test_a_demo_is_asked_at_the_mainnets_door_and_says_that_it_is_one() -> None:
    from connectors.ccxt.okx import Okx

    def marks(*words: str) -> object:
        parts = made(settings_for(AT_OKX, *words, "armed=false"))._parts
        assert isinstance(parts, Okx)
        signed = parts.exchange.sign("account/config", ["private"], "GET", {})
        return signed["headers"].get("x-simulated-trading")

    door = ("venue.rest_url=https://www.okx.com", "venue.ws_url=wss://wspap.okx.com:8443")
    assert marks(*door) == "1"
    assert marks("venue=okx", "venue.rest_url=null", "venue.ws_url=null", *OWN_KEYS) is None


OWN_KEYS = tuple(
    f"venue.{key}={name}"
    for key, name in zip(("key_env", "secret_env", "passphrase_env"), OKX_KEYS, strict=True)
)


@pytest.mark.parametrize("name", UNOFFERED)
@pytest.mark.parametrize("mode", ["record", "live", "paper"])
def test_an_exchange_that_is_not_offered_says_why(name: str, mode: str) -> None:
    settings = settings_for(f"mode={mode}", "market=btc", f"venue={name}", "profile=base")
    with pytest.raises(ConfigError, match=f"{name} is not offered: .*{UNOFFERED[name][:20]}"):
        venues_of(settings, SetClock(START_NS), None, lambda *_: None)
    if mode == "live":
        with pytest.raises(ConfigError, match=f"{name} is not offered"):
            require_real(settings)
