"""Serve a view until it is asked to end."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import uvicorn

from runner.engine.clock import SystemClock
from runner.places import outputs, runs
from runner.web.app import View, Whose, view_of
from runner.web.hub import Hub, Sockets
from runner.web.keys import keys_at
from runner.web.recall import past_of
from runner.web.terms import Terms

MOST_REQUESTS = 512
"""At a time; a further one is told so."""
GRACE_S = 1
KEEP_S = 30


class Server(uvicorn.Server):
    """A server that leaves signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(terms: Terms, listener: socket.socket, word: str, leash: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM, or until the descriptor `leash` comes to its end.

    Raises ConfigError where the tokens are not safe, or the certificate cannot be used.
    """
    view = _view(terms, listener.getsockname()[1], word)
    server = Server(
        uvicorn.Config(
            view.app,
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            ws="none",
            lifespan="on",
            limit_concurrency=MOST_REQUESTS,
            timeout_keep_alive=KEEP_S,
            timeout_graceful_shutdown=GRACE_S,
            ssl_certfile=terms.certificate_file,
            ssl_keyfile=terms.private_key_file,
        )
    )
    asyncio.run(_served(server, view, listener, leash))


def _view(terms: Terms, port: int, word: str) -> View:
    """Return the view of a home; its keys are made where there are none."""
    home = Path(terms.home)
    ledgers = outputs(home) / "ledgers"
    whose = Whose(
        keys=keys_at(outputs(home) / "web" / "keys.json"),
        origins=terms.origins(port),
        session_s=terms.session_s,
        link=word,
        cookie=f"{'__Host-' if terms.has_tls else ''}mmrunner_{port}",
    )
    hub = Hub(ledgers, Sockets(), partial(past_of, ledgers=ledgers))
    return view_of(whose, hub, runs(home), SystemClock())


async def _served(server: Server, view: View, listener: socket.socket, leash: int | None) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        view.close()
        server.should_exit = True

    def heard() -> None:
        if not os.read(leash or 0, 4096):
            loop.remove_reader(leash or 0)
            end()

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(ValueError, RuntimeError):
            loop.add_signal_handler(number, end)
    if leash is not None:
        loop.add_reader(leash, heard)
    await server.serve([listener])
