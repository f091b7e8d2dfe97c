"""Drill a hedged deploy at both stand-ins: ``python -m tests.venues.hedged.drill [WORD ...]``.

Three markets quote on Lighter and one on Bybit, where what the others collect is hedged. All that
goes wrong in the drills of each venue goes wrong in both at once, the venue that hedges is away for
a minute, and (with the word `kills`) the process is killed. A fifth market is held at both for its
funding, which comes and goes, and one of its legs is refused now and then. The judges of the stage
look, and some of their own: is it hedged, inside its limits and told, do the legs of the pair
match, and do the reports add up.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from runner.engine.clock import SystemClock
from runner.places import home_of, outputs
from runner.settings import Settings
from tests.bench.places import CHECKOUT
from tests.deploys import settings_for
from tests.stage.judges import ALWAYS, Judge, fees_as_told, inside_budget
from tests.venues.common.drill.deploy import Deploy, Remote
from tests.venues.common.drill.run import Drill, Plan, Site, finished
from tests.venues.common.drill.verdict import Files, Verdict
from tests.venues.hedged.drill.attribution import misreported, unbalanced
from tests.venues.hedged.drill.judges import hedged_at_rest, hedged_or_told, inside_budget_or_pulled
from tests.venues.hedged.drill.pairing import (
    entered_once,
    matched_at_rest,
    never_tried,
    noted,
    within_one_clip,
)
from tests.venues.hedged.drill.places import BYBIT, DEPLOY, FUNDING_S, LIGHTER, WORDS
from tests.venues.hedged.drill.rates import Paying, remember
from tests.venues.hedged.drill.said import said_in
from tests.venues.hedged.sandbox import ENVIRONMENT, addresses, venues

OUTAGE_S = 60.0
OUTAGE_AT = 8
"""The beat of a round at which the venue that hedges goes away; in every third round."""
TRIES_S = 300.0
"""A drill that lasts so long has entered its pair, and had a leg of it fail."""
PER_VENUE: tuple[Judge, ...] = (inside_budget, fees_as_told)


class Away(Site):
    """The venue that hedges, which is away for a minute now and then."""

    _rounds = 0

    def beat(self, beat: int, closes: int, rng: random.Random) -> None:
        """Do what is due; go away where it is time for that."""
        self._rounds += beat == 0
        if beat == OUTAGE_AT and self._rounds % 3 == 1:
            self.remote.do({"do": "maintenance", "s": OUTAGE_S})
        super().beat(beat, closes, rng)


class HedgedDrill(Drill):
    """A drill at two venues: some laws are of each venue alone."""

    def _look(self, is_last: bool) -> None:
        super()._look(is_last)
        lighter, bybit = self._files, *self._files.beside
        for files in (lighter, bybit):
            alone = Files(files.place, files.settings, files.truth, files.ledger)
            alone.judge(self.verdict, alone.played(self._deploy.moments), PER_VENUE)
        runs = self._deploy.home / "outputs" / "runs"
        played = self._files.played(self._deploy.moments)
        self.verdict.note("hedged_or_told", hedged_or_told(played, list(said_in(runs))))
        if is_last:
            self.verdict.note("attribution", unbalanced(runs))
            self.verdict.note("funding_reported", misreported(runs, self._deploy.ledger))
            if self._plan.lasts_s >= TRIES_S:
                self.verdict.note("never_tried", never_tried(played))
            for name in played.settings.pairs:
                print(f"pair {name}", dict(Counter(what for _, what in noted(played, name))))


def judges() -> tuple[Judge, ...]:
    """Return the laws of both venues together."""
    of_pairs = within_one_clip, matched_at_rest, entered_once
    return (*ALWAYS, inside_budget_or_pulled, hedged_at_rest, *of_pairs)


def files_of(settings: Settings, truth: Path, ledger: Path) -> Files:
    """Return what a drill at both venues leaves."""
    bybit = Files(BYBIT, settings, truth / "bybit.jsonl", ledger)
    return Files(LIGHTER, settings, truth / "lighter.jsonl", ledger, (bybit,))


def drilled(home: Path, minutes: float, seed: int, kills: bool = False) -> Verdict:
    """Drill in a home of its own; return the verdict."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    every = "--funding-s", str(FUNDING_S)
    with venues(home, "--seed", str(seed), *every) as (lighter, bybit):
        words = (*WORDS, f"strategy.amend={'auto' if seed % 2 else 'never'}")
        deploy = Deploy(DEPLOY, home, (*words, *addresses(lighter, bybit)), ENVIRONMENT)
        files = files_of(settings_for(*words), home, deploy.ledger)
        remember(deploy.ledger, ("doge_leg", "doge_leg2"), SystemClock().now_ns())
        sites = [Paying(Remote(lighter), LIGHTER.faults), Away(Remote(bybit), BYBIT.faults)]
        drill = HedgedDrill(Plan.of(minutes, kills), seed, deploy, sites, files, judges())
        return finished(drill, files, deploy)


def main(words: Sequence[str]) -> int:
    """Drill; return 1 where a judge found anything."""
    numbers = [word for word in words if word != "kills"]
    minutes = float(numbers[0]) if numbers else 10.0
    seed = int(numbers[1]) if len(numbers) > 1 else 1
    home = outputs(home_of(os.environ, CHECKOUT)) / DEPLOY
    print(f"{minutes:g} minutes, seed {seed}, in {home}", flush=True)
    found = drilled(home, minutes, seed, "kills" in words).findings
    print(f"{len(found)} findings")
    return 1 if found else 0
