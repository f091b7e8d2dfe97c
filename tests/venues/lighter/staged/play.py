"""Play a script at the stand-in: the real session and adapter, over its wire, on virtual time."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.lighter import account, commands
from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Lighter, Settings
from runner.wiring import lighter as wiring
from tests import virtual
from tests.stage.process import Played, Silence
from tests.stage.script import Step
from tests.stage.truth import Fact, Fault, Request
from tests.venues.common.staged.facts import Retelling
from tests.venues.common.staged.play import StandIn, over
from tests.venues.lighter import venue as there
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.markets import chosen as markets_listed
from tests.venues.lighter.staged import facts
from tests.venues.lighter.staged.cheap import CheapSigner, CheapVerifier
from tests.virtual import VirtualClock

LIFE_S = 20
"""Transactions live so long here, for ten minutes there: whoever waits for their end has seen it
within a scenario's quiet time."""
SENDS = frozenset({"place", "cancel", "cancel_all", "modify"})
READS = frozenset(facts.READS.values())
S = 1_000_000_000


class LighterPlay(StandIn):
    """The stand-in, and the deploy that trades there."""

    tier = "premium"
    limits_there = Limits(has_rates=False)
    assets_there: Mapping[int, str] = {}
    _banned_until_ns = 0

    def opened(self, script: tuple[Step, ...]) -> there.Venue:
        """Return the venue, which plays a script."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            verify="none",
            tier=self.tier,
            limits=self.limits_there,
            assets=self.assets_there,
            script=script,
        )
        log = Retelling(facts.retold(self.names), self.truth.tell)
        self.venue = there.Venue(setup, self.clock.now_ns(), log)
        self.venue.guard.verifier = CheapVerifier()
        self.venue.open_account(ACCOUNT, publics())
        return self.venue

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the adapter as a live deploy wires it, but for its sockets and signers."""

        chosen = self.chosen
        if not isinstance(chosen, Lighter):
            raise TypeError(f"expected settings of lighter, was {chosen}")

        def signer_of(account: int, key_index: int, *key: object) -> CheapSigner:
            return CheapSigner(self.clock.now_ns, account, key_index, LIFE_S)

        with (
            patch.multiple(
                wiring,
                HttpSender=lambda: plug,
                WebSocket=lambda: plug,
                signer_of=signer_of,
                emergency_of=lambda *words: None,
            ),
            patch.dict(os.environ, {chosen.key_env: private(chosen.key_index)}),
        ):
            names = list(self.names.values())
            venue = wiring.lighter_venue(self.settings, names, self.clock, warn)
        return {chosen.name: venue}

    def hear(self, fact: Fact) -> None:
        """Note until when the venue has asked for silence, from when on a client can know it.

        A ban's end is told to reads alone: over a stream a refusal names none.
        """
        if isinstance(fact, Request) and fact.operation in READS:
            if fact.ns < self._banned_until_ns:
                self.silences.append(Silence(fact.ns, self._banned_until_ns, READS))
                self._banned_until_ns = 0
        elif isinstance(fact, Fault) and fact.what in ("too_many", "ban"):
            action = next(step.action for step in self.steps if step.name == fact.what)
            if fact.what == "ban":
                self._banned_until_ns = fact.ns + int(action.s * S)
            else:
                end_ns = fact.ns + int(action.retry_after_s * S)
                self.silences.append(Silence(fact.ns, end_ns, SENDS))


def play(
    settings: Settings,
    directory: Path,
    steps: Sequence[Step],
    duration_s: float,
    seed: int = 1,
    kind: type[LighterPlay] = LighterPlay,
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        return await over(kind(settings, directory, clock, steps, seed).run(duration_s), duration_s)

    with (
        patch.object(commands, "TX_LIFE_NS", LIFE_S * S),
        patch.object(commands, "SKEW_NS", 1 * S),
        patch.object(account, "LAG_NS", 2 * S),
    ):
        return virtual.run(main)
