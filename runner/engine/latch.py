"""Keep a deploy killed: a file beside its ledger that only a person removes.

The file's being there is the latch, whatever it holds: `touch` sets it as well as we do. It
outlives the process and a crash while it is written. Lifting it keeps it under another name, as a
record.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from connectors.model.errors import ConfigError, MmrunnerError
from runner.places import Places

MOST_BYTES = 4096
"""What is read of a latch."""


class Latched(MmrunnerError):
    """The deploy is killed. Nothing was started."""

    exit_code = 4


class Latch:
    """The kill latch of one deploy."""

    def __init__(self, path: Path, deploy: str) -> None:
        self.path = path
        self.deploy = deploy

    @classmethod
    def of(cls, places: Places, deploy: str) -> "Latch":
        """Return the latch of a deploy by its name."""
        return cls(places.ledgers / f"{deploy}.kill", deploy)

    def is_set(self) -> bool:
        """Tell whether the latch is there. What cannot be told is taken for set."""
        try:
            os.lstat(self.path)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def set(self, who: str, why: str, now_ns: int) -> bool:
        """Set the latch and force it to the disk; tell whether it was free. The first one stays.

        Raises OSError when neither is possible.
        """
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        try:
            when = datetime.fromtimestamp(now_ns / 1e9, UTC).isoformat(timespec="milliseconds")
            words = {"who": who, "when": when, "why": why}
            os.write(file, json.dumps(words, ensure_ascii=False).encode() + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
        _sync(self.path.parent)
        return True

    def words(self) -> str:
        """Return who set it, when and why, as far as it can be read."""
        try:
            with open(self.path, "rb") as file:
                held = json.loads(file.read(MOST_BYTES))
            return f"by {held['who']} at {held['when']}: {held['why']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "by a file that does not say who, when or why"

    def refuse(self) -> None:
        """Raise Latched if it is set."""
        if self.is_set():
            raise Latched(
                f"deploy: expected '{self.deploy}' not to be killed, was {self.words()};"
                f" lift it with mode=unlatch deploy={self.deploy}"
            )

    def lift(self, now_ns: int) -> Path:
        """Move the latch out of the way and return where it is kept.

        Raises ConfigError when it is not set.
        """
        stamp = datetime.fromtimestamp(now_ns / 1e9, UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        kept = self.path.with_name(f"{self.path.name}.{stamp}")
        try:
            os.rename(self.path, kept)
        except FileNotFoundError:
            raise ConfigError(
                f"deploy: expected a killed deploy, '{self.deploy}' is not ({self.path})"
            ) from None
        except OSError as error:
            raise ConfigError(
                f"deploy: expected a latch that can be moved, was {self.path}: {error.strerror}"
            ) from None
        _sync(kept.parent)
        return kept


def _sync(directory: Path) -> None:
    """Force a directory's entries to the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
