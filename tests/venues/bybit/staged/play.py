"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Bybit, Settings
from runner.wiring import bybit as wiring
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.bybit import venue as there
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.markets import chosen as markets_listed
from tests.venues.bybit.staged import facts
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.perpetuals.staged import PerpetualPlay, played


class BybitPlay(PerpetualPlay):
    """The stand-in, and the deploy that trades there."""

    wiring = wiring

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            limits=Limits(has_rates=False),
            naming=facts.naming_of(tuple(self.names)),
            script=script,
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.open_account(UID, keys())
        return venue

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return facts.retold(self.names)

    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys."""
        chosen = self.chosen
        assert isinstance(chosen, Bybit)
        return {chosen.key_env: API_KEY, chosen.secret_env: SECRET}

    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""
        return wiring.bybit_venue(self.settings, names, self.clock, warn)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""
    return played(BybitPlay, settings, directory, steps, duration_s, seed)
