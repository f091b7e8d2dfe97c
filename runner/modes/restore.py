"""Restore: put a backup in place of a deploy's books, which are kept beside."""

from pathlib import Path

from connectors.model.errors import ConfigError
from runner.custody.backup import read_backup, restore
from runner.engine.clock import SystemClock
from runner.engine.lock import DeployLock
from runner.places import Places
from runner.settings import Settings
from runner.watch.stamp import utc_text


def run(settings: Settings, places: Places) -> int:
    """Restore `backup.path`; return 0. Refused while the deploy runs."""
    if settings.backup.path is None:
        raise ConfigError("backup.path: expected a directory that mode=backup has made, was null")
    deploy = settings.deploy
    backup = read_backup(Path(settings.backup.path).absolute())
    places.made(places.ledgers)
    stamp = utc_text(SystemClock().now_ns(), 6).replace(":", "-")
    with DeployLock(places.lock(deploy)):
        aside = restore(backup, places.ledgers, deploy, stamp)
    print(f"{deploy}: {len(backup.files)} books are those of {backup.path}")
    for path in aside:
        print(f"{deploy}: what was there is kept: {path}")
    print(
        f"{deploy}: the next start books what has traded since, from the venue's own record",
        flush=True,
    )
    return 0
