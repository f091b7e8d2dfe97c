"""Lighter as settings make it: read-only, with an account, and with orders only when armed."""

import os
import subprocess
import sys

import pytest

from connectors.lighter.adapter import LighterVenue
from connectors.model.errors import ConfigError, MmrunnerError
from runner.watchdog.post import Charge, Post
from runner.wiring.lighter import lighter_venue
from tests.deploys import CHECKOUT, settings_for
from tests.support import SECOND_NS
from tests.venues.lighter.keys import private
from tests.virtual import START_NS, SetClock

KEY = "LIGHTER_SANDBOX_PRIVATE"
CANCEL_KEY = "LIGHTER_CANCEL_KEY_PRIVATE"
LIVE = "experiment=lighter_sandbox"


def made(*words: str) -> LighterVenue:
    def warn(now_ns: int, market: str, text: str) -> None:
        raise AssertionError(text)

    return lighter_venue(settings_for(*words), ("btc", "eth"), SetClock(START_NS), warn)


def test_a_recording_has_no_account_whatever_the_environment_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, private(4))
    venue = made("experiment=record_lighter")
    assert venue.account is None
    assert venue.cancel_all_out_of_loop is None


@pytest.mark.parametrize(("armed", "can_cancel"), [("true", True), ("false", False)])
def test_only_an_armed_deploy_can_send_anything(
    monkeypatch: pytest.MonkeyPatch, armed: str, can_cancel: bool
) -> None:
    monkeypatch.setenv(KEY, private(4))
    venue = made(LIVE, f"armed={armed}")
    assert venue.account is not None
    assert (venue.cancel_all_out_of_loop is not None) == can_cancel


def test_an_account_without_its_key_is_refused_by_the_name_of_where_it_should_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    with pytest.raises(ConfigError, match=f"environment variable {KEY} to hold the private half"):
        made(LIVE)
    monkeypatch.setenv(KEY, "not a key but a secret")
    with pytest.raises(MmrunnerError, match="80 hex digits") as told:
        made(LIVE)
    assert "secret" not in str(told.value)


def test_live_needs_to_know_whose_account_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, private(4))
    with pytest.raises(ConfigError, match="account_index: expected the account that trades"):
        made(LIVE, "venue.account_index=null")


def test_the_key_of_cancels_is_another_one_and_has_to_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, private(4))
    monkeypatch.delenv(CANCEL_KEY, raising=False)
    with pytest.raises(ConfigError, match="cancel_key_env: expected the environment variable"):
        made(LIVE, "armed=true", "venue.cancel_key_index=5")
    monkeypatch.setenv(CANCEL_KEY, private(5))
    assert made(LIVE, "armed=true", "venue.cancel_key_index=5").cancel_all_out_of_loop is not None
    with pytest.raises(ConfigError, match="cancel_key_index: expected another key"):
        made(LIVE, "venue.cancel_key_index=4")


SPOT = (
    "market=[btc,eth,btc_spot]",
    "markets.btc_spot.instrument.symbol=BTC/USDC",
    "markets.btc_spot.instrument.quote=USDC",
    "markets.btc_spot.wallet_base=null",
    "markets.btc_spot.wallet_quote=null",
)


def test_a_spot_market_beside_perpetuals_needs_no_wallet_in_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, private(4))
    settings = settings_for(LIVE, *SPOT)
    assert settings.markets["btc_spot"].has_told_wallet
    lighter_venue(settings, ("btc", "eth", "btc_spot"), SetClock(START_NS), print)
    assert not settings.markets["btc"].has_told_wallet


def test_a_wallet_has_one_market(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, private(4))
    settings = settings_for(LIVE, *SPOT)
    markets = {**settings.markets, "other": settings.markets["btc_spot"]}
    twice = settings.model_copy(update={"markets": markets})
    with pytest.raises(ConfigError, match=r"markets.other.* trades BTC, was btc_spot"):
        lighter_venue(twice, ("btc_spot", "other"), SetClock(START_NS), print)


def test_a_simulated_spot_market_still_needs_its_wallet() -> None:
    with pytest.raises(ConfigError, match="expected wallet_base for a spot market, was null"):
        settings_for("market=btc_spot", "markets.btc_spot.wallet_base=null")


@pytest.mark.parametrize(("armed", "is_guarded"), [("true", True), ("false", False)])
def test_an_armed_deploy_has_a_countdown_and_a_rescue(
    monkeypatch: pytest.MonkeyPatch, armed: str, is_guarded: bool
) -> None:
    monkeypatch.setenv(KEY, private(4))
    venue = made(LIVE, f"armed={armed}")
    assert (venue.countdown is not None) == is_guarded
    assert (venue.rescue is not None) == is_guarded


def test_a_countdown_is_as_long_as_configured_and_none_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, private(4))
    countdown = made(LIVE, "venue.cancel_all_after_s=900").countdown
    assert countdown is not None
    assert countdown.lasts_ns == 900 * SECOND_NS
    assert made(LIVE, "venue.cancel_all_after_s=null").countdown is None


def test_a_watchdog_is_told_where_its_key_is_and_never_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, private(4))
    rescue = made(LIVE).rescue
    assert rescue is not None
    assert (rescue.words["key_env"], rescue.words["key_index"]) == (KEY, 4)
    own = (LIVE, "venue.watchdog_key_env=DOG", "venue.watchdog_key_index=6")
    with pytest.raises(ConfigError, match="watchdog_key_env: expected the environment variable"):
        made(*own)
    monkeypatch.setenv("DOG", private(6))
    rescue = made(*own).rescue
    assert rescue is not None
    assert (rescue.words["key_env"], rescue.words["key_index"]) == ("DOG", 6)
    charge = Charge("lighter", rescue.maker, rescue.words, "a.lock")
    line = Post(5.0, "watchdog.log", [charge]).line().decode()
    assert private(6).removeprefix("0x") not in line
    assert private(4).removeprefix("0x") not in line


def test_a_watchdogs_key_has_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="both it and watchdog_key_index, or neither"):
        made(LIVE, "venue.watchdog_key_env=DOG")


SIGNING = """
import asyncio, sys
from connectors.lighter.library import PrivateKey
from connectors.lighter.trading import signer_of
from connectors.lighter.transactions import Cancel
from runner.engine.clock import SystemClock
from runner.wiring.lighter import lighter_venue
from tests.deploys import CHECKOUT, settings_for

clock = SystemClock()
settings = settings_for("experiment=lighter_sandbox", "armed=true")
venue = lighter_venue(settings, ("btc", "eth"), clock, lambda now_ns, market, text: None)
signer = signer_of(7001, 4, PrivateKey(sys.argv[1]), 300)
asyncio.run(signer.sign([Cancel(0, 1)], clock.now_ns() // 1_000_000))
signer.close()
venue.close()
print(sorted({"lighter", "eth_account", "pandas", "py_ecc"} & sys.modules.keys()))
"""


@pytest.mark.slow
def test_what_signs_and_sends_never_imports_the_venues_package() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIGNING, private(4)],
        cwd=CHECKOUT,
        env=os.environ | {KEY: private(4)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
