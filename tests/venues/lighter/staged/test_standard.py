"""A restart at once on the smallest tier, sixty reads a minute, ends whole all the same."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors.examined import Examined
from connectors.venue import Venue
from runner.engine.level import together
from runner.engine.patience import until_answered
from runner.engine.worker import Market
from tests.deploys import settings_for
from tests.stage.judges import findings
from tests.stage.process import Played
from tests.stage.script import Step
from tests.stage.truth import Moment, Request
from tests.support import SECOND_NS
from tests.venues.common.staged.process import Kill
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.staged.play import READS, LighterPlay, play
from tests.venues.lighter.staged.scenario import DEPLOY

STANDARD = (
    "venue.reads_per_min=60",
    "venue.reads_have_weight=false",
    "venue.sends_per_min=60",
    "venue.maker_fee_bps=0",
    "venue.taker_fee_bps=0",
)
KILLED_S, DOWN_S, DURATION_S = 15.0, 0.1, 120.0
MOST_AT_A_START = 30
"""Reads until both markets quote, half of what a minute has."""
WITHIN_S = 90.0
"""The second start may have to wait for the next minute, which is when it quotes."""


class Standard(LighterPlay):
    """A deploy on the standard tier, that looks at its account as a live one does at its start."""

    limits_there = Limits()
    tier = "standard"

    async def markets(self, venues: Mapping[str, Venue]) -> dict[str, Market]:
        """Read first where the account stands, and hold its terms against the configuration."""
        (venue,) = venues.values()

        async def known() -> None:
            await together(venue.standing(name) for name in self.names.values())
            assert isinstance(venue, Examined)
            await venue.examine()

        await until_answered(known, "account", self.clock, self._warn)
        return await super().markets(venues)


def reads_until_quotes(played: Played, start_ns: int) -> Counter[str]:
    """Return what was read from a start until every market had an order."""
    reads: Counter[str] = Counter()
    placed: set[str] = set()
    for fact in played.truth.facts:
        if not isinstance(fact, Request) or fact.ns < start_ns:
            continue
        if fact.operation == "place":
            placed.add(fact.market)
        if placed >= played.limits.keys():
            break
        if fact.operation in READS:
            reads[fact.operation] += 1
    return reads


@pytest.mark.slow
def test_a_restart_within_the_minute_of_a_start_ends_whole(tmp_path: Path) -> None:
    settings = settings_for(*DEPLOY, *STANDARD)
    kill = Step("kill", Kill(DOWN_S), at_s=KILLED_S)
    played = play(settings, tmp_path, (kill,), DURATION_S, kind=Standard)
    starts = [f.ns for f in played.truth.facts if isinstance(f, Moment) and f.what == "start"]
    assert (len(starts), played.exits) == (2, (137, 0))
    reads = [reads_until_quotes(played, start_ns) for start_ns in starts]
    assert reads[0].total() <= MOST_AT_A_START, reads
    assert findings(played) == []
    for market in played.limits:
        looks = [look for look in played.looks if look.market == market]
        again_ns = min(look.ns for look in looks if look.is_quoting and look.ns > starts[1])
        assert again_ns - starts[1] < WITHIN_S * SECOND_NS
        assert looks[-1].unknown == 0
