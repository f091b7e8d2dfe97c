"""Watch: a running deploy in this terminal, and keys to steer it. It is another process."""

import getpass
import sys
from functools import partial

from connectors.model.errors import ConfigError
from runner.control.address import socket_of
from runner.control.client import command, deploys, new_identity, watch
from runner.engine.clock import SystemClock
from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Show the deploy until the person leaves; the deploy goes on."""
    path = socket_of(places.ledgers, settings.deploy)
    if not path.is_socket():
        running = ", ".join(deploys(places.ledgers)) or "none"
        raise ConfigError(
            f"deploy: expected one that runs, was {settings.deploy}; running: {running}"
        )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError("mode=watch: expected a terminal, was none; mode=health needs none")
    from runner.terminal.app import Deploy, Terminal

    deploy = Deploy(
        settings.deploy,
        partial(watch, path),
        partial(command, path),
        new_identity,
        getpass.getuser(),
        SystemClock().monotonic_ns,
    )
    Terminal(deploy).run()
    return 0
