"""Spoiled frames reach a whole deploy: no order is sent on what they say, and no task ends."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.connectors.lighter.corpus import spoiled
from tests.deploys import settings_for
from tests.stage.judges import findings
from tests.stage.process import Played
from tests.stage.script import Step
from tests.stage.truth import Accepted, Request
from tests.venues.common.faults import Frame, Sent
from tests.venues.lighter.staged.play import LighterPlay, play
from tests.venues.lighter.staged.scenario import DEPLOY

BAND = 0.005
"""How far from the middle of the venue's own book an order may be asked for, as a fraction."""
BURST, BETWEEN = 60, 600
"""So many frames in a row are spoiled, of so many: between them the markets quote again."""
COPIES = 3
UNJUDGED = "only_from_fresh"
"""Counts a book as broken that a spoiled size far from the touch has left wrong by that much."""


@dataclass(slots=True)
class Spoil:
    """Spoiled copies arrive before a frame, or in its place."""

    seed: int
    count: int = 0
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)

    def frames(self, frame: Frame, chance: random.Random) -> Sent:
        """Spoil it."""
        self.count += COPIES
        true = frame.encoded()
        copies = [(0.0, each) for each in spoiled((true,), COPIES, self._rng.randrange(1 << 30))]
        return copies if self._rng.random() < 0.5 else [*copies, (0.0, true)]


def astray(played: Played) -> Iterator[str]:
    """Yield what was asked for at a price that the venue's own book does not bear out."""
    for fact, state in played.truth.replayed():
        if not isinstance(fact, Request) or fact.operation not in ("place", "modify"):
            continue
        book = state.books.get(fact.market)
        if book is not None and book.bids and book.asks:
            mid = (book.bids[0][0] + book.asks[0][0]) / 2
            ticks = json.loads(fact.raw)["ticks"]
            if abs(ticks - mid) > BAND * mid:
                yield f"{fact.market} {fact.client_id}: {ticks}, where the middle is {mid}"


class Short(LighterPlay):
    """A play that ends soon after its faults."""

    quiet_s = 10.0


def judged(stream: str, duration_s: float, directory: Path, least: int, seed: int = 1) -> None:
    """Play a deploy whose frames of a stream are spoiled in bursts, and judge what came of it."""
    action = Spoil(seed)
    step = Step("spoil", action, when=stream, nth=200, times=BURST, every=BETWEEN)
    played = play(settings_for(*DEPLOY), directory, (step,), duration_s, seed, Short)
    assert action.count >= least
    assert played.exits == (0,)
    assert [text for _, _, text in played.warnings if "Error: " in text] == []
    assert list(astray(played)) == []
    assert findings(played, UNJUDGED) == []
    assert sum(isinstance(fact, Accepted) for fact in played.truth.facts) > 20


def test_hundreds_of_spoiled_frames_send_no_order_and_end_no_task(tmp_path: Path) -> None:
    judged("market", 18, tmp_path, 300)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 10))
def test_twenty_thousand_spoiled_frames_do_not_either(seed: int, tmp_path: Path) -> None:
    judged("market", 170, tmp_path, 2_500, seed)
