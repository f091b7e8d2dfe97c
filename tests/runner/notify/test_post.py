"""Letters leave in their order from another thread; what cannot leave is told."""

import threading

from runner.notify.news import Level
from runner.notify.post import MOST_WAITING, Letter, Postman

LETTER = Letter("mmrunner", "halted", Level.CRITICAL)


class Carries:
    """A carrier that fails so often, and waits for leave where it is told to."""

    def __init__(self, failures: int = 0, gate: threading.Event | None = None) -> None:
        self.failures = failures
        self.gate = gate
        self.tried: list[str] = []
        self.began = threading.Event()

    def send(self, letter: Letter) -> bool:
        self.began.set()
        if self.gate is not None:
            self.gate.wait()
        self.tried.append(letter.body)
        self.failures -= 1
        return self.failures < 0


def test_letters_leave_in_their_order_and_are_tried_again() -> None:
    carrier, told = Carries(failures=2), list[str]()
    postman = Postman(carrier, 0.0, told.append)
    for body in ("one", "two"):
        postman.post(Letter("mmrunner", body, Level.INFO))
    assert postman.close(10.0)
    assert carrier.tried == ["one", "one", "one", "two"]
    assert told == []


def test_what_is_not_delivered_is_told() -> None:
    told: list[str] = []
    postman = Postman(Carries(failures=99), 0.0, told.append)
    postman.post(LETTER)
    assert postman.close(10.0)
    assert told == ["notify: not delivered after 3 tries: halted"]


def test_a_carrier_that_hangs_delays_nobody() -> None:
    gate, told = threading.Event(), list[str]()
    carrier = Carries(gate=gate)
    postman = Postman(carrier, 0.0, told.append)
    postman.post(LETTER)
    carrier.began.wait()
    for _ in range(MOST_WAITING + 1):
        postman.post(LETTER)
    assert told == [f"notify: {MOST_WAITING} letters wait; not sent: halted"]
    assert not postman.close(0.01)
    gate.set()
