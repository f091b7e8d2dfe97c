"""Bring letters by apprise: mail, telephone, chat, each address one URL.

The URLs hold secrets. They are read from an environment variable, one a line or separated by
spaces, and appear in no message, log or file.
"""

from collections.abc import Mapping
from typing import Any

from connectors.model.errors import ConfigError
from runner.notify.news import Level
from runner.notify.post import Letter


def urls_of(environment: Mapping[str, str], name: str) -> list[str]:
    """Return the addresses that a variable holds; raise ConfigError where there are none."""
    urls = environment.get(name, "").split()
    if not urls:
        raise ConfigError(
            f"notify.urls_env: expected {name} in the environment to hold apprise URLs, it is empty"
        )
    return urls


class AppriseCarrier:
    """Send to every address; a letter has arrived where all of them have taken it."""

    def __init__(self, urls: list[str], name: str) -> None:
        """Take addresses; raise ConfigError, which shows none of them, for one that is no URL."""
        import apprise

        self._kinds = {
            Level.INFO: apprise.NotifyType.INFO,
            Level.WARNING: apprise.NotifyType.WARNING,
            Level.CRITICAL: apprise.NotifyType.FAILURE,
        }
        self._box: Any = apprise.Apprise()
        for number, url in enumerate(urls, start=1):
            if not self._box.add(url):
                raise ConfigError(f"{name}: expected apprise URLs, number {number} is none")

    def send(self, letter: Letter) -> bool:
        """Send a letter, and tell whether every address has taken it."""
        kind = self._kinds[letter.level]
        return bool(self._box.notify(body=letter.body, title=letter.title, notify_type=kind))
