"""Pack what somebody else needs to understand a day that went wrong, without its secrets."""

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from runner.custody.redact import Redactor

TEXTS = frozenset({".yaml", ".yml", ".log", ".json", ".csv", ".txt", ".html", ".kill", ".md"})
"""Files that are read as text and rewritten; others go as they are, or not at all."""
CONFIG = Path(".hydra") / "config.yaml"


@dataclass(slots=True)
class Bundle:
    """A bundle while it is packed. `left_out` says which files are not in it, and why."""

    tar: tarfile.TarFile
    redactor: Redactor
    most_bytes: int
    packed: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def add_text(self, name: str, text: str) -> None:
        """Pack words."""
        self._put(name, self.redactor.text(text.encode()))

    def add_file(self, name: str, path: Path) -> None:
        """Pack a file: a text without its secrets, anything else only where it has none."""
        try:
            size = path.stat().st_size
            if size + sum(self.packed.values()) > self.most_bytes:
                self.left_out[name] = f"{size:,} bytes, more than bundle.most_mb leaves"
                return
            content = path.read_bytes()
        except OSError as error:
            self.left_out[name] = error.strerror or "cannot be read"
            return
        if path.suffix in TEXTS:
            content = self.redactor.text(content)
        elif self.redactor.holds_secret(content):
            self.left_out[name] = "it holds a secret and is no text"
            return
        self._put(name, content)

    def finish(self, facts: Mapping[str, object]) -> None:
        """Pack the manifest: the facts, what is in the bundle, and what is not."""
        words = {**facts, "files": dict(self.packed), "left_out": self.left_out}
        self.add_text("manifest.json", json.dumps(words, indent=2) + "\n")

    def _put(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self.tar.addfile(entry, io.BytesIO(content))
        self.packed[name] = len(content)


def last_run(runs: Path, deploy: str) -> Path | None:
    """Return the newest run directory of a deploy: the names of runs are in order of time."""
    for path in sorted(runs.glob(f"*/{CONFIG}"), reverse=True):
        config = config_of(path.parent.parent)
        if config.get("deploy") == deploy:
            return path.parent.parent
    return None


def config_of(run: Path) -> Mapping[str, object]:
    """Return the configuration that a run was started with; empty where it cannot be read."""
    try:
        config = yaml.safe_load((run / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return config if isinstance(config, dict) else {}


def files_of(run: Path, tapes: Path, ledgers: Path, deploy: str) -> Iterator[tuple[str, Path]]:
    """Yield name and path of what belongs to a run: the small and telling ones first."""
    for folder, kind in ((run, "run"), (tapes / run.name, "tapes")):
        found = (path for path in folder.rglob("*") if path.is_file())
        for path in sorted(found, key=lambda path: (path.stat().st_size, path.name)):
            yield f"{kind}/{path.relative_to(folder)}", path
    for path in sorted(ledgers.glob(f"{deploy}.*")):
        if path.suffix in (".json", ".kill") or ".kill." in path.name:
            yield f"deploy/{path.name}", path
