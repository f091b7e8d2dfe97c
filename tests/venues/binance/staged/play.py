"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

import os
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from connectors.ccxt.ids import stamped_id
from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Exchange, Settings
from runner.wiring import exchange as wiring
from tests import virtual
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.binance import venue as there
from tests.venues.binance.client import keys
from tests.venues.binance.keys import API_KEY, SECRET, UID
from tests.venues.binance.markets import chosen as markets_listed
from tests.venues.bybit.chronicle import Naming
from tests.venues.bybit.orders import Execution
from tests.venues.bybit.staged.facts import naming_of, spelled
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.common.staged.play import StandIn
from tests.virtual import VirtualClock

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


def trade_id(made: Execution) -> int:
    """Return the number that the adapter's ledger gives to a trade."""
    return stamped_id(made.at_ns // 1_000_000, str(made.number))


class BinancePlay(StandIn):
    """The stand-in, and the deploy that trades there."""

    fee_unit = Decimal("0.00000001")

    def opened(self, script: tuple[Step, ...]) -> there.Venue:
        """Return the venue, which plays a script."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            orders_per_10s=None,
            naming=Naming(naming_of(tuple(self.names)).client_id, trade_id),
            script=script,
        )
        log = Retelling(Retold(UID, self.names, READS, spelled), self.truth.tell)
        self.venue = there.Venue(setup, self.clock.now_ns(), log)
        self.venue.open_account(UID, keys())
        return self.venue

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the adapter as a live deploy wires it, but for its sockets."""
        chosen = self.chosen
        if not isinstance(chosen, Exchange):
            raise TypeError(f"expected settings of an exchange, was {chosen}")
        own = {chosen.key_env: API_KEY, chosen.secret_env: SECRET}
        with (
            patch.multiple(
                wiring,
                HttpSender=lambda: plug,
                WebSocket=lambda: plug,
                random=SimpleNamespace(Random=self._chance),
            ),
            patch.dict(os.environ, own),
        ):
            names = list(self.names.values())
            venue = wiring.exchange_venue(self.settings, names, self.clock, warn)
        venue.cancel_all_out_of_loop = None
        return {chosen.name: venue}

    def _chance(self) -> random.Random:
        """Return chance that is the same in every play of a seed."""
        return random.Random(f"{self.seed} {self.clock.now_ns()}")


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        return await BinancePlay(settings, directory, clock, steps, seed).run(duration_s)

    return virtual.run(main)
