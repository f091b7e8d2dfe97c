"""Decide whether a deploy still runs, by what it says and for how long it has said nothing."""

from dataclasses import dataclass, field

from runner.watchdog.post import GOODBYE

LATE_NS = 1_000_000_000
"""A look that comes so late: we were not running either, and the deploy is given its time again."""


@dataclass(slots=True)
class Vigil:
    """One deploy. `reason` says why it is to be rescued; `is_dismissed` that it is not."""

    silence_ns: int
    now_ns: int
    reason: str = ""
    is_dismissed: bool = False
    _heard_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self._heard_ns = self.now_ns

    @property
    def is_over(self) -> bool:
        """Tell whether there is nothing more to wait for."""
        return self.is_dismissed or bool(self.reason)

    def hear(self, said: bytes, now_ns: int) -> None:
        """Take what the deploy has said; nothing at all is the end of its process."""
        self.look(now_ns)
        self._heard_ns = now_ns
        self.is_dismissed = GOODBYE in said
        self.reason = "" if said else "the deploy ended without a goodbye"

    def look(self, now_ns: int) -> None:
        """Note that time has passed."""
        if now_ns - self.now_ns > LATE_NS:
            self._heard_ns = now_ns
        self.now_ns = now_ns
        silent_ns = now_ns - self._heard_ns
        if silent_ns > self.silence_ns:
            self.reason = f"the deploy's loop has been silent for {silent_ns / 1e9:.1f} s"
