"""Begin a web view beside a deploy, as a process of its own, and end it with the deploy."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import runner
from connectors.model.errors import ConfigError
from runner.web.listen import link_of, listening, new_word
from runner.web.terms import Terms

ROOT = Path(runner.__file__).resolve().parent.parent
END_S = 3.0
LOG = "web.log"


@contextmanager
def web_beside(terms: Terms, directory: Path) -> Iterator[str]:
    """Yield the line to tell, with a link that logs in once, while the view is there.

    The view is no part of the deploy: where it cannot be begun the line says so, and what becomes
    of it afterwards changes nothing. Its own words go to `web.log` in `directory`.
    """
    try:
        listener = listening(terms)
    except ConfigError as error:
        yield f"no web view beside this deploy: {error}"
        return
    word, port = new_word(), listener.getsockname()[1]
    with listener, open(directory / LOG, "ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "runner.web"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
        _tell(child, terms, listener.fileno(), word)
    try:
        yield f"web view: {link_of(terms, port, word)}  (good once, for ten minutes)"
    finally:
        _end(child)


def _tell(child: subprocess.Popen[bytes], terms: Terms, listener: int, word: str) -> None:
    words = {"terms": asdict(terms), "listener": listener, "word": word}
    if child.stdin is not None:
        with suppress(OSError):
            os.write(child.stdin.fileno(), json.dumps(words).encode() + b"\n")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let go of the view: it ends by itself, and is not waited for beyond a moment."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
