"""Keep the last verdict of a running deploy in a file, for whoever asks from outside.

The file is replaced whole, once a second. One that is older than `STALE_NS` says nothing but that
its writer is gone, blocked or broken.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from runner.engine.health import Health, MarketState
from runner.places import Places

EVERY_NS = 1_000_000_000
STALE_NS = 3_000_000_000
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict and when it was given."""

    stamp_ns: int
    health: Health

    def is_stale(self, now_ns: int) -> bool:
        """Tell whether it is too old, or of a time that has not come, to say anything of now."""
        return abs(now_ns - self.stamp_ns) > STALE_NS


class HealthFile:
    """The health file of one deploy."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, places: Places, deploy: str) -> "HealthFile":
        """Return the file of a deploy by its name."""
        return cls(places.ledgers / f"{deploy}.health.json")

    def write(self, health: Health, markets: Mapping[str, MarketState], now_ns: int) -> None:
        """Replace the file; raise OSError when that is not possible."""
        words = {
            "stamp_ns": now_ns,
            "stamp": datetime.fromtimestamp(now_ns / 1e9, UTC).isoformat(timespec="milliseconds"),
            "process": os.getpid(),
            "ok": health.ok,
            "findings": list(health.findings),
            "markets": {name: asdict(market) for name, market in markets.items()},
        }
        draft = self.path.with_name(f"{self.path.name}.draft")
        draft.write_text(json.dumps(words, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(self.path)

    def remove(self) -> None:
        """Let nobody find a verdict of a deploy that has ended."""
        self.path.unlink(missing_ok=True)

    def read(self) -> Told | None:
        """Return the last verdict; None where there is none that can be read."""
        try:
            with open(self.path, "rb") as file:
                words = json.loads(file.read(MOST_BYTES))
            findings = tuple(str(line) for line in words["findings"])
            return Told(int(words["stamp_ns"]), Health(words["ok"] is True, findings))
        except (OSError, ValueError, KeyError, TypeError):
            return None
