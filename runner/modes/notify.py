"""Notify: send one letter to every address, and remember that it arrived."""

from connectors.model.errors import ConfigError
from runner.engine.clock import SystemClock
from runner.engine.session import NOT_CONFIRMED
from runner.notify.carrier import AppriseCarrier
from runner.notify.news import Level
from runner.notify.post import Letter
from runner.notify.proof import write_proof
from runner.places import Places
from runner.settings import Settings
from runner.wiring.notify import addresses_of, title_of


def run(settings: Settings, places: Places) -> int:
    """Send a letter; return 0 where every address has taken it, else 3."""
    urls = addresses_of(settings)
    if not urls:
        raise ConfigError("notify.name: expected addresses to try, was none: add notify=apprise")
    letter = Letter(title_of(settings), "a test: calls from this deploy arrive here", Level.INFO)
    # Each by itself: one that does not answer must not hide that the others do.
    name = f"notify.urls_env: {settings.notify.urls_env}"
    carriers = [AppriseCarrier([url], name) for url in urls]
    refused = [k for k, carrier in enumerate(carriers, 1) if not carrier.send(letter)]
    if refused:
        numbers = ", ".join(map(str, refused))
        print(f"notify: {len(refused)} of {len(urls)} addresses did not take it: {numbers}")
        return NOT_CONFIRMED
    places.made(places.notify_proof.parent)
    write_proof(places.notify_proof, urls, SystemClock().now_ns())
    print(f"notify: all {len(urls)} addresses have taken it", flush=True)
    return 0
