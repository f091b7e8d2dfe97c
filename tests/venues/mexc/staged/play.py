"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from runner.settings import Exchange, Settings
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.binance_spot.markets import LISTED, chosen
from tests.venues.binance_spot.staged.play import READS, SpotPlay
from tests.venues.bybit.orders import Execution
from tests.venues.bybit.staged.facts import spelled_of
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.mexc import venue as there
from tests.venues.mexc.keys import API_KEY, SECRET, UID, keys
from tests.venues.mexc.shapes import deal_id, order_id
from tests.venues.mexc.venue import HELD
from tests.venues.perpetuals.staged import naming_of, played


def number(made: Execution) -> str:
    """Return what the adapter numbers a trade by."""
    return f"{order_id(made.order) if made.order else ''}:{deal_id(made)}"


class MexcPlay(SpotPlay):
    """The stand-in, and the deploy that trades there."""

    in_mx = False
    held: Mapping[str, Decimal] = HELD

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:  # type: ignore[override]
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=chosen(",".join(self.names)),
            naming=naming_of(tuple(self.names), number),
            script=script,
            held=dict(self.held),
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.wallets.in_mx, venue.wallets.taker_1e6 = self.in_mx, 10
        venue.open_account(UID, keys())
        return venue

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return Retold(UID, self.names, READS, spelled_of(LISTED))

    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys."""
        mine = self.chosen
        assert isinstance(mine, Exchange)
        return {mine.key_env: API_KEY, mine.secret_env: SECRET}


class FromNothing(MexcPlay):
    """A play whose account has traded nothing before: it holds no base."""

    held: Mapping[str, Decimal] = {"USDT": Decimal(12_000)}


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a row of the fault matrix on a virtual loop of its own."""
    return played(FromNothing, settings, directory, steps, duration_s, seed)
