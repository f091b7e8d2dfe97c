"""One deploy that is started, killed, started again, and judged after every death."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.judges import ALL, ALWAYS, told

CHECKOUT = Path(__file__).resolve().parents[2]
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
    "hydra.output_subdir=null",
)
SLOW = "venue.response_latency_ms=300"
"""Half of the sessions hear late from their venue, so that a kill leaves trades untold."""
START_S = 30.0
LONGEST_S = 2.0
SLOW_FRAC = 0.5
EARLY_FRAC = 0.2
"""Kills that do not wait for the session: they meet imports, recovery or the first quotes."""


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

    def __init__(self, home: Path, rng: random.Random) -> None:
        self.home = home
        self.ledger = home / "outputs" / "ledgers" / f"{DEPLOY}.sqlite"
        self.account = home / "outputs" / "ledgers" / f"{DEPLOY}.paper.sqlite"
        self._rng = rng

    def kill(self, number: signal.Signals = signal.SIGKILL, longest_s: float = LONGEST_S) -> Death:
        """Run until a random moment, mostly after the session has begun; end it with a signal."""
        sessions = self._count("sessions")
        process = self._start(*([SLOW] if self._rng.random() < SLOW_FRAC else []))
        if number != signal.SIGKILL or not sessions or self._rng.random() > EARLY_FRAC:
            self._await_session(process, sessions)
        after_s = self._rng.uniform(0.0, longest_s)
        time.sleep(after_s)
        process.send_signal(number)
        code = process.wait(START_S)
        clean = number != signal.SIGKILL
        return self._judged(number.name, after_s, code, clean)

    def finish(self) -> Death:
        """Run once more for a moment, to a clean end: everything has to agree."""
        code = self._start("duration_s=0.2").wait(START_S)
        return self._judged("clean", 0.2, code, True)

    def _judged(self, how: str, after_s: float, code: int, clean: bool) -> Death:
        findings = told(self.ledger, self.account, *(ALL if clean else ALWAYS))
        return Death(how, after_s, code, self._count("orders"), self._count("fills"), findings)

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "MMRUNNER_HOME": str(self.home)}
        with (self.home / "stderr").open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "runner", *BUSY, f"deploy={DEPLOY}", *words],
                cwd=self.home,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )

    def _await_session(self, process: "subprocess.Popen[bytes]", sessions: int) -> None:
        """Wait until the new process uses the ledger."""
        deadline = time.perf_counter() + START_S
        while self._count("sessions") == sessions:
            if process.poll() is not None or time.perf_counter() > deadline:
                process.kill()
                raise RuntimeError(f"no session began: {(self.home / 'stderr').read_text()}")
            time.sleep(0.005)

    def recovered(self) -> tuple[int, int]:
        """Return how many fills and ends of orders a start had to learn from the venue."""
        return self._count("fills WHERE source = 'reconcile'"), self._count(
            "orders WHERE state = 6 AND done_ns IN (SELECT started FROM sessions)"
        )

    def _count(self, table: str) -> int:
        if not self.ledger.exists():
            return 0
        db = sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)
        try:
            return int(db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
        except sqlite3.OperationalError:
            # The file is there before its tables are.
            return 0
        finally:
            db.close()
