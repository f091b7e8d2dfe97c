"""Play a script at the stand-in: the real session and adapter, on virtual time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Exchange, Settings
from runner.wiring import exchange as wiring
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.bybit.markets import Market
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.hyperliquid import venue as there
from tests.venues.hyperliquid.client import keys
from tests.venues.hyperliquid.keys import ADDRESS, AGENT_KEY, UID
from tests.venues.hyperliquid.markets import chosen as markets_listed
from tests.venues.hyperliquid.staged import facts
from tests.venues.perpetuals.staged import PerpetualPlay, played


class HyperliquidPlay(PerpetualPlay):
    """The stand-in, and the deploy that trades there."""

    wiring = wiring

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=self.markets_there(),
            quota=1_000_000,
            naming=facts.naming_of(tuple(self.names)),
            script=script,
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.open_account(UID, keys())
        return venue

    def markets_there(self) -> tuple[Market, ...]:
        """Return what the stand-in lists."""
        return markets_listed(",".join(self.names))

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return facts.retold(self.names)

    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys."""
        chosen = self.chosen
        assert isinstance(chosen, Exchange)
        return {chosen.key_env: ADDRESS, chosen.secret_env: AGENT_KEY}

    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""
        return wiring.exchange_venue(self.settings, names, self.clock, warn)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""
    return played(HyperliquidPlay, settings, directory, steps, duration_s, seed)
