"""Say what a drill has to know of the stand-in that it trades at."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tests.venues.common.drill.faults import Faults
from tests.venues.common.staged.facts import Retold

BESIDES = (
    "watch=none",
    "kappa=6",
    "venue.max_silence_s=1.5",
    "strategy.fill_lockout_ms=0",
    "strategy.tolerance_bps=0.5",
    "strategy.volatility.warmup_s=0",
    "start.max_crashes=null",
    "record.tape=false",
    "record.decisions=none",
)
"""As in a sandbox, but that it quotes near enough to trade, and at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """One stand-in, and a deploy that trades there.

    `venue` runs it for as long as a block does, given where its truth goes and a seed, and gives
    its port; `addresses` are the words that send a deploy there, `environment` its keys.
    """

    name: str
    words: tuple[str, ...]
    account: int
    venue: Callable[[Path, int], AbstractContextManager[int]]
    addresses: Callable[[int], Sequence[str]]
    environment: Mapping[str, str]
    retold: Callable[[Mapping[str, str]], Retold]
    faults: Faults
    silenced: frozenset[str]
    """What the stage calls the requests that may not come while the venue has asked for silence."""
    fee_unit: Decimal
    stamp_ns: int
    """What the venue's stamps are whole multiples of."""

    @property
    def deploy(self) -> str:
        """The deploy's name."""
        return f"{self.name}_drill"
