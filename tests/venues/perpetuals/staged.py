"""Play a script at a stand-in of perpetuals: the real session and adapter, on virtual time."""

import os
import random
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from connectors.ccxt.ids import Alphabet, Codec, stamped_id
from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Settings
from tests import virtual
from tests.stage.process import Played, Silence
from tests.stage.script import Step
from tests.stage.truth import Fact, Fault
from tests.venues.bybit.chronicle import Naming, plain_client_id
from tests.venues.bybit.orders import Execution
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.common.staged.play import StandIn, over
from tests.virtual import VirtualClock

S = 1_000_000_000


def naming_of(
    symbols: Sequence[str],
    text: Callable[[Execution], str],
    alphabet: Alphabet = Alphabet.TEXT,
) -> Naming:
    """Return the numbers that the adapter's ledger gives to orders, and to trades with a text."""
    codecs = [Codec(symbol, alphabet) for symbol in symbols]

    def client_id(link_id: str) -> int:
        found = (codec.number(link_id) for codec in codecs)
        return next((number for number in found if number is not None), plain_client_id(link_id))

    def trade_id(made: Execution) -> int:
        return stamped_id(made.at_ns // 1_000_000, text(made))

    return Naming(client_id, trade_id)


class PerpetualPlay(StandIn):
    """The stand-in, and the deploy that trades there. A venue's own derives from it."""

    fee_unit = Decimal("0.00000001")
    wiring: ModuleType
    """Where the adapter is wired."""

    @abstractmethod
    def made(self, script: tuple[Step, ...], log: Retelling) -> Any:
        """Return the venue with our account, which plays a script and tells a log."""

    @abstractmethod
    def retold(self) -> Retold:
        """Return what is told of our account."""

    @abstractmethod
    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys, by the names of their variables."""

    @abstractmethod
    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""

    def opened(self, script: tuple[Step, ...]) -> Any:
        """Return the venue, which plays a script."""
        self.venue = self.made(script, Retelling(self.retold(), self.truth.tell))
        return self.venue

    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return the adapter as a live deploy wires it, but for its sockets."""
        with (
            patch.multiple(
                self.wiring,
                HttpSender=lambda: plug,
                WebSocket=lambda: plug,
                random=SimpleNamespace(Random=self._chance),
            ),
            patch.dict(os.environ, self.keys()),
        ):
            venue: Any = self.wired(list(self.names.values()), warn)
        venue.cancel_all_out_of_loop = None
        return {self.chosen.name: venue}

    def hear(self, fact: Fact) -> None:
        """Note until when the venue has asked for silence of orders."""
        if isinstance(fact, Fault) and fact.what == "too_many":
            action = next(step.action for step in self.steps if step.name == fact.what)
            end_ns = fact.ns + int(action.retry_after_s * S)
            self.silences.append(Silence(fact.ns, end_ns, frozenset({"place"})))

    def _chance(self) -> random.Random:
        """Return chance that is the same in every play of a seed."""
        return random.Random(f"{self.seed} {self.clock.now_ns()}")


def played(
    kind: type[PerpetualPlay],
    settings: Settings,
    directory: Path,
    steps: Sequence[Step],
    duration_s: float,
    seed: int,
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        play = kind(settings, directory, clock, steps, seed)
        return await over(play.run(duration_s), duration_s)

    return virtual.run(main)
