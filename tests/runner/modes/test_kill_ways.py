"""Every way to kill ends a busy deploy of several markets in bounded time, with nothing resting;
those that need nothing of its loop do so while that is blocked, too."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from connectors.model.events import ACCEPTED
from runner.control import client
from runner.engine.clock import SystemClock
from runner.engine.hang import HUNG, KILLED_NS
from runner.engine.latch import Latch
from runner.engine.session import HALTED
from runner.places import Places, RunDirectory
from runner.terminal.asking import KILL, command
from tests.deploys import CHECKOUT
from tests.runner.modes.blocked import block
from tests.runner.modes.test_kill import wait_for

pytestmark = pytest.mark.slow
PATIENCE_S = 60
BOUND_NS = 10_000_000_000
"""Of a kill, on a busy machine."""
BUSY = (
    "market=[btc,eth,sol]",
    "deploy=alpha",
    "watch=web",
    "web.port=0",
    "record.decisions=none",
    "kappa=6",
    "strategy.fill_lockout_ms=0",
    "strategy.volatility.warmup_s=0",
    "duration_s=120",
    *(f"markets.{name}.synthetic.taker_per_s=40" for name in ("btc", "eth", "sol")),
)


@dataclass(frozen=True, slots=True)
class Deploy:
    """A paper deploy that runs as a process, with its web view beside it."""

    process: "subprocess.Popen[str]"
    home: Path
    port: int

    @property
    def ledgers(self) -> Path:
        return self.home / "outputs" / "ledgers"

    @property
    def keys(self) -> Path:
        return self.home / "outputs" / "web" / "keys.json"

    @property
    def latch(self) -> Latch:
        return Latch.of(Places(self.home, CHECKOUT, RunDirectory(self.home / "run")), "alpha")

    def markets_resting(self) -> set[str]:
        """Return the markets in which orders rest at the simulated exchange."""
        books = self.ledgers / "alpha.paper.sqlite"
        if not books.exists():
            return set()
        with closing(sqlite3.connect(f"{books.as_uri()}?mode=ro", uri=True)) as db:
            rows = db.execute("SELECT market FROM orders WHERE state = ?", (ACCEPTED,))
            return {name for (name,) in rows}

    def block(self) -> None:
        block(self.home, "alpha")


@contextmanager
def busy(home: Path) -> Iterator[Deploy]:
    """Start a deploy, and wait until orders rest in all of its markets."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.runner.modes.blocked", *BUSY],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://127.0.0.1:(\d+)", process.stdout.readline())
        assert found is not None
        deploy = Deploy(process, home, int(found[1]))
        wait_for(lambda: deploy.keys.exists() and len(deploy.markets_resting()) == 3)
        yield deploy
    finally:
        process.kill()
        process.communicate()


def by_web(deploy: Deploy) -> None:
    keys = json.loads(deploy.keys.read_text())
    own = f"127.0.0.1:{deploy.port}"
    headers = {
        "origin": f"http://{own}",
        "x-mmrunner": "1",
        "content-type": "application/json",
        "authorization": f"Bearer {keys['operate']}",
    }
    wish = {"identity": "1", "what": "kill", "confirmed": True, "reason": "a rehearsal"}
    with closing(HTTPConnection(own, timeout=PATIENCE_S)) as view:
        view.request("POST", "/api/deploys/alpha/asks", json.dumps(wish), headers)
        assert view.getresponse().status == 200


def by_terminal(deploy: Deploy) -> None:
    asked = command(KILL, "btc", "a rehearsal", client.new_identity(), "someone")
    assert asyncio.run(client.command(deploy.ledgers / "alpha.socket", asked)).done


def by_file(deploy: Deploy) -> None:
    (deploy.ledgers / "alpha.kill").touch()


def by_signal(deploy: Deploy) -> None:
    deploy.process.send_signal(signal.SIGUSR1)


def by_mode(deploy: Deploy) -> None:
    """Kill by a command, which waits for the end of the deploy and has to see it."""
    told = subprocess.run(
        [sys.executable, "-m", "runner", "mode=kill", "deploy=alpha", "kill.reason='a rehearsal'"],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(deploy.home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "ended within" in told.stdout


Kill = Callable[[Deploy], None]


def seconds_of(kill: Kill, deploy: Deploy, request: pytest.FixtureRequest) -> float:
    """Kill, wait for the end, and return how long that took; junit keeps it."""
    clock = SystemClock()
    began_ns = clock.monotonic_ns()
    kill(deploy)
    deploy.process.wait(PATIENCE_S)
    took_s = (clock.monotonic_ns() - began_ns) / 1e9
    request.node.user_properties.append(("kill_s", took_s))
    print(f"{request.node.name}: {took_s:.2f} s")
    return took_s


@pytest.mark.parametrize("kill", [by_web, by_terminal, by_file, by_signal, by_mode])
def test_a_busy_deploy_ends_with_nothing_resting(
    kill: Kill, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with busy(tmp_path) as deploy:
        assert seconds_of(kill, deploy, request) < BOUND_NS / 1e9
        assert deploy.process.returncode == HALTED
        assert deploy.markets_resting() == set()
        assert deploy.latch.is_set()


@pytest.mark.parametrize("kill", [by_web, by_file, by_mode])
def test_a_blocked_loop_is_ended_by_what_needs_nothing_of_it(
    kill: Kill, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with busy(tmp_path) as deploy:
        deploy.block()
        assert seconds_of(kill, deploy, request) < (KILLED_NS + BOUND_NS) / 1e9
        assert deploy.process.returncode == HUNG
        assert deploy.latch.is_set()
    words = (*BUSY, "watch=none", "duration_s=2")
    again = [sys.executable, "-m", "runner", *words]
    environment = {**os.environ, "MMRUNNER_HOME": str(tmp_path)}
    refused = subprocess.run(again, cwd=CHECKOUT, env=environment, capture_output=True, check=False)
    assert refused.returncode == HALTED
    deploy.latch.lift(SystemClock().now_ns())
    subprocess.run(again, cwd=CHECKOUT, env=environment, capture_output=True, check=True)
    assert deploy.markets_resting() == set()


def test_a_loop_that_stays_blocked_is_ended_by_the_hang_watch_alone(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with busy(tmp_path) as deploy:
        seconds_of(Deploy.block, deploy, request)
        assert deploy.process.returncode == HUNG
        assert "the hang watch" in deploy.latch.words()
