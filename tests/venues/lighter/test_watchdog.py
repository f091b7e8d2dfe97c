"""A deploy that dies or stands still leaves nothing at the venue: another process clears it."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from runner.engine.clock import SystemClock
from runner.engine.hang import HUNG, KILLED_NS
from tests.runner.modes.blocked import block
from tests.support import SECOND_NS
from tests.venues.lighter import sandbox
from tests.venues.lighter.keys import ACCOUNT

pytestmark = pytest.mark.slow
POLL_S = 0.1
PATIENCE_S = 120
SILENCE_S = 2
BOUND_NS = 15 * SECOND_NS
"""Between the moment that the watchdog may act and the last order's end, on a busy machine."""
BLOCKABLE = (sys.executable, "-m", "tests.runner.modes.blocked")
WORDS = ("watch=none", "record.tape=false", f"watchdog.silence_s={SILENCE_S}")


@dataclass(slots=True)
class Run:
    """A deploy at the stand-in, and what truly happens there."""

    process: "Popen[bytes]"
    home: Path
    port: int

    def ask_for(self, **step: Any) -> None:
        """Add a step to the venue's script."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", "/control", json.dumps(step))
        assert connection.getresponse().status == 200
        connection.close()

    def facts(self) -> list[dict[str, Any]]:
        """Return what the venue has written of the account."""
        path = self.home / "sandbox" / "lighter.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n")[:-1]
        return [fact for fact in map(json.loads, lines) if fact["account"] == ACCOUNT]

    def resting(self) -> set[int]:
        """Return the orders that truly rest."""
        open_lots: dict[int, int] = {}
        for fact in self.facts():
            if fact["fact"] == "Accepted":
                open_lots[fact["client_id"]] = fact["lots"]
            elif fact["fact"] == "Amended":
                open_lots[fact["client_id"]] = fact["open_lots"]
            elif fact["fact"] == "Traded" and fact["client_id"] in open_lots:
                open_lots[fact["client_id"]] -= fact["lots"]
            elif fact["fact"] == "Ended":
                open_lots.pop(fact["client_id"], None)
        return {client_id for client_id, lots in open_lots.items() if lots > 0}

    def steps(self) -> str:
        """Return what the watchdog has written."""
        (log,) = (self.home / "runs").glob("*/watchdog.log")
        return log.read_text(encoding="utf-8")

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        for _ in range(int(PATIENCE_S / POLL_S)):
            if is_so():
                return
            time.sleep(POLL_S)
        raise AssertionError("it never came to be so")

    def quoting(self) -> bool:
        """Tell whether orders rest on every side."""
        return len(self.resting()) > 3

    def last_end_ns(self) -> int:
        """Return when the last order ended."""
        return max(int(fact["ns"]) for fact in self.facts() if fact["fact"] == "Ended")

    def cancel_alls(self) -> list[dict[str, Any]]:
        """Return the cancel-alls that were carried to the door and meant at once."""
        signed = [f for f in self.facts() if f["fact"] == "Signed" and f["kind"] == "cancel_all"]
        return [fact for fact in signed if json.loads(fact["raw"])["TimeInForce"] == 0]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MMRUNNER_HOME", str(tmp_path))
    (tmp_path / "outputs" / "sandbox").mkdir(parents=True)
    return tmp_path / "outputs"


@contextmanager
def running(home: Path, *words: str, runner: Sequence[str] = sandbox.RUNNER) -> Iterator[Run]:
    with sandbox.venue(home / "sandbox" / "lighter.jsonl") as port:
        sandbox.begin()
        with sandbox.deploy(port, (*WORDS, *words), runner) as process:
            run = Run(process, home, port)
            run.ask_for(do="change_limits", words={"has_rates": False})
            try:
                yield run
            finally:
                process.kill()


def test_a_deploy_that_is_killed_leaves_no_order(home: Path) -> None:
    with running(home) as run:
        run.until(run.quoting)
        killed_ns = SystemClock().now_ns()
        os.kill(run.process.pid, signal.SIGKILL)
        run.until(lambda: "confirmed: nothing rests" in run.steps())
        assert run.resting() == set()
        assert run.last_end_ns() - killed_ns < BOUND_NS
        assert run.cancel_alls()[-1]["code"] == 200
    assert "the deploy ended without a goodbye" in run.steps()
    assert "[" not in run.steps()


def test_a_venue_that_refuses_and_hangs_up_is_asked_until_nothing_rests(home: Path) -> None:
    with running(home) as run:
        run.until(run.quoting)
        run.ask_for(when="cancel_all", times=4, do="too_many")
        run.ask_for(when="accountActiveOrders", times=2, do="reset")
        os.kill(run.process.pid, signal.SIGKILL)
        run.until(lambda: "confirmed: nothing rests" in run.steps())
        assert run.resting() == set()
    steps = run.steps()
    assert "orders were not cancelled" in steps
    assert "accountActiveOrders: " in steps
    assert "not confirmed" not in steps


def test_a_deploy_that_stands_still_is_cleared_and_quotes_again_when_it_wakes(home: Path) -> None:
    with running(home) as run:
        run.until(run.quoting)
        stopped_ns = SystemClock().now_ns()
        os.kill(run.process.pid, signal.SIGSTOP)
        run.until(lambda: "loop has been silent" in run.steps())
        run.until(lambda: not run.resting())
        assert run.last_end_ns() - stopped_ns < SILENCE_S * SECOND_NS + BOUND_NS
        os.kill(run.process.pid, signal.SIGCONT)
        run.until(lambda: "confirmed: nothing rests" in run.steps())
        run.until(lambda: run.steps().count("watching process") == 2)
        run.until(lambda: bool(run.resting()))
        os.kill(run.process.pid, signal.SIGINT)
        assert run.process.wait(60) == 130
        assert run.resting() == set()
    assert run.steps().endswith("dismissed\n")


def test_a_deploy_whose_loop_is_blocked_is_cleared_by_its_watchdog(home: Path) -> None:
    with running(home, runner=BLOCKABLE) as run:
        run.until(run.quoting)
        blocked_ns = SystemClock().now_ns()
        block(home.parent, "lighter_sandbox")
        run.until(lambda: "loop has been silent" in run.steps())
        run.until(lambda: not run.resting())
        took_ns = run.last_end_ns() - blocked_ns
        print(f"cleared after {took_ns / 1e9:.2f} s")
        assert took_ns < SILENCE_S * SECOND_NS + BOUND_NS
        assert run.process.wait(PATIENCE_S) == HUNG
        run.until(lambda: "confirmed: nothing rests" in run.steps())
        assert run.resting() == set()


def test_a_deploy_that_is_killed_while_its_loop_is_blocked_clears_itself(home: Path) -> None:
    with running(home, "watchdog.silence_s=60", runner=BLOCKABLE) as run:
        run.until(run.quoting)
        block(home.parent, "lighter_sandbox")
        killed_ns = SystemClock().now_ns()
        (home / "ledgers" / "lighter_sandbox.kill").touch()
        assert run.process.wait(PATIENCE_S) == HUNG
        run.until(lambda: "confirmed: nothing rests" in run.steps())
        assert run.resting() == set()
        took_ns = run.last_end_ns() - killed_ns
        print(f"cleared after {took_ns / 1e9:.2f} s")
        assert took_ns < KILLED_NS + BOUND_NS


def test_a_clean_stop_leaves_the_watchdog_nothing_to_do(home: Path) -> None:
    with running(home, "duration_s=6") as run:
        assert run.process.wait(PATIENCE_S) == 0
        assert run.resting() == set()
        assert run.cancel_alls() == []
    assert run.steps().endswith("dismissed\n")
