"""Listen for browsers, and make the link that logs in once. Nothing here needs the server."""

import secrets
import socket

from connectors.model.errors import ConfigError
from runner.web.terms import Terms

BACKLOG = 256


def new_word() -> str:
    """Return the word of a link that logs in once."""
    return secrets.token_urlsafe(24)


def link_of(terms: Terms, port: int, word: str) -> str:
    """Return the address to open. What follows `#` stays in the browser: no log ever has it."""
    return f"{terms.address(port)}/login#{word}"


def listening(terms: Terms) -> socket.socket:
    """Return a socket that listens; raise ConfigError where that is not possible."""
    host = "127.0.0.1" if terms.host == "localhost" else terms.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, terms.port))
        server.listen(BACKLOG)
    except OSError as error:
        server.close()
        raise ConfigError(
            f"web.port: expected one that is free at {host}, was {terms.port}: {error.strerror};"
            " choose another, or web.port=0 for any"
        ) from None
    return server
