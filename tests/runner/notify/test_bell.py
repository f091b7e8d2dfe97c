"""Warnings, health, beginning and end reach a person; the pulse beats while all is well."""

from typing import Any

from runner.engine.health import Health
from runner.notify.bell import Bell, Ringing
from runner.notify.news import Level
from runner.notify.post import Letter, Postman
from runner.notify.pulse import Pulse
from runner.notify.sieve import Sieve
from tests.runner.notify.letterbox import letterbox


class Kept:
    """A carrier and an observer that remember."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Level]] = []
        self.heard: list[Any] = []

    def send(self, letter: Letter) -> bool:
        self.letters.append((letter.body, letter.level))
        return True

    def update(self, workers: Any, now_ns: int) -> None:
        self.heard.append("update")

    def command(self, name: str, workers: Any, now_ns: int) -> None:
        self.heard.append(name)

    def warn(self, now_ns: int, market: str, text: str) -> None:
        self.heard.append((market, text))

    def health(self, now_ns: int, health: Health) -> None:
        self.heard.append(health.ok)


class Frozen:
    """A clock that stands."""

    def now_ns(self) -> int:
        return 0


def deploy(kept: Kept) -> tuple[Bell, Ringing]:
    sieve = Sieve(Level.INFO, 10**12, 100)
    bell = Bell("mmrunner default (paper)", Frozen(), sieve, Postman(kept, 0.0, print))  # type: ignore[arg-type]
    return bell, Ringing(kept, bell, None)


def test_a_person_is_told_and_the_view_hears_everything() -> None:
    kept = Kept()
    bell, ringing = deploy(kept)
    ringing.update([], 0)
    ringing.command("metrics", [], 0)
    ringing.warn(0, "btc", "a fill that we do not know")
    ringing.health(0, Health(True, ()))
    ringing.health(0, Health(False, ("btc is halted", "the loop is late")))
    ringing.health(0, Health(False, ("btc is halted",)))
    ringing.health(0, Health(True, ()))
    bell.end(4)
    assert kept.heard == [
        "update", "metrics", ("btc", "a fill that we do not know"), True, False, False, True
    ]  # fmt: skip
    assert kept.letters == [
        ("btc: a fill that we do not know", Level.WARNING),
        ("btc is halted", Level.CRITICAL),
        ("the loop is late", Level.CRITICAL),
        ("is well again (1 more held back)", Level.INFO),
        ("halted", Level.CRITICAL),
    ]


def test_an_end_is_told_in_words() -> None:
    for code, letter in (
        (0, ("ended", Level.INFO)),
        (130, ("interrupted", Level.INFO)),
        (3, ("ended, and not all could be confirmed", Level.CRITICAL)),
        (1, ("ended with a fault (exit code 1)", Level.CRITICAL)),
    ):
        kept = Kept()
        bell, _ = deploy(kept)
        bell.end(code)
        assert kept.letters == [letter]


def test_the_pulse_beats_once_for_each_time_that_all_was_well() -> None:
    told: list[str] = []
    with letterbox() as box:
        pulse = Pulse(box.url, 3600.0, told.append)
        assert not pulse.beat()
        pulse.tell(is_well=True)
        assert pulse.beat()
        assert not pulse.beat()
        pulse.tell(is_well=True)
        pulse.tell(is_well=False)
        assert not pulse.beat()
        assert box.asked == ["/pulse"]
        box.is_open = False
        for _ in range(2):
            pulse.tell(is_well=True)
            assert not pulse.beat()
        pulse.close()
    assert told == ["notify: the dead man's switch does not answer"]
