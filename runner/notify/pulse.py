"""Tell a dead man's switch on the net that the deploy is well; its silence calls a person.

The address is asked for by a plain GET, as healthchecks.io and its like expect, from a thread of
its own. Nothing is sent while the deploy is not well: the switch then calls by itself.
"""

import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

TIMEOUT_S = 10.0


class Pulse:
    """Beat every so often while it was said, since the last beat, that all is well."""

    def __init__(self, url: str, every_s: float, complain: Callable[[str], None]) -> None:
        self._url = url
        self._every_s = every_s
        self._complain = complain
        self._is_well = threading.Event()
        self._over = threading.Event()
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)
        self._thread.start()

    def tell(self, *, is_well: bool) -> None:
        """Take note of how the deploy is."""
        if is_well:
            self._is_well.set()
        else:
            self._is_well.clear()

    def close(self) -> None:
        """End it; a beat that is on its way ends by itself."""
        self._over.set()

    def beat(self) -> bool:
        """Beat once where all is well, and tell whether it was heard."""
        if not self._is_well.is_set():
            return False
        self._is_well.clear()
        try:
            with urllib.request.urlopen(self._url, timeout=TIMEOUT_S) as answer:
                is_heard = bool(200 <= answer.status < 300)
        except (OSError, urllib.error.URLError, http.client.HTTPException, ValueError):
            is_heard = False
        if not is_heard and not self._has_failed:
            self._complain("notify: the dead man's switch does not answer")
        self._has_failed = not is_heard
        return is_heard

    def _run(self) -> None:
        while not self._over.wait(self._every_s):
            self.beat()
