"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Exchange, Settings
from runner.wiring import exchange as wiring
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.binance import venue as there
from tests.venues.binance.client import keys
from tests.venues.binance.keys import API_KEY, SECRET, UID
from tests.venues.binance.markets import chosen as markets_listed
from tests.venues.bybit.staged.facts import spelled
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.perpetuals.staged import PerpetualPlay, naming_of, played

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "exchangeInfo": "listing",
    "depth": "book",
    "income": "payments",
}
"""What the stage calls a read, or would."""


class BinancePlay(PerpetualPlay):
    """The stand-in, and the deploy that trades there."""

    wiring = wiring

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            orders_per_10s=None,
            naming=naming_of(tuple(self.names), lambda made: str(made.number)),
            script=script,
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.open_account(UID, keys())
        return venue

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return Retold(UID, self.names, READS, spelled)

    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys."""
        chosen = self.chosen
        assert isinstance(chosen, Exchange)
        return {chosen.key_env: API_KEY, chosen.secret_env: SECRET}

    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""
        return wiring.exchange_venue(self.settings, names, self.clock, warn)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""
    return played(BinancePlay, settings, directory, steps, duration_s, seed)
