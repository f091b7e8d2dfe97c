"""Send letters from a thread of their own: whoever writes one never waits for a network."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runner.notify.news import Level

MOST_WAITING = 256


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent. `title` says which deploy it is of."""

    title: str
    body: str
    level: Level


class Carrier(Protocol):
    """What brings letters to a person."""

    def send(self, letter: Letter) -> bool:
        """Send a letter, and tell whether every address has taken it. Raises nothing."""


class Postman:
    """One thread that carries letters in their order, each tried `TRIES` times."""

    TRIES = 3

    def __init__(self, carrier: Carrier, pause_s: float, complain: Callable[[str], None]) -> None:
        """Take what carries, the time between two tries, and whom a failure is told."""
        self._carrier = carrier
        self._pause_s = pause_s
        self._complain = complain
        self._letters: queue.Queue[Letter | None] = queue.Queue(MOST_WAITING)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)
        self._thread.start()

    def post(self, letter: Letter) -> None:
        """Have a letter carried; where too many wait it is dropped, and that is told."""
        try:
            self._letters.put_nowait(letter)
        except queue.Full:
            self._complain(f"notify: {MOST_WAITING} letters wait; not sent: {letter.body}")

    def close(self, within_s: float) -> bool:
        """Let what waits be carried, for at most so long; tell whether all of it was tried."""
        self._closing.set()
        try:
            self._letters.put(None, timeout=within_s)
        except queue.Full:
            return False
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (letter := self._letters.get()) is not None:
            if not self._carry(letter):
                self._complain(f"notify: not delivered after {self.TRIES} tries: {letter.body}")

    def _carry(self, letter: Letter) -> bool:
        for attempt in range(self.TRIES):
            if self._carrier.send(letter):
                return True
            if attempt + 1 < self.TRIES:
                # Cut short by the end: what is left is tried at once then.
                self._closing.wait(self._pause_s)
        return False
