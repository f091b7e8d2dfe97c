"""Ring for what a deploy's observer hears: its warnings, its health, its beginning and its end."""

from collections.abc import Sequence
from typing import Protocol

from runner.engine.clock import Clock
from runner.engine.health import Health
from runner.engine.observer import Observer
from runner.engine.worker import Worker
from runner.notify.news import Level, News
from runner.notify.post import Letter, Postman
from runner.notify.pulse import Pulse
from runner.notify.sieve import Sieve

MEANINGS = {0: "ended", 3: "ended, and not all could be confirmed", 4: "halted", 130: "interrupted"}
"""What an exit code says to a person; any other is a fault."""
END_S = 10.0
"""How long the end waits for the last letters."""


class Bell:
    """Turn news into letters. Whoever rings never waits."""

    def __init__(self, title: str, clock: Clock, sieve: Sieve, postman: Postman) -> None:
        self._title = title
        self._clock = clock
        self._sieve = sieve
        self._postman = postman

    def ring(self, level: Level, market: str, text: str) -> None:
        """Tell a person, unless it has been told of late or does not matter enough."""
        for line in self._sieve.sift(News(level, market, text), self._clock.now_ns()):
            self._postman.post(Letter(self._title, line, level))

    def end(self, code: int) -> None:
        """Tell how the deploy ended, and wait a little until it has left."""
        text = MEANINGS.get(code, f"ended with a fault (exit code {code})")
        self.ring(Level.INFO if code in (0, 130) else Level.CRITICAL, "", text)
        self._postman.close(END_S)


class Noting(Observer, Protocol):
    """An observer that also keeps what needs nothing to be done."""

    def note(self, now_ns: int, market: str, text: str) -> None:
        """Keep it."""


class Ringing:
    """An observer that passes everything on, and rings for what a person has to know."""

    def __init__(self, inner: Noting, bell: Bell, pulse: Pulse | None) -> None:
        self._inner = inner
        self._bell = bell
        self._pulse = pulse
        self._was_ok = True

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Pass on."""
        self._inner.update(workers, now_ns)

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Pass on."""
        self._inner.command(name, workers, now_ns)

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Pass on, and ring."""
        self._inner.warn(now_ns, market, text)
        self._bell.ring(Level.WARNING, market, text)

    def note(self, now_ns: int, market: str, text: str) -> None:
        """Pass on, and ring for whoever wants to hear of everything."""
        self._inner.note(now_ns, market, text)
        self._bell.ring(Level.INFO, market, text)

    def health(self, now_ns: int, health: Health) -> None:
        """Pass on, ring when it changes, and let the pulse beat while it is well."""
        self._inner.health(now_ns, health)
        if self._pulse is not None:
            self._pulse.tell(is_well=health.ok)
        if health.ok and not self._was_ok:
            self._bell.ring(Level.INFO, "", "is well again")
        for finding in () if health.ok else health.findings:
            self._bell.ring(Level.CRITICAL, "", finding)
        self._was_ok = health.ok
