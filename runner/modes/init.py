"""Begin the books of a live deploy, by request: so lost books are never taken for new ones."""

from runner.engine.ledger.kind import begin_live
from runner.engine.lock import DeployLock
from runner.places import Places
from runner.settings import Settings


def run(settings: Settings, places: Places) -> int:
    """Make an empty ledger for mode=live; return 0. Raises ConfigError where there is one."""
    places.made(places.ledgers)
    with DeployLock(places.lock(settings.deploy)):
        begin_live(places.ledger(settings.deploy))
    print(f"{settings.deploy}: an empty ledger is ready: {places.ledger(settings.deploy)}")
    return 0
