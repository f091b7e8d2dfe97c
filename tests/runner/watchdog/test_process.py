"""The watchdog as a process: it outlives signals and its deploy, and its exit code is true."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner.watchdog.child import Child
from runner.watchdog.post import BEAT, CLEARED, DISMISSED, GOODBYE, MISLED, READY, Charge, Post

pytestmark = pytest.mark.slow
POLL_S = 0.01
MAKER = "tests.runner.watchdog.made:rescue"


class Deploy:
    """Two orders in a file, and the watchdog over them."""

    def __init__(self, path: Path, silence_s: float = 60.0) -> None:
        self.orders = path / "orders"
        self.log = path / "watchdog.log"
        self.orders.write_text("one\ntwo\n")
        lock = str(path / "orders.watchdog")
        charge = Charge("a venue", MAKER, {"path": str(self.orders)}, lock)
        self.child = Child(Post(silence_s, str(self.log), [charge]))

    def hear(self, what: bytes) -> None:
        """Wait until the watchdog has said something."""
        while what not in self.child.heard():
            assert self.child.code() is None
            _rest()

    def end(self) -> int:
        """Wait until the watchdog has ended; return its code."""
        while (code := self.child.code()) is None:
            _rest()
        return code


def _rest() -> None:
    time.sleep(POLL_S)


@contextmanager
def watched(path: Path, silence_s: float = 60.0) -> Iterator[Deploy]:
    deploy = Deploy(path, silence_s)
    try:
        deploy.hear(READY)
        yield deploy
    finally:
        deploy.child.kill()
        deploy.child.close()


def test_a_pipe_that_closes_without_a_goodbye_clears_the_account(tmp_path: Path) -> None:
    with watched(tmp_path) as deploy:
        deploy.child.say(BEAT)
        deploy.child.close()
        assert deploy.end() == CLEARED
    assert deploy.orders.read_text() == ""
    steps = [line.partition(" ")[2] for line in deploy.log.read_text().splitlines()]
    assert steps[1:] == [
        "the deploy ended without a goodbye",
        "a venue: cancel-all: let in",
        "a venue: orders that rest: 0",
        "a venue: orders that rest: 0",
        "a venue: confirmed: nothing rests",
    ]


def test_silence_clears_the_account(tmp_path: Path) -> None:
    with watched(tmp_path, silence_s=1.0) as deploy:
        assert deploy.end() == CLEARED
    assert "silent for 1." in deploy.log.read_text()


def test_a_goodbye_leaves_everything_as_it_is_and_signals_are_not_heard(tmp_path: Path) -> None:
    with watched(tmp_path) as deploy:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(deploy.child.pid, number)
        deploy.child.say(BEAT)
        deploy.hear(BEAT)
        deploy.child.say(GOODBYE)
        assert deploy.end() == DISMISSED
    assert deploy.orders.read_text() == "one\ntwo\n"


def test_one_account_has_one_watchdog_and_the_next_waits_for_its_end(tmp_path: Path) -> None:
    with watched(tmp_path) as first:
        second = Deploy(tmp_path)
        said = b""
        while len(said) < 3:
            second.child.say(BEAT)
            said += second.child.heard()
            _rest()
        assert READY not in said
        first.child.close()
        second.hear(READY)
        assert first.end() == CLEARED
        second.child.say(GOODBYE)
        assert second.end() == DISMISSED
        second.child.close()
    assert f"waiting for the former watchdog, process {first.child.pid}" in first.log.read_text()


def test_one_that_still_waits_has_nothing_to_clear(tmp_path: Path) -> None:
    with watched(tmp_path) as first:
        second = Deploy(tmp_path)
        second.child.close()
        assert second.end() == DISMISSED
        assert second.orders.read_text() == "one\ntwo\n"
        first.child.say(GOODBYE)
        assert first.end() == DISMISSED


def test_one_that_cannot_begin_says_why(tmp_path: Path) -> None:
    log = tmp_path / "watchdog.log"
    words = {"rest_url": "http://127.0.0.1:1", "key_env": "NOT_THERE", "key_index": 4, "account": 1}
    charge = Charge("lighter", "connectors.lighter.rescue:made", words, str(tmp_path / "lock"))
    child = Child(Post(5.0, str(log), [charge]))
    while (code := child.code()) is None:
        _rest()
    child.close()
    assert code == MISLED
    assert "expected NOT_THERE to hold a key" in log.read_text()
