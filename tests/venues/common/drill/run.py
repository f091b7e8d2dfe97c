"""Drill an armed deploy at a stand-in: ``python -m tests.venues.VENUE.drill [MINUTES] [SEED]``.

Two markets quote and trade while a share of everything goes wrong, connections are closed once a
minute, and (with the word `kills`) the process is killed and started again. At quiet points the
judges hold the venue's truth against the ledger. Ends with a table; returns 1 for any finding.
"""

import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.places import home_of, outputs
from tests.bench.places import CHECKOUT
from tests.deploys import settings_for
from tests.stage.judges import ALWAYS
from tests.venues.common.drill.deploy import Deploy, Remote, spelled
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


class Drill:
    """A drill under way."""

    def __init__(self, plan: Plan, seed: int, deploy: Deploy, remote: Remote, files: Files) -> None:
        self.verdict = Verdict()
        self._plan = plan
        self._rng = random.Random(seed)
        self._deploy = deploy
        self._remote = remote
        self._files = files
        self._faults = files.place.faults
        self._deeds = self._faults.drawn(self._rng, plan.kills)

    def run(self) -> None:
        """Run it to its end, stop included."""
        self._remote.do({"calm": True}, *self._faults.shares(self._plan.scale))
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
        self._remote.do({"calm": False})
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
        self._remote.do({"calm": True})

    def _beat(self, beat: int, closes: int) -> None:
        if self._deploy.ended() is not None:
            self.verdict.note("it runs", [f"the process ended with {self._deploy.exits[-1]}"])
            self._deploy.start()
        if beat % 3 == 0:
            self._remote.do(self._faults.fill(self._rng))
        if beat % closes == closes // 2:
            self._remote.do({"do": "close", "stream": self._rng.choice(self._faults.streams)})
        if beat % 6 == 4:
            self._remote.do(self._deeds[0])
            self._deeds.append(self._deeds.pop(0))

    def _calm(self) -> None:
        """Wait until what is to heal has healed, and judge."""
        time.sleep(self._plan.quiet_s)
        names = self._files.names.values()
        silent = list(names)
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
            for judge in ALWAYS:
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


def report(drill: Drill, remote: Remote, files: Files, deploy: Deploy) -> None:
    """Print what was played, and what was found."""
    effects = remote.effects()
    played = files.played(deploy.moments)
    connections = sum(isinstance(line.fact, Connected) for line in files.lines())
    went_on = {**counted(played), "connections": connections, "starts": _starts(deploy)}
    print("\nwhat went on", spelled(list(went_on.items()), (32, 8)), sep="\n")
    rows = [(name, effects.get(name) or "never") for name in sorted(files.place.faults.names())]
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
        deploy, remote = Deploy(place, home, port, words), Remote(port)
        files = Files(place, settings_for(*words), truth, deploy.ledger)
        drill = Drill(Plan.of(minutes, kills), seed, deploy, remote, files)
        try:
            drill.run()
        finally:
            deploy.kill()
        report(drill, remote, files, deploy)
    return drill.verdict


def main(place: Place, words: Sequence[str]) -> int:
    """Drill; return 1 where a judge found anything."""
    numbers = [word for word in words if word != "kills"]
    minutes = float(numbers[0]) if numbers else 10.0
    seed = int(numbers[1]) if len(numbers) > 1 else 1
    home = outputs(home_of({}, CHECKOUT)) / place.deploy
    print(f"{minutes:g} minutes, seed {seed}, in {home}", flush=True)
    found = drilled(place, home, minutes, seed, "kills" in words).findings
    print(f"{len(found)} findings")
    return 1 if found else 0
