"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

from tests.stage.script import Step
from tests.venues.binance.client import keys
from tests.venues.binance.keys import UID
from tests.venues.binance.staged.play import BinancePlay
from tests.venues.binance_spot import venue as there
from tests.venues.binance_spot.markets import LISTED, chosen
from tests.venues.bybit.staged.facts import spelled_of
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.perpetuals.staged import naming_of

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "exchangeInfo": "listing",
    "depth": "book",
}
"""What the stage calls a read, or would."""


class SpotPlay(BinancePlay):
    """The stand-in, and the deploy that trades there."""

    in_bnb = True

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:  # type: ignore[override]
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=chosen(",".join(self.names)),
            naming=naming_of(tuple(self.names), lambda made: str(made.number)),
            script=script,
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.wallets.in_bnb, venue.wallets.fee_1e6 = self.in_bnb, 10
        venue.open_account(UID, keys())
        return venue

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return Retold(UID, self.names, READS, spelled_of(LISTED))
