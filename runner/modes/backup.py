"""Backup: copy the books of a deploy, running or not, and prove the copy."""

from runner.custody.backup import make_backup, prune
from runner.engine.clock import SystemClock
from runner.modes.outcome import version
from runner.places import Places
from runner.settings import Settings
from runner.watch.stamp import utc_text


def run(settings: Settings, places: Places) -> int:
    """Keep one more backup and let the oldest go; return 0."""
    backups = places.outputs / "backups" / settings.deploy
    stamp = utc_text(SystemClock().now_ns(), 6).replace(":", "-")
    kept = make_backup(places.ledgers, settings.deploy, backups / stamp, version())
    old = prune(backups, settings.backup.keep)
    gone = f"; {len(old)} older deleted" if old else ""
    print(f"{settings.deploy}: {len(kept.files)} books are kept in {kept.path}{gone}", flush=True)
    return 0
