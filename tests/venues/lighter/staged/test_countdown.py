"""A deploy keeps the venue's countdown over its real wire, and stands when it runs out."""

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from runner.engine.session import Session
from runner.modes.built import Built
from runner.modes.guards import guards_of
from strategies import reasons as why
from tests import virtual
from tests.deploys import settings_for
from tests.stage.process import Played, Process
from tests.support import SECOND_NS
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.staged.play import LighterPlay
from tests.venues.lighter.staged.scenario import DEPLOY
from tests.virtual import VirtualClock

FIRES_S, DURATION_S = 12.0, 25.0


class Guarded(LighterPlay):
    """A play whose deploy has the guards of a live one, but for the process."""

    def deeds(self, start_ns: int) -> Sequence[Coroutine[Any, Any, None]]:
        """Let the countdown run out in the middle of it all."""
        return *super().deeds(start_ns), self._fire(start_ns + int(FIRES_S * 1e9))

    async def _run(self, session: Session, built: Built, process: Process) -> int:
        session.guards = guards_of(
            self.settings, session, self.clock, self.directory, self.directory
        )
        return await super()._run(session, built, process)

    async def _fire(self, at_ns: int) -> None:
        await self.clock.sleep_until_ns(at_ns)
        account = self.venue.exchange.accounts[ACCOUNT]
        assert account.cancel_all_ms * 1_000_000 - self.clock.now_ns() > 250 * SECOND_NS
        assert account.live_orders()
        account.cancel_all_ms = 1


@pytest.mark.slow
def test_one_that_runs_out_is_noticed_by_what_ends_and_begun_again(tmp_path: Path) -> None:
    settings = settings_for(*DEPLOY, "watchdog.silence_s=null")
    plays: list[Guarded] = []

    async def main(clock: VirtualClock) -> Played:
        plays.append(Guarded(settings, tmp_path, clock, (), 1))
        return await plays[0].run(DURATION_S)

    played = virtual.run(main)
    told = [text for _, _, text in played.warnings if "countdown" in text]
    assert played.exits == (0,)
    assert "has run out" in told[0]
    fired_ns = played.start_ns + int(FIRES_S * 1e9)
    held = [look.ns for look in played.looks if look.held & why.LINK_DOWN and look.ns > fired_ns]
    assert fired_ns < held[0] < fired_ns + 4 * SECOND_NS
    quoting = [look.ns for look in played.looks if look.is_quoting]
    assert min(quoting) > played.start_ns
    assert any(held[-1] < ns < held[0] + 6 * SECOND_NS for ns in quoting)
    account = plays[0].venue.exchange.accounts[ACCOUNT]
    assert (account.live_orders(), account.cancel_all_ms) == ([], 0)
