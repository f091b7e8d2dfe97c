"""Play a scenario: the real session against the scripted venue, on virtual time, in one process."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.modes import deploy
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of
from tests import virtual
from tests.stage.adapter import StageVenue
from tests.stage.exchange import Exchange
from tests.stage.flow import STEP_NS, Character, Flow
from tests.stage.front import Frame, Front
from tests.stage.network import Network, Plug
from tests.stage.process import Played
from tests.stage.script import Script, Step
from tests.stage.theatre import Theatre
from tests.stage.truth import Feed
from tests.virtual import VirtualClock

SIM = "sim"
"""Markets of a play choose this venue; the scripted one takes its place."""


class Play(Theatre):
    """The scripted venue, its markets, and the deploy that trades there."""

    def __init__(
        self, settings: Settings, directory: Path, clock: VirtualClock, script: Script, seed: int
    ) -> None:
        super().__init__(settings, directory, clock, seed)
        self.script = script
        self.flows: dict[str, Flow] = {}
        self.stalled: dict[str, int] = {}
        names = enabled_markets(settings)
        instruments = {name: instrument_of(m.instrument) for name, m in names.items()}
        self.exchange = Exchange(clock, self.truth, instruments)
        self.front = Front(self.exchange, self._push)
        self.network = Network(clock, self.front, script, clock.now_ns(), self.kill)
        self.network.silences = self.silences
        for number, (name, market) in enumerate(names.items()):
            tick = instruments[name].tick_size
            start_ticks = int(market.synthetic.start_price / tick)
            order_lots = deploy.markets_of(settings, clock)[name].desk.params.order_lots
            character = Character(start_ticks, 20 * order_lots, order_lots)
            rng = random.Random(f"{seed} {number}")
            self.flows[name] = Flow(character, rng)
            self.exchange.move(name, self.flows[name].step())
            self.truth.tell(Feed(clock.now_ns(), name, False))

    def plug(self) -> Plug:
        """Return a new process's way to the venue."""
        return Plug(self.network)

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the scripted venue's adapter."""
        names = enabled_markets(self.settings)
        instruments = {name: instrument_of(m.instrument) for name, m in names.items()}
        rng = random.Random(f"{self.seed} adapter {len(self.truth.facts)}")
        return {SIM: StageVenue(plug, instruments, self.clock, rng)}

    def deeds(self, start_ns: int) -> Sequence[Coroutine[Any, Any, None]]:
        """Return the market's moves and the script's deeds."""
        return self._market(), self._deeds(start_ns)

    def pass_by(self, s: float) -> bool:
        """Let the market live and the process sleep: its tasks find time gone afterwards."""
        steps = int(s * 1e9) // STEP_NS
        for _ in range(steps):
            self.clock.block(STEP_NS)
            self._step_markets()
        return steps > 0

    def _push(self, frame: Frame) -> None:
        self.network.push(frame)

    async def _market(self) -> None:
        """Let every market move, step by step."""
        while True:
            await asyncio.sleep(STEP_NS / 1e9)
            self._step_markets()

    def _step_markets(self) -> None:
        for name, flow in self.flows.items():
            if self.stalled.get(name, 0) <= self.clock.now_ns():
                self.exchange.move(name, flow.step())

    async def _deeds(self, start_ns: int) -> None:
        """Do what is to happen at its moment."""
        for step in self.script.timed():
            await self.clock.sleep_until_ns(start_ns + int((step.at_s or 0.0) * 1e9))
            if step.action.do(self):
                self.network.fault(step.name, step.market or "")


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        return await Play(settings, directory, clock, Script(steps, duration_s), seed).run(
            duration_s
        )

    return virtual.run(main)
