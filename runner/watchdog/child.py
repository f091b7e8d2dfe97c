"""Start a watchdog as a process of its own, and speak with it over pipes. Nothing here waits."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import runner
from runner.watchdog.post import Post

ROOT = Path(runner.__file__).resolve().parent.parent
MOST_BYTES = 65_536


class Child:
    """A watchdog that was started. It is begun anew, never forked: a loaded signer dies of that."""

    def __init__(self, post: Post) -> None:
        command = [sys.executable, "-m", "runner.watchdog"]
        with open(post.log, "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
            )
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self.say(post.line())

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def say(self, what: bytes) -> None:
        """Tell it something; one that does not listen is noticed by its silence."""
        if self._process.stdin is not None:
            with suppress(OSError, ValueError):
                os.write(self._process.stdin.fileno(), what)

    def heard(self) -> bytes:
        """Return what it has said since."""
        if self._process.stdout is not None:
            with suppress(OSError, ValueError):
                return os.read(self._process.stdout.fileno(), MOST_BYTES)
        return b""

    def code(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def close(self) -> None:
        """Let go of it. Without a goodbye it does its work."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
