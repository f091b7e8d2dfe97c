"""Bundle: one archive of a run's configuration, log, journal, tape and books, without secrets."""

import os
import platform
import tarfile
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.model.errors import ConfigError
from runner.custody.books import books_of, copy_book
from runner.custody.bundle import Bundle, config_of, files_of, last_run
from runner.custody.redact import Redactor, secret_names
from runner.engine.clock import SystemClock
from runner.modes.outcome import version
from runner.places import Places
from runner.report.files import replacement
from runner.settings import Settings
from runner.watch.stamp import utc_text


def run(settings: Settings, places: Places) -> int:
    """Pack the chosen run, or the last one of the deploy; return 0."""
    deploy, chosen = settings.deploy, settings.bundle.run
    directory = Path(chosen).absolute() if chosen else last_run(places.runs, deploy)
    if directory is None or not directory.is_dir():
        told = chosen or f"none of deploy {deploy} in {places.runs}"
        raise ConfigError(f"bundle.run: expected a run directory, was {told}")
    names = {*secret_names(settings.model_dump()), *secret_names(config_of(directory))}
    redactor = Redactor.of(os.environ, names)
    now_ns = SystemClock().now_ns()
    stamp = utc_text(now_ns, 6).replace(":", "-")
    path = places.made(places.outputs / "bundles") / f"{deploy}-{stamp}.tar.gz"
    with replacement(path) as fresh, tarfile.open(fresh, "w:gz", compresslevel=6) as tar:
        bundle = Bundle(tar, redactor, settings.bundle.most_mb * 1_000_000)
        for name, file in files_of(directory, places.tapes, places.ledgers, deploy):
            bundle.add_file(name, file)
        _add_books(bundle, places.ledgers, deploy)
        bundle.finish(_facts(deploy, directory, now_ns))
    for name, why in bundle.left_out.items():
        print(f"left out: {name}: {why}")
    packed = f"{len(bundle.packed)} files, {path.stat().st_size:,} bytes"
    print(f"bundle of {packed}: {path}", flush=True)
    return 0


def _add_books(bundle: Bundle, ledgers: Path, deploy: str) -> None:
    with TemporaryDirectory() as folder:
        for book in books_of(ledgers, deploy):
            copy = Path(folder) / book.name
            copy_book(book, copy)
            bundle.add_file(f"deploy/{book.name}", copy)


def _facts(deploy: str, directory: Path, now_ns: int) -> dict[str, object]:
    packages = {d.metadata["Name"]: d.version for d in metadata.distributions()}
    return {
        "deploy": deploy,
        "run": directory.name,
        "packed": utc_text(now_ns, 3),
        "release": version(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": dict(sorted(packages.items(), key=lambda item: str(item[0]))),
    }
