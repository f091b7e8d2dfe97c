"""Reach a deploy's socket, however long the path to it: a socket's own address is short."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.model.errors import MmrunnerError

MOST_BYTES = 100
"""Longest address that every system takes."""
DESCRIPTORS = Path("/proc/self/fd")


def socket_of(ledgers: Path, deploy: str) -> Path:
    """Return where a deploy listens."""
    return ledgers / f"{deploy}.socket"


@contextmanager
def address_of(path: Path) -> Iterator[str]:
    """Yield a name of `path` that a socket can be bound or connected to.

    A long one is named by its open directory. Raises MmrunnerError where the system cannot.
    """
    if len(os.fsencode(path)) <= MOST_BYTES:
        yield str(path)
        return
    if not DESCRIPTORS.is_dir():
        raise MmrunnerError(f"{path}: expected at most {MOST_BYTES} bytes for a socket, were more")
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield str(DESCRIPTORS / str(directory) / path.name)
    finally:
        os.close(directory)


def listening(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, for its owner alone; a stale one is replaced.

    Only for whoever holds the deploy's lock. Raises MmrunnerError for another kind of file.
    """
    if path.is_socket():
        path.unlink()
    elif os.path.lexists(path):
        raise MmrunnerError(f"{path}: expected a socket or nothing, was another kind of file")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        os.fchmod(server.fileno(), 0o600)
        with address_of(path) as address:
            server.bind(address)
        path.chmod(0o600)
        server.setblocking(False)
    except OSError:
        server.close()
        raise
    return server
