"""Keep copies of a deploy's books, and bring one of them back."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from connectors.model.errors import ConfigError, MmrunnerError
from runner.custody.books import (
    books_of,
    companions,
    copy_book,
    digest_of,
    require_ledger,
    sync,
)

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its directory, and the sha256 of each file by its name."""

    path: Path
    deploy: str
    files: dict[str, str]


def make_backup(ledgers: Path, deploy: str, directory: Path, release: str) -> Backup:
    """Copy a deploy's books into a new directory; whatever runs goes on.

    The manifest comes last: a directory without one is no backup. Raises ConfigError where there
    are no books, MmrunnerError for books that are not whole.
    """
    sources = books_of(ledgers, deploy)
    if not sources:
        raise ConfigError(f"deploy: expected one that has books in {ledgers}, was {deploy}")
    directory.mkdir(parents=True, mode=0o700)
    files = {source.name: copy_book(source, directory / source.name) for source in sources}
    words = {"deploy": deploy, "release": release, "files": files}
    (directory / MANIFEST).write_text(json.dumps(words, indent=2) + "\n", encoding="utf-8")
    sync(directory / MANIFEST)
    sync(directory)
    return Backup(directory, deploy, files)


def read_backup(directory: Path) -> Backup:
    """Return a backup after proving that its files are those that were written.

    Raises ConfigError for a directory that is none, MmrunnerError for one that has changed.
    """
    try:
        words = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in words["files"].items()}
        backup = Backup(directory, str(words["deploy"]), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ConfigError(
            f"backup.path: expected a directory that mode=backup has made, was {directory}"
        ) from None
    for name, digest in files.items():
        path = directory / name
        if Path(name).name != name or not path.is_file() or digest_of(path) != digest:
            raise MmrunnerError(f"{path}: expected the file that was kept, was another or none")
        require_ledger(path)
    return backup


def restore(backup: Backup, ledgers: Path, deploy: str, stamp: str) -> list[Path]:
    """Put a backup in place of a deploy's books, and return where those lie now.

    Only for whoever holds the deploy's lock. What is there is moved aside and never overwritten;
    every file is whole and on the disk before the first one takes its place.
    """
    fresh = {}
    for name in backup.files:
        target = ledgers / name.replace(backup.deploy, deploy, 1)
        fresh[target] = target.with_name(f".{target.name}.restored")
        shutil.copyfile(backup.path / name, fresh[target])
        fresh[target].chmod(0o600)
        sync(fresh[target])
    aside = []
    for target in books_of(ledgers, deploy):
        former = target.with_name(f"{target.name}.before-{stamp}")
        for suffix in companions(target):
            target.with_name(target.name + suffix).rename(former.with_name(former.name + suffix))
        aside.append(target.rename(former))
    for target, path in fresh.items():
        path.rename(target)
    sync(ledgers)
    return aside


def prune(backups: Path, most: int) -> list[Path]:
    """Delete the oldest backups of a deploy beyond so many, and return them."""
    kept = sorted(path.parent for path in backups.glob(f"*/{MANIFEST}"))
    old = kept[: max(0, len(kept) - most)]
    for directory in old:
        # The manifest goes first: what is left of an interrupted deletion is no backup.
        (directory / MANIFEST).unlink()
        shutil.rmtree(directory)
    return old
