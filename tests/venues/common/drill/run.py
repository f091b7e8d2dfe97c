"""Drill an armed deploy at a stand-in: ``python -m tests.venues.VENUE.drill [MINUTES] [SEED]``.

Two markets quote and trade while a share of everything goes wrong, connections are closed once a
minute, and (with the word `kills`) the process is killed and started again. At quiet points the
judges hold the venue's truth against the ledger. Ends with a table; returns 1 for any finding.
"""

import os
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.places import home_of, outputs
from runner.settings import Settings
from runner.wiring.markets import enabled_markets
from tests.bench.places import CHECKOUT
from tests.deploys import settings_for
from tests.stage.judges import ALWAYS, Judge
from tests.venues.common.drill.deploy import Deploy, Remote, spelled
from tests.venues.common.drill.faults import Faults, Words
from tests.venues.common.drill.place import Place
from tests.venues.common.drill.verdict import LAWS, Files, Verdict, counted
from tests.venues.common.truth import Connected

S = 1_000_000_000
PROOF_S = 30
"""An order without an answer may hold its market for so long after the last fault."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long all of it takes, and each part."""

    lasts_s: float
    cycle_s: float = 120.0
    quiet_s: float = 45.0
    close_every_s: float = 60.0
    scale: float = 1.0
    kills: bool = False

    @classmethod
    def of(cls, minutes: float, kills: bool = False) -> "Plan":
        """Return the plan of a drill; one below two minutes is all sped up."""
        if minutes >= 2:
            return cls(minutes * 60, kills=kills)
        return cls(minutes * 60, minutes * 60, 30.0, 9.0, 0.3, kills)


class Site:
    """One stand-in of a drill, and what goes wrong there."""

    def __init__(self, remote: Remote, faults: Faults) -> None:
        self.remote = remote
        self.faults = faults
        self._deeds: list[Words] = []

    def begin(self, rng: random.Random, plan: Plan) -> None:
        """Draw what is to happen, and hold it back."""
        self._deeds = self.faults.drawn(rng, plan.kills)
        self.remote.do({"calm": True}, *self.faults.shares(plan.scale))

    def beat(self, beat: int, closes: int, rng: random.Random) -> None:
        """Do what is due at a beat."""
        if beat % 3 == 0:
            self.remote.do(self.faults.fill(rng))
        if beat % closes == closes // 2:
            self.remote.do({"do": "close", "stream": rng.choice(self.faults.streams)})
        if beat % 6 == 4:
            self.remote.do(self._deeds[0])
            self._deeds.append(self._deeds.pop(0))


class Drill:
    """A drill under way, at one stand-in or several."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        deploy: Deploy,
        sites: Sequence[Site],
        files: Files,
        judges: Sequence[Judge] = ALWAYS,
    ) -> None:
        self.verdict = Verdict()
        self.sites = sites
        self._plan = plan
        self._rng = random.Random(seed)
        self._deploy = deploy
        self._files = files
        self._judges = judges

    def run(self) -> None:
        """Run it to its end, stop included."""
        for site in self.sites:
            site.begin(self._rng, self._plan)
        self._deploy.start()
        self._await_quotes()
        end_s = time.perf_counter() + self._plan.lasts_s
        cycle = 0
        while time.perf_counter() < end_s:
            left_s = end_s - time.perf_counter()
            cycle += 1
            self._disturb(min(self._plan.cycle_s, left_s) - self._plan.quiet_s, cycle)
            self._calm()
            print(f"quiet point {cycle}: {len(self.verdict.findings)} findings", flush=True)
        code = self._deploy.stop()
        ends = [] if code == 130 else [f"I10 the stop ended with {code}"]
        self.verdict.note("clean end", ends)
        time.sleep(1)
        self._look(is_last=True)

    def _disturb(self, lasts_s: float, cycle: int) -> None:
        """Let things go wrong for a while."""
        self._be_calm(False)
        begun_s = time.perf_counter()
        beats = max(1, round(lasts_s / 1.5))
        kills = {beats // 3, 2 * beats // 3} if self._plan.kills and cycle % 2 == 0 else set()
        closes = max(1, round(self._plan.close_every_s / 1.5))
        for beat in range(beats):
            self._beat(beat, closes)
            if beat in kills:
                self._deploy.kill()
                self._deploy.start()
            time.sleep(max(0.0, begun_s + (beat + 1) * 1.5 - time.perf_counter()))
        self._be_calm(True)

    def _be_calm(self, is_calm: bool) -> None:
        for site in self.sites:
            site.remote.do({"calm": is_calm})

    def _beat(self, beat: int, closes: int) -> None:
        if self._deploy.ended() is not None:
            self.verdict.note("it runs", [f"the process ended with {self._deploy.exits[-1]}"])
            self._deploy.start()
        for site in self.sites:
            site.beat(beat, closes, self._rng)

    def _calm(self) -> None:
        """Wait until what is to heal has healed, and judge."""
        time.sleep(self._plan.quiet_s)
        silent = quoted(self._files.settings)
        for _ in range(PROOF_S):
            now = self._files.played(self._deploy.moments).truth.now
            silent = [market for market in silent if not now.ours(market)]
            if not silent:
                break
            time.sleep(1)
        lines = [f"{market} did not quote at a quiet point" for market in silent]
        self.verdict.note("it quotes", lines)
        self._look(is_last=False)

    def _look(self, is_last: bool) -> None:
        """Let every judge look. What passes within two seconds was on its way."""
        files = self._files
        lasting: dict[str, set[str]] = {}
        for number in range(3):
            played = files.played(self._deploy.moments, tuple(self._deploy.exits))
            for judge in self._judges:
                found = set(judge(played))
                lasting[judge.__name__] = lasting.get(judge.__name__, found) & found
            if number == 2 or not any(lasting.values()):
                break
            time.sleep(1)
        for name, found in lasting.items():
            self.verdict.note(name, sorted(found))
        if is_last:
            files.judge_books(self.verdict, files.ledger.with_name("books.sqlite"))

    def _await_quotes(self) -> None:
        """Wait for the first order."""
        for _ in range(60):
            if self._files.ledger.exists() and self._files.truth.exists():
                if b'"Accepted"' in self._files.truth.read_bytes():
                    return
            time.sleep(0.5)
        self.verdict.note("it runs", ["no order within 30 s"])


def quoted(settings: Settings) -> list[str]:
    """Return the markets that quote."""
    return [name for name, m in enabled_markets(settings).items() if m.role == "quote"]


def report(drill: Drill, files: Files, deploy: Deploy) -> None:
    """Print what was played, and what was found."""
    played = files.played(deploy.moments)
    lines = (line for each in (files, *files.beside) for line in each.lines())
    connections = sum(isinstance(line.fact, Connected) for line in lines)
    went_on = {**counted(played), "connections": connections, "starts": _starts(deploy)}
    print("\nwhat went on", spelled(list(went_on.items()), (32, 8)), sep="\n")
    for site in drill.sites:
        effects = site.remote.effects()
        rows = [(name, effects.get(name) or "never") for name in sorted(site.faults.names())]
        print("\nfaults that took effect", spelled(rows, (32, 8)), sep="\n")
    looked = [
        (LAWS.get(name, ""), name, n, len(drill.verdict.found[name]) or "none")
        for name, n in drill.verdict.looks.items()
    ]
    head = ("law", "judge", "looks", "findings")
    print("\njudges", spelled([head, *sorted(looked, key=lambda r: _order(r[0]))], (5, 32, 6, 8)))
    for line in drill.verdict.findings[:40]:
        print(f"  {line}")


def _order(law: str) -> int:
    return int(law[1:]) if law else 99


def _starts(deploy: Deploy) -> int:
    return sum(moment.what == "start" for moment in deploy.moments)


def drilled(place: Place, home: Path, minutes: float, seed: int, kills: bool = False) -> Verdict:
    """Drill in a home of its own; return the verdict."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    truth = home / "truth.jsonl"
    with place.venue(truth, seed) as port:
        # Amended, orders are fewer: every other drill places each anew.
        words = (*place.words, f"strategy.amend={'auto' if seed % 2 else 'never'}")
        there = (*words, *place.addresses(port))
        deploy = Deploy(place.deploy, home, there, place.environment)
        files = Files(place, settings_for(*words), truth, deploy.ledger)
        sites = [Site(Remote(port), place.faults)]
        return finished(Drill(Plan.of(minutes, kills), seed, deploy, sites, files), files, deploy)


def finished(drill: Drill, files: Files, deploy: Deploy) -> Verdict:
    """Run a drill and print its report; leave nothing running."""
    try:
        drill.run()
    finally:
        deploy.kill()
    report(drill, files, deploy)
    return drill.verdict


def main(place: Place, words: Sequence[str]) -> int:
    """Drill; return 1 where a judge found anything."""
    numbers = [word for word in words if word != "kills"]
    minutes = float(numbers[0]) if numbers else 10.0
    seed = int(numbers[1]) if len(numbers) > 1 else 1
    home = outputs(home_of(os.environ, CHECKOUT)) / place.deploy
    print(f"{minutes:g} minutes, seed {seed}, in {home}", flush=True)
    found = drilled(place, home, minutes, seed, "kills" in words).findings
    print(f"{len(found)} findings")
    return 1 if found else 0
