"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

import os
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Bybit, Settings
from runner.wiring import bybit as wiring
from tests import virtual
from tests.stage.process import Played, Silence
from tests.stage.script import Step
from tests.stage.truth import Fact, Fault
from tests.venues.bybit import venue as there
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.markets import chosen as markets_listed
from tests.venues.bybit.staged import facts
from tests.venues.common.staged.facts import Retelling
from tests.venues.common.staged.play import StandIn, over
from tests.virtual import VirtualClock

S = 1_000_000_000


class BybitPlay(StandIn):
    """The stand-in, and the deploy that trades there."""

    fee_unit = Decimal("0.00000001")

    def opened(self, script: tuple[Step, ...]) -> there.Venue:
        """Return the venue, which plays a script."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            limits=Limits(has_rates=False),
            naming=facts.naming_of(tuple(self.names)),
            script=script,
        )
        log = Retelling(facts.retold(self.names), self.truth.tell)
        self.venue = there.Venue(setup, self.clock.now_ns(), log)
        self.venue.open_account(UID, keys())
        return self.venue

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the adapter as a live deploy wires it, but for its sockets."""
        chosen = self.chosen
        if not isinstance(chosen, Bybit):
            raise TypeError(f"expected settings of bybit, was {chosen}")
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
            venue = wiring.bybit_venue(self.settings, names, self.clock, warn)
        venue.cancel_all_out_of_loop = None
        return {chosen.name: venue}

    def _chance(self) -> random.Random:
        """Return chance that is the same in every play of a seed."""
        return random.Random(f"{self.seed} {self.clock.now_ns()}")

    def hear(self, fact: Fact) -> None:
        """Note until when the venue has asked for silence of orders."""
        if isinstance(fact, Fault) and fact.what == "too_many":
            action = next(step.action for step in self.steps if step.name == fact.what)
            end_ns = fact.ns + int(action.retry_after_s * S)
            self.silences.append(Silence(fact.ns, end_ns, frozenset({"place"})))


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        played = BybitPlay(settings, directory, clock, steps, seed).run(duration_s)
        return await over(played, duration_s)

    return virtual.run(main)
