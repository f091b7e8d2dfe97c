"""One deploy that is started, ended in every way, started again, and judged after every end."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from runner.engine.clock import SystemClock
from runner.engine.failpoints import FAILPOINT, KILLED, Point
from runner.engine.latch import Latch
from tests.chaos.books import Books, differential
from tests.chaos.plan import End
from tests.deploys import CHECKOUT, settings_for
from tests.judges import ALL, ALWAYS, told

DEPLOY = "drill"
BUSY = (
    "mode=paper",
    "watch=none",
    "record.tape=false",
    "record.decisions=none",
    "kappa=6",
    "strategy.fill_lockout_ms=0",
    "markets.btc.synthetic.taker_per_s=40",
    "markets.eth.synthetic.taker_per_s=40",
    "strategy.volatility.warmup_s=0",
    "start.max_crashes=null",
    "hydra.output_subdir=null",
)
SLOW = "venue.response_latency_ms=300"
PATIENCE_S = 30.0
"""For a process to begin, to end, or to come to its fail point."""
ASKS = {Point.KILL_MID: signal.SIGUSR1, Point.STOP_MID: signal.SIGTERM}
"""What brings a process to the fail points that it does not come to by itself."""
STOPPED = 130


@dataclass(frozen=True, slots=True)
class Death:
    """How a session ended, and what the judges found."""

    how: str
    after_s: float
    code: int
    orders: int
    fills: int
    findings: list[str]


class Drill:
    """A deploy in a home of its own."""

    def __init__(self, home: Path) -> None:
        ledgers = home / "outputs" / "ledgers"
        self.home = home
        self.ledger = ledgers / f"{DEPLOY}.sqlite"
        self.account = ledgers / f"{DEPLOY}.paper.sqlite"
        self.latch = Latch(ledgers / f"{DEPLOY}.kill", DEPLOY)
        self._settings = settings_for(*BUSY, f"deploy={DEPLOY}")

    def end(self, end: End) -> Death:
        """Run a session to the end that is planned for it."""
        sessions = self._count("sessions")
        point = f"{end.point}:{end.hits}" if end.point else ""
        process = self.start(*([SLOW] if end.slow else []), failpoint=point)
        if not end.early:
            self._await_session(process, sessions)
        asked = end.signal or (ASKS.get(end.point) if end.point else None)
        if asked is not None:
            time.sleep(end.after_s)
            process.send_signal(asked)
        try:
            code = process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return self._death(end.name, end.after_s, 0, [f"it went on for {PATIENCE_S:g} s"])
        return self._judged(end, code, sessions)

    def finish(self) -> Death:
        """Run once more for a moment, to a clean end: everything has to agree."""
        code = self.start("duration_s=0.2").wait(PATIENCE_S)
        return self._death("clean", 0.2, code, told(self.ledger, self.account, *ALL))

    def start(self, *words: str, failpoint: str = "") -> "subprocess.Popen[bytes]":
        """Start the deploy as a process."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "MMRUNNER_HOME": str(self.home),
            FAILPOINT: failpoint,
        }
        with (self.home / "stderr").open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "runner", *BUSY, f"deploy={DEPLOY}", *words],
                cwd=self.home,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def recovered(self) -> tuple[int, int]:
        """Return how many fills and ends of orders a start had to learn from the venue."""
        return self._count("fills WHERE source = 'reconcile'"), self._count(
            "orders WHERE state = 6 AND done_ns IN (SELECT started FROM sessions)"
        )

    def _judged(self, end: End, code: int, sessions: int) -> Death:
        """Hold the books against the venue's, and recover copies of them in every way."""
        if not self.ledger.exists():
            return self._death(end.name, end.after_s, code, [])
        clean = self._count("sessions WHERE ended IS NOT NULL AND exit <> 1", above=sessions) > 0
        findings = told(self.ledger, self.account, *(ALL if clean else ALWAYS))
        if not clean:
            scratch = self.home / "scratch"
            findings += differential(Books(self.ledger, self.account), self._settings, scratch)
            rmtree(scratch)
        if code not in _codes(end):
            findings.append(f"exit code {code}, expected one of {_codes(end)}")
        if end.point is Point.KILL_MID:
            findings += self._latched()
        return self._death(end.name, end.after_s, code, findings)

    def _latched(self) -> list[str]:
        """I10: what died while it was killed stays killed, and its next start sends nothing."""
        if not self.latch.is_set():
            return ["I10 the latch is not set"]
        before = (self._count("sessions"), self.account.read_bytes())
        code = self.start().wait(PATIENCE_S)
        after = (self._count("sessions"), self.account.read_bytes())
        self.latch.lift(SystemClock().now_ns())
        found = [] if code == 4 else [f"I10 a start while latched ended with {code}"]
        return found if before == after else [*found, "I10 a start while latched did something"]

    def _death(self, how: str, after_s: float, code: int, findings: list[str]) -> Death:
        return Death(how, after_s, code, self._count("orders"), self._count("fills"), findings)

    def _await_session(self, process: "subprocess.Popen[bytes]", sessions: int) -> None:
        """Wait until the new process uses the ledger, or has ended by itself."""
        deadline = time.perf_counter() + PATIENCE_S
        while process.poll() is None and self._count("sessions") == sessions:
            if time.perf_counter() > deadline:
                process.kill()
                raise RuntimeError(f"no session began: {(self.home / 'stderr').read_text()}")
            time.sleep(0.005)

    def _count(self, table: str, above: int | None = None) -> int:
        """Return how many rows a table has; of sessions, those above a number."""
        if not self.ledger.exists():
            return 0
        db = sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)
        numbered = "" if above is None else f" AND number > {above}"
        try:
            return int(db.execute(f"SELECT COUNT(*) FROM {table}{numbered}").fetchone()[0])
        except sqlite3.OperationalError:
            # The file is there before its tables are.
            return 0
        finally:
            db.close()


def _codes(end: End) -> tuple[int, ...]:
    """Return the exit codes that an end may have; where nobody listens yet, it is the system's."""
    if end.point is not None:
        return (KILLED,)
    if end.signal is None or end.signal is signal.SIGKILL:
        return (-signal.SIGKILL,)
    return (STOPPED, -end.signal) if end.early else (STOPPED,)
