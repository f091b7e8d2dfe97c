"""Make what calls a person from the settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.model.errors import ConfigError
from runner.engine.clock import Clock
from runner.guard import complain
from runner.notify.bell import Bell, Noting, Ringing
from runner.notify.carrier import AppriseCarrier, urls_of
from runner.notify.news import Level
from runner.notify.post import Postman
from runner.notify.proof import require_proof
from runner.notify.pulse import Pulse
from runner.notify.sieve import Sieve
from runner.places import Places
from runner.settings import MAINNET, Settings

PAUSE_S = 5.0
"""Time between two tries of a letter."""
LEVELS = {"info": Level.INFO, "warning": Level.WARNING, "critical": Level.CRITICAL}


def title_of(settings: Settings) -> str:
    """Return what every letter of a deploy is headed with."""
    return f"mmrunner {settings.deploy} ({settings.mode.name})"


def addresses_of(settings: Settings) -> list[str]:
    """Return the addresses of a deploy, none where nobody is called. Raises ConfigError."""
    name = settings.notify.urls_env
    if settings.notify.name == "none" or name is None:
        return []
    return urls_of(os.environ, name)


def require_tested(settings: Settings, places: Places, now_ns: int) -> None:
    """Raise ConfigError where real money is armed and nobody is known to be called."""
    if not settings.armed or not any(
        market.enabled and market.venue.network == MAINNET for market in settings.markets.values()
    ):
        return
    urls = addresses_of(settings)
    require_proof(places.notify_proof, urls, settings.notify.tested_within_d, now_ns)


def require_callable(settings: Settings) -> None:
    """Raise ConfigError, before anything is made, where who is to be called cannot be."""
    urls = addresses_of(settings)
    if urls:
        AppriseCarrier(urls, f"notify.urls_env: {settings.notify.urls_env}")
    if settings.notify.name != "none":
        _pulse_url(settings)


@contextmanager
def ringing(settings: Settings, observer: Noting, clock: Clock) -> Iterator["Rung"]:
    """Yield an observer that calls a person too; it is told how the deploy ended by `end`."""
    urls = addresses_of(settings)
    if not urls:
        yield Rung(observer, None)
        return
    chosen = settings.notify
    carrier = AppriseCarrier(urls, f"notify.urls_env: {chosen.urls_env}")
    sieve = Sieve(LEVELS[chosen.least_level], int(chosen.quiet_s * 1e9), chosen.most_per_hour)
    bell = Bell(title_of(settings), clock, sieve, Postman(carrier, PAUSE_S, complain))
    pulse = _pulse_of(settings)
    rung = Rung(Ringing(observer, bell, pulse), bell)
    bell.ring(Level.INFO, "", "started")
    try:
        yield rung
    finally:
        if pulse is not None:
            pulse.close()
        bell.end(rung.code)


class Rung:
    """The observer of a deploy, and how it ended: with a fault, until it is said otherwise."""

    def __init__(self, observer: Noting, bell: Bell | None) -> None:
        self.observer = observer
        self.bell = bell
        self.code = 1


def _pulse_of(settings: Settings) -> Pulse | None:
    url = _pulse_url(settings)
    return None if url is None else Pulse(url, settings.notify.pulse_every_s, complain)


def _pulse_url(settings: Settings) -> str | None:
    name = settings.notify.pulse_url_env
    if name is None:
        return None
    url = os.environ.get(name, "")
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ConfigError(
            f"notify.pulse_url_env: expected {name} in the environment to hold an https URL,"
            " it does not"
        )
    return url
