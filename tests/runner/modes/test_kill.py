"""A killed deploy ends and does not start; `mode=kill` tells how, `mode=unlatch` lifts it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.latch import Latch
from runner.engine.lock import DeployLock
from runner.modes import kill, paper, unlatch
from runner.modes.kill import watch_end
from runner.places import Places, RunDirectory
from tests import virtual
from tests.deploys import CHECKOUT, settings_for
from tests.support import NOW_NS, SECOND_NS
from tests.virtual import VirtualClock

DEPLOY = "deploy=one"
PATIENCE_S = 60.0
POLL_S = 0.05


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "run"))


def killed(places: Places, *overrides: str) -> int:
    return kill.run(settings_for(DEPLOY, "mode=kill", *overrides), places)


def lifted(places: Places) -> int:
    return unlatch.run(settings_for(DEPLOY, "mode=unlatch"), places)


def test_kill_without_a_runner_then_no_start_then_unlatch(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert killed(places, "kill.reason='the price is wrong'") == 0
    told = capsys.readouterr().out
    assert "the price is wrong" in told
    assert "no runner holds it" in told
    settings = settings_for(DEPLOY, "market=btc", "duration_s=1")
    with pytest.raises(Exception, match="the price is wrong") as refused:
        paper.run(settings, places)
    assert getattr(refused.value, "exit_code", None) == 4
    assert sorted(p.name for p in places.ledgers.iterdir()) == ["one.kill"]
    assert not places.run.opened
    assert killed(places) == 0
    assert "the price is wrong (it was already)" in capsys.readouterr().out
    assert lifted(places) == 0
    assert "the price is wrong" in capsys.readouterr().out
    (kept,) = places.ledgers.iterdir()
    assert kept.name.startswith("one.kill.2")
    with pytest.raises(ConfigError, match="expected a killed deploy"):
        lifted(places)


def test_no_latch_is_lifted_under_a_runner(places: Places) -> None:
    killed(places)
    refused = pytest.raises(ConfigError, match=f"process {os.getpid()} runs it")
    with DeployLock(places.lock("one")), refused:
        lifted(places)
    assert Latch.of(places, "one").is_set()


@pytest.mark.parametrize(
    ("ends_after_s", "code", "words"),
    [(2, 0, "ended within 2.0 s"), (60, 3, "has not ended after 10 s; its orders may rest")],
)
def test_kill_tells_whether_the_runner_ended(
    places: Places,
    capsys: pytest.CaptureFixture[str],
    ends_after_s: int,
    code: int,
    words: str,
) -> None:
    async def main(clock: VirtualClock) -> int:
        async def runner() -> None:
            with DeployLock(places.made(places.ledgers) / "one.lock"):
                await clock.sleep_until_ns(NOW_NS + ends_after_s * SECOND_NS)

        holding = asyncio.create_task(runner())
        await asyncio.sleep(0)
        ended = await watch_end("one", places.lock("one"), clock)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
        return ended

    assert virtual.run(main, NOW_NS) == code
    assert words in capsys.readouterr().out


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something holds in another process."""
    for _ in range(int(PATIENCE_S / POLL_S)):
        if what():
            return
        time.sleep(POLL_S)
    pytest.fail("it never held")


def started(home: Path) -> "subprocess.Popen[str]":
    """Start a paper deploy as a process and wait until it has quoted."""
    words = ("market=btc", DEPLOY, "watch=none", "record.decisions=none", "duration_s=100")
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", *words],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    tapes = home / "outputs" / "tapes"
    ours = f"*-{process.pid}/*.journal"
    wait_for(lambda: any(p.stat().st_size > 20_000 for p in tapes.glob(ours)))
    return process


@pytest.mark.slow
def test_a_real_runner_ends_with_4_by_signal_and_by_mode_kill_and_starts_again_only_once_lifted(
    places: Places, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = started(tmp_path)
    process.send_signal(signal.SIGUSR1)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, errors) == (4, "")
    assert "SIGUSR1" in Latch.of(places, "one").words()
    lifted(places)
    process = started(tmp_path)
    assert killed(places) == 0
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 4
    assert f"process {process.pid} ended within" in capsys.readouterr().out
