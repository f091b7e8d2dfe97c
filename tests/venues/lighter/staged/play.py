"""Play a script at the stand-in: the real session and adapter, over its wire, on virtual time."""

import asyncio
import os
from collections.abc import Coroutine, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.lighter import account, commands
from connectors.venue import Venue
from runner.engine.ledger.kind import LIVE
from runner.engine.patience import until_answered
from runner.engine.warnings import Warnings
from runner.engine.worker import Market
from runner.modes import live
from runner.settings import Lighter, Settings
from runner.wiring import lighter as wiring
from runner.wiring.markets import enabled_markets
from tests import virtual
from tests.stage.process import Played, Silence
from tests.stage.script import Step
from tests.stage.theatre import Theatre
from tests.stage.truth import Fact, Fault, Feed, Request
from tests.venues.common.memory import Within
from tests.venues.lighter import venue as there
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.markets import chosen as markets_listed
from tests.venues.lighter.staged import facts
from tests.venues.lighter.staged.cheap import CheapSigner, CheapVerifier
from tests.venues.lighter.staged.facts import Retelling, Retold
from tests.venues.lighter.staged.plug import Plug
from tests.virtual import VirtualClock

LIFE_S = 20
"""Transactions live so long here, for ten minutes there: whoever waits for their end has seen it
within a scenario's quiet time."""
SENDS = frozenset({"place", "cancel", "cancel_all", "modify"})
READS = frozenset(facts.READS.values())
STEP_S = 0.05
S = 1_000_000_000


class LighterPlay(Theatre):
    """The stand-in, and the deploy that trades there."""

    kind = LIVE
    quiet_s = 45.0
    fee_unit = Decimal("0.000001")

    def __init__(
        self,
        settings: Settings,
        directory: Path,
        clock: VirtualClock,
        steps: Sequence[Step],
        seed: int,
    ) -> None:
        super().__init__(settings, directory, clock, seed)
        markets = enabled_markets(settings)
        self._names = {market.instrument.symbol: name for name, market in markets.items()}
        chosen = next(iter(markets.values())).venue
        if not isinstance(chosen, Lighter):
            raise TypeError(f"expected settings of lighter, was {chosen}")
        self._chosen = chosen
        self._steps = steps
        self._banned_until_ns = 0
        self._settle(steps)
        self.truth.listen(self._hear)
        setup = there.Setup(
            seed=seed,
            markets=markets_listed(",".join(self._names)),
            verify="none",
            limits=Limits(has_rates=False),
            script=tuple(step for step in steps if not _is_ours(step)),
        )
        log = Retelling(Retold(ACCOUNT, self._names), self.truth.tell)
        self.venue = there.Venue(setup, clock.now_ns(), log)
        self.venue.guard.verifier = CheapVerifier()
        self.venue.open_account(ACCOUNT, publics())
        self.way = Within(self.venue, clock.now_ns)
        for name in markets:
            self.truth.tell(Feed(clock.now_ns(), name, False))

    def plug(self) -> Plug:
        """Return a new process's way to the venue."""
        return Plug(self.way)

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the adapter as a live deploy wires it, but for its sockets and signers."""

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
            patch.dict(os.environ, {self._chosen.key_env: private(self._chosen.key_index)}),
        ):
            names = list(self._names.values())
            venue = wiring.lighter_venue(self.settings, names, self.clock, warn)
        return {self._chosen.name: venue}

    async def markets(self, venues: Mapping[str, Venue]) -> dict[str, Market]:
        """Return every market, sized at the price that the venue tells now."""

        async def priced() -> dict[str, Market]:
            return await live._priced(self.settings, self.clock, venues)

        return await until_answered(priced, "prices", self.clock, self._warn)

    def deeds(self, start_ns: int) -> Sequence[Coroutine[Any, Any, None]]:
        """Return the venue's time, and what the script does to the process."""
        return self.way.keep_time(), self._deeds(start_ns)

    def pass_by(self, s: float) -> bool:
        """Let the market live and the process sleep: its tasks find time gone afterwards."""
        steps = int(s / STEP_S)
        for _ in range(steps):
            self.clock.block(int(STEP_S * 1e9))
            self.way.advance()
        return steps > 0

    def break_turn(self, market: str, times: int) -> bool:
        """Let a market's next turns raise; scripts call it by its symbol here."""
        return super().break_turn(self._names.get(market, market), times)

    def kill_soon(self, down_s: float) -> None:
        """Kill the process when whoever is at work in the venue has done."""
        asyncio.get_running_loop().call_soon(self.kill, down_s)

    async def _deeds(self, start_ns: int) -> None:
        timed = [step for step in self._steps if _is_ours(step) and step.at_s is not None]
        for step in sorted(timed, key=lambda step: step.at_s or 0.0):
            await self.clock.sleep_until_ns(start_ns + int((step.at_s or 0.0) * 1e9))
            if step.action.do(self):
                self.truth.tell(Fault(self.clock.now_ns(), step.name, step.market or ""))

    def _settle(self, steps: Sequence[Step]) -> None:
        """Tell actions that need it which play they are of."""
        for step in steps:
            if hasattr(step.action, "settle"):
                step.action.settle(self)

    def _hear(self, fact: Fact) -> None:
        """Note until when the venue has asked for silence, from when on a client can know it.

        A ban's end is told to reads alone: over a stream a refusal names none.
        """
        if isinstance(fact, Request) and fact.operation in READS:
            if fact.ns < self._banned_until_ns:
                self.silences.append(Silence(fact.ns, self._banned_until_ns, READS))
                self._banned_until_ns = 0
        elif isinstance(fact, Fault) and fact.what in ("too_many", "ban"):
            action = next(step.action for step in self._steps if step.name == fact.what)
            if fact.what == "ban":
                self._banned_until_ns = fact.ns + int(action.s * S)
            else:
                end_ns = fact.ns + int(action.retry_after_s * S)
                self.silences.append(Silence(fact.ns, end_ns, SENDS))


def _is_ours(step: Step) -> bool:
    """Tell whether a step is for the process, at a moment, rather than for the venue."""
    return step.at_s is not None and getattr(step.action, "is_of_process", False)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        return await LighterPlay(settings, directory, clock, steps, seed).run(duration_s)

    with (
        patch.object(commands, "TX_LIFE_NS", LIFE_S * S),
        patch.object(commands, "SKEW_NS", 1 * S),
        patch.object(account, "LAG_NS", 2 * S),
    ):
        return virtual.run(main)
