"""Find out that an account's stream is open and tells nothing.

A stream that answers pings may have stopped to bring news. What reads show to have changed a while
ago, while the stream was whole, it has to have told; if not, it is opened anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

HEARD_WITHIN_MS = 3_000
"""What has changed so long ago has been told by a stream that tells anything."""


@dataclass(slots=True)
class Hearing:
    """Since when an account's stream has been whole, by the venue's clock; None: it is not."""

    whole_since_ms: int | None = None
    on_deaf: Callable[[], None] = lambda: None

    def compare(self, changed_ms: int, is_known: bool, now_ms: int) -> None:
        """Take that something changed at a moment, as a read says, and whether the stream told."""
        if is_known or self.whole_since_ms is None:
            return
        if self.whole_since_ms + HEARD_WITHIN_MS < changed_ms < now_ms - HEARD_WITHIN_MS:
            self.whole_since_ms = None
            self.on_deaf()
