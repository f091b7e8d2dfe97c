"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Exchange, Settings
from runner.wiring import exchange as wiring
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.okx import venue as there
from tests.venues.okx.client import keys
from tests.venues.okx.keys import API_KEY, PASSPHRASE, SECRET, UID
from tests.venues.okx.markets import chosen as markets_listed
from tests.venues.okx.staged import facts
from tests.venues.perpetuals.staged import PerpetualPlay, played


class OkxPlay(PerpetualPlay):
    """The stand-in, and the deploy that trades there."""

    wiring = wiring

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            orders_per_2s=None,
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
        assert isinstance(chosen, Exchange)
        named = (chosen.key_env, chosen.secret_env, str(chosen.passphrase_env))
        return dict(zip(named, (API_KEY, SECRET, PASSPHRASE), strict=True))

    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""
        return wiring.exchange_venue(self.settings, names, self.clock, warn)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""
    return played(OkxPlay, settings, directory, steps, duration_s, seed)
