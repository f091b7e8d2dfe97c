"""Flatten: nothing of ours rests, and where that is asked for nothing is held, by the venue's word.

The venue is the stand-in of Lighter behind its real adapter, on virtual time.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.model.errors import ConfigError
from connectors.model.orders import ID_STRIDE, SLOTS
from runner.engine.ledger.kind import begin_live
from runner.engine.lock import DeployLock
from runner.modes import flatten, flatten_words, live
from runner.places import Places, RunDirectory
from tests import judges, virtual
from tests.connectors.lighter.trader import Trader
from tests.deploys import CHECKOUT, settings_for
from tests.runner.modes.test_live import counted, places_in
from tests.sessions import run_session
from tests.venues.lighter.keys import ACCOUNT
from tests.virtual import VirtualClock

DEPLOY = ("experiment=lighter_sandbox", "mode=flatten")
OURS = 7 * ID_STRIDE + 1 * SLOTS
"""An id that the second market, ETH, gives; `FOREIGN` is one that nobody here gives."""
FOREIGN = 1_795_000_000_000
TAKES = {"TimeInForce": 0, "Price": 310_000, "BaseAmount": 700}


@dataclass
class Scene:
    """A deploy at the stand-in, what is done before it is flattened, and what came of it."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    said: list[str] = field(default_factory=list)
    code: int | None = None

    def run(
        self, before: Callable[[Trader], None], *words: str, steps: Any = (), **setup: Any
    ) -> Trader:
        """Flatten; return the stand-in."""
        places = Places(self.home, CHECKOUT, RunDirectory(self.home / "run"))
        places.made(places.ledgers)
        begin_live(places.ledger("lighter_sandbox"))
        settings = flatten.without_files(settings_for(*DEPLOY, *words))
        self.monkeypatch.setattr("runner.modes.flatten.complain", self.said.append)

        async def main(clock: VirtualClock) -> Trader:
            stand = Trader(clock, *steps, **setup)
            venues = {"lighter_testnet": stand.venue}
            for module in (live, flatten_words):
                self.monkeypatch.setattr(module, "venues_of", lambda *_: venues)
            keeper = asyncio.create_task(stand.way.keep_time())
            await asyncio.sleep(1)
            before(stand)
            await asyncio.sleep(1)
            if not settings.armed:
                self.code = await flatten_words.would(settings, clock)
            else:
                with ExitStack() as held:
                    make = flatten.maker_of(settings, places, clock, held)
                    self.code = await flatten.flattened(settings, places, clock, make)
            keeper.cancel()
            return stand

        return virtual.run(main)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(tmp_path, monkeypatch)


def three_orders_and_a_position(stand: Trader) -> None:
    """Leave two orders of ours, one of somebody's, and a long position in ETH."""
    stand.trade(OURS)
    stand.trade(OURS + ID_STRIDE)
    stand.trade(FOREIGN)
    stand.trade(OURS + 2 * ID_STRIDE, **TAKES)


def position_lots(stand: Trader) -> int:
    """Return what the account truly holds of ETH."""
    return stand.there.exchange.accounts[ACCOUNT].position(0).lots


def test_ours_are_cancelled_until_the_venue_proves_it_and_the_rest_stays(scene: Scene) -> None:
    stand = scene.run(three_orders_and_a_position)
    assert scene.code == 0
    assert stand.resting() == {FOREIGN}
    assert position_lots(stand) == 700


def test_asked_to_it_closes_and_cancels_what_is_not_ours(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    def before(stand: Trader) -> None:
        three_orders_and_a_position(stand)
        stand.trade(0)  # without an id of its client, as a person's is

    stand = scene.run(before, "flatten.close=true", "flatten.foreign=true")
    assert scene.code == 0
    assert stand.resting() == set()
    assert position_lots(stand) == 0
    ledger = scene.home / "outputs" / "ledgers" / "lighter_sandbox.sqlite"
    assert counted(ledger, "SELECT COUNT(*) FROM orders WHERE sent_ns IS NOT NULL") > 0
    assert "eth: no order of ours rests, 0.0000 ETH held\n" in capsys.readouterr().out


def test_orders_that_the_venue_will_not_end_are_told_and_the_code_says_so(scene: Scene) -> None:
    step = {"when": "cancel", "times": 999, "do": "refuse", "code": 21500}
    stand = scene.run(three_orders_and_a_position, "flatten.within_s=20", steps=[step])
    assert scene.code == 3
    assert stand.resting() > {FOREIGN}
    assert "eth: it is not proven that no order rests: look at the venue" in scene.said


def test_a_position_that_cannot_be_closed_is_told_and_the_code_says_so(scene: Scene) -> None:
    step = {"when": "place", "nth": 5, "times": 999, "do": "refuse", "code": 21701}
    words = ("flatten.close=true", "flatten.within_s=30")
    stand = scene.run(three_orders_and_a_position, *words, steps=[step])
    assert scene.code == 3
    assert position_lots(stand) == 700
    small = "the venue takes no order as small as what is left"
    assert f"eth: flatten: {small}; 0.0700 ETH left" in scene.said
    assert scene.said[-1] == "eth: not flat: 0.0700 ETH left: look at the venue"


def test_unarmed_it_says_what_it_would_do_and_sends_nothing(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("armed=false", "flatten.close=true")
    stand = scene.run(three_orders_and_a_position, *words)
    assert scene.code == 3
    assert len(stand.resting()) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "btc: nothing to do"
    assert said[1] == f"eth: would cancel order {OURS} of 0.1000 ETH at 2990.00"
    assert said[3] == "eth: would sell 0.0700 ETH at the market, reduce-only"
    assert said[4].startswith("nothing was sent: ")


def test_with_nothing_to_do_it_is_done_at_once(scene: Scene) -> None:
    stand = scene.run(lambda stand: None, "flatten.close=true")
    assert (scene.code, stand.executed()) == (0, 0)


def test_a_deploy_that_runs_is_not_flattened(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    lock = DeployLock(places.lock("default"))
    with lock, pytest.raises(ConfigError, match=r"process \d+ does: stop it, or use mode=kill"):
        flatten.run(settings_for("mode=flatten"), places)


def test_paper_positions_are_closed_too(tmp_path: Path) -> None:
    places = places_in(tmp_path)
    words = ("market=btc", "kappa=6", "strategy.fill_lockout_ms=0")
    account, ledger = places.ledgers / "default.paper.sqlite", places.ledger("default")
    paper = settings_for(*words, "duration_s=20")
    finished = run_session(paper, tmp_path, account=account, ledger=ledger)
    assert finished.built.workers[0].market.desk.orders.position_lots
    settings = flatten.without_files(settings_for(*words, "mode=flatten", "flatten.close=true"))

    async def main(clock: VirtualClock) -> int:
        make = flatten.maker_of(settings, places, clock, ExitStack())
        return await flatten.flattened(settings, places, clock, make)

    assert virtual.run(main, finished.ended_ns) == 0
    assert judges.told(ledger, account) == []
    lots = "SELECT SUM(CASE side WHEN 0 THEN lots ELSE -lots END) FROM trades"
    assert counted(account, lots) == 0
