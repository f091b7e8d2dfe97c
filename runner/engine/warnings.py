"""Tell a person of what should be looked at, also before anybody listens."""

from dataclasses import dataclass, field
from typing import Protocol


class Warn(Protocol):
    """Tell a person, in the log."""

    def __call__(self, now_ns: int, market: str, text: str) -> None: ...


@dataclass(slots=True)
class Warnings:
    """Warnings; they wait until somebody listens."""

    listener: Warn | None = None
    _waiting: list[tuple[int, str, str]] = field(default_factory=list)

    def __call__(self, now_ns: int, market: str, text: str) -> None:
        """Pass a warning on."""
        if self.listener is None:
            self._waiting.append((now_ns, market, text))
        else:
            self.listener(now_ns, market, text)

    def listen(self, listener: Warn) -> None:
        """Tell `listener` everything from now on, and what has waited."""
        self.listener = listener
        for warning in self._waiting:
            listener(*warning)
        self._waiting.clear()
