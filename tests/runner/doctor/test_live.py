"""The doctor says what stands between a live deploy and its first order, and changes nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.command import start
from runner.doctor.account import look
from runner.doctor.finding import Finding, Verdict, worst
from runner.doctor.house import check_house
from runner.engine.latch import Latch
from runner.engine.ledger.kind import begin_live
from runner.engine.lock import DeployLock
from runner.wiring.lighter import expectations_of
from tests import virtual
from tests.connectors.lighter.trader import KEY, Trader
from tests.deploys import settings_for
from tests.runner.modes.test_flatten import three_orders_and_a_position
from tests.runner.modes.test_live import places_in
from tests.virtual import VirtualClock

DEPLOY = ("experiment=lighter_sandbox", "mode=doctor", f"venue.key_index={KEY}")


def asked(
    *words: str, before: Callable[[Trader], None] = lambda stand: None, steps: Any = ()
) -> list[Finding]:
    """Ask the doctor about a deploy at the stand-in."""
    settings = settings_for(*DEPLOY, *words)

    async def main(clock: VirtualClock) -> list[Finding]:
        stand = Trader(clock, *steps)
        stand.venue.expected = expectations_of(settings, ["btc", "eth"])
        keeper = asyncio.create_task(stand.way.keep_time())
        await asyncio.sleep(1)
        before(stand)
        await asyncio.sleep(1)
        truth = len(stand.resting()), stand.executed()
        found = await look(settings, clock, lambda *_: {"lighter_testnet": stand.venue})
        keeper.cancel()
        assert (len(stand.resting()), stand.executed()) == truth
        return found

    return virtual.run(main)


def said(found: list[Finding]) -> str:
    """Return all lines."""
    return "\n".join(f"{finding.about}: {finding.text}" for finding in found)


def test_a_deploy_that_may_be_armed_is_good() -> None:
    found = asked()
    assert worst(finding.verdict for finding in found) is Verdict.GOOD, said(found)
    assert "eth: listed as configured, mid 30" in said(found)
    assert "lighter_testnet: tier premium" in said(found)


def test_what_is_there_already_is_told() -> None:
    text = said(asked(before=three_orders_and_a_position))
    assert "eth: 2 orders of ours rest: a start cancels them" in text
    assert "eth: beware: 1 orders of others rest" in text
    assert "eth: beware: 0.0700 ETH are held, a start takes them over" in text


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("account_id=7", "account_id: expected 7001, was 7"),
        ("venue.key_index=9", "expected API key 9 to be registered"),
        ("venue.maker_fee_bps=0", "venue.maker_fee_bps: expected 0.4, what the venue takes, was 0"),
        ("markets.eth.order_size_quote=10", "markets.eth.order_size: expected at least 0.0050 ETH"),
    ],
)
def test_what_prevents_arming_is_one_line_and_no_other_finding_is_lost(
    word: str, line: str
) -> None:
    found = asked(word)
    refused = [f.text for f in found if f.verdict is Verdict.UNUSABLE]
    assert any(line in text for text in refused), said(found)
    assert len(found) > len(refused)


def test_a_venue_that_is_busy_is_asked_again() -> None:
    step = {"when": "accountLimits", "times": 20, "do": "http", "status": 502, "text": "<html>"}
    found = asked(steps=[step])
    assert worst(finding.verdict for finding in found) is Verdict.GOOD, said(found)


def test_the_house_is_looked_at_before_any_venue(tmp_path: Path) -> None:
    places, settings = places_in(tmp_path), settings_for(*DEPLOY)
    begin_live(places.ledger(settings.deploy))
    assert {f.verdict for f in check_house(settings, places)} == {Verdict.GOOD}
    Latch.of(places, settings.deploy).set("a test", "to see", virtual.START_NS)
    with DeployLock(places.lock(settings.deploy)):
        (runs, latched) = [
            f.text for f in check_house(settings, places) if f.verdict is Verdict.UNUSABLE
        ]
    assert runs.endswith("runs it: stop that one first")
    assert latched.endswith("mode=unlatch deploy=lighter_sandbox lifts that")


def test_a_deploy_without_books_and_key_is_told_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIGHTER_SANDBOX_PRIVATE", raising=False)
    assert start(list(DEPLOY), {"MMRUNNER_HOME": str(tmp_path)}) == 2
    printed = capsys.readouterr().out
    assert "the first time, run mode=init with the same deploy=NAME" in printed
    assert "expected the environment variable LIGHTER_SANDBOX_PRIVATE" in printed
    assert printed.splitlines()[-1] == "account: unusable"


def test_nothing_is_made_where_the_doctor_looks(tmp_path: Path) -> None:
    home = tmp_path / "home"
    start(list(DEPLOY), {"MMRUNNER_HOME": str(home)})
    assert not home.exists()
