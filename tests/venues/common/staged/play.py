"""Play a script at a stand-in: the real session and adapter, over its wire, on virtual time."""

import asyncio
from abc import abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from connectors.venue import Venue
from runner.engine.ledger.kind import LIVE
from runner.engine.patience import until_answered
from runner.engine.worker import Market
from runner.modes import live
from runner.settings import Settings
from runner.wiring.markets import enabled_markets
from tests.stage.process import Played
from tests.stage.script import Step
from tests.stage.theatre import Theatre
from tests.stage.truth import Fact, Fault, Feed
from tests.venues.common.loopback import Behind
from tests.venues.common.memory import Within
from tests.venues.common.staged.plug import Plug
from tests.virtual import Deadlock, VirtualClock

STEP_S = 0.05
MOST_END_S = 600.0
"""No end takes so long: starts are tried again and stops give up before."""


class StandIn(Theatre):
    """A stand-in, and the deploy that trades there."""

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
        self.names = {market.instrument.symbol: name for name, market in markets.items()}
        """The deploy's markets by symbol."""
        self.chosen = next(iter(markets.values())).venue
        self.steps = steps
        for step in steps:
            if hasattr(step.action, "settle"):
                step.action.settle(self)
        self.truth.listen(self.hear)
        script = tuple(step for step in steps if not _is_ours(step))
        self.way = Within(self.opened(script), clock.now_ns)
        for name in markets:
            self.truth.tell(Feed(clock.now_ns(), name, False))

    @abstractmethod
    def opened(self, script: tuple[Step, ...]) -> Behind[Any]:
        """Return the venue, which plays a script."""

    def hear(self, fact: Fact) -> None:
        """Hear each fact as it is told."""

    def plug(self) -> Plug:
        """Return a new process's way to the venue."""
        return Plug(self.way)

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
        return super().break_turn(self.names.get(market, market), times)

    def kill_soon(self, down_s: float) -> None:
        """Kill the process when whoever is at work in the venue has done."""
        asyncio.get_running_loop().call_soon(self.kill, down_s)

    async def _deeds(self, start_ns: int) -> None:
        timed = [step for step in self.steps if _is_ours(step) and step.at_s is not None]
        for step in sorted(timed, key=lambda step: step.at_s or 0.0):
            await self.clock.sleep_until_ns(start_ns + int((step.at_s or 0.0) * 1e9))
            if step.action.do(self):
                self.truth.tell(Fault(self.clock.now_ns(), step.name, step.market or ""))


async def over(play: Coroutine[Any, Any, Played], within_s: float) -> Played:
    """Return what was played; raise Deadlock, with where every task stands, where it hangs."""
    task = asyncio.ensure_future(play)
    await asyncio.wait((task,), timeout=within_s + MOST_END_S)
    if task.done():
        return task.result()
    where = StringIO()
    for each in asyncio.all_tasks():
        each.print_stack(file=where)
    raise Deadlock(f"not over {MOST_END_S:g} s after its script:\n{where.getvalue()}")


def _is_ours(step: Step) -> bool:
    """Tell whether a step is for the process, at a moment, rather than for the venue."""
    return step.at_s is not None and getattr(step.action, "is_of_process", False)


async def nothing_to_close() -> None:
    """Keep nothing open: requests pass in memory."""
