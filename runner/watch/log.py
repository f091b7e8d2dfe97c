"""Write `run.log`: one line an event, for people and for tools.

``2026-07-01T12:00:00.123456789Z FILL market=btc side=buy price=100000.1 size=0.02``

Stamps come from the caller. Lines wait in memory until `flush`. Of the kinds in `LINES_PER_S`, each
market may write so many lines in a second; the next line of that kind says how many were dropped.
Fills and whatever else is not listed are never dropped.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from runner.config.secrets import is_secret_name
from runner.watch.stamp import NS_PER_S, utc_text

LINES_PER_S: Mapping[str, int] = {"QUOTE": 1, "PNL": 1, "REJECT": 20, "WARNING": 20}
MOST_CHARACTERS = 300
"""A longer value is cut: some come from a venue."""
WRITE_ABOVE_BYTES = 1 << 16
WAIT_AT_MOST_BYTES = 1 << 24
"""What waits while the disk refuses; lines beyond it are counted as lost."""
_PLAIN = re.compile(r"[\w.+\-/:,%@|]+", re.ASCII)


class RunLog:
    """A log file to append to. At `most_bytes` it is turned over; `keep` former ones stay."""

    def __init__(self, path: Path, *, most_bytes: int = 32_000_000, keep: int = 3) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._keep = keep
        self._waiting = bytearray()
        self._lost = 0
        self._written: dict[tuple[str, str], tuple[int, int]] = {}
        self._dropped: dict[tuple[str, str], int] = {}
        self._file = _open(path)
        self._size = os.fstat(self._file).st_size

    def line(self, now_ns: int, kind: str, market: str = "", /, **fields: object) -> None:
        """Add a line with these fields, unless this kind has had its share of the second."""
        key = (kind, market)
        if not self._admit(key, now_ns):
            self._dropped[key] = self._dropped.get(key, 0) + 1
            return
        if key in self._dropped:
            fields["dropped"] = self._dropped.pop(key)
        self._add(now_ns, kind, market, fields)
        if len(self._waiting) > WRITE_ABOVE_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits. While the disk refuses, the run goes on and lines wait."""
        try:
            if self._size and self._size + len(self._waiting) > self._most_bytes:
                self._turn_over()
            while self._waiting:
                written = os.write(self._file, self._waiting)
                self._size += written
                del self._waiting[:written]
        except OSError:
            return

    def close(self, now_ns: int) -> None:
        """Say what was dropped and not yet told, write everything and close the file."""
        for (kind, market), lines in self._dropped.items():
            self._add(now_ns, "DROPPED", market, {"kind": kind, "lines": lines})
        self._dropped = {}
        self.flush()
        os.close(self._file)

    def _add(self, now_ns: int, kind: str, market: str, fields: Mapping[str, object]) -> None:
        if len(self._waiting) > WAIT_AT_MOST_BYTES:
            self._lost += 1
            return
        words = [utc_text(now_ns), kind]
        if market:
            words.append(f"market={value_text(market)}")
        words.extend(f"{name}={_field_text(name, value)}" for name, value in fields.items())
        if self._lost:
            words.append(f"lost={self._lost}")
            self._lost = 0
        self._waiting += " ".join(words).encode() + b"\n"

    def _admit(self, key: tuple[str, str], now_ns: int) -> bool:
        most = LINES_PER_S.get(key[0])
        if most is None:
            return True
        second = now_ns // NS_PER_S
        counted, lines = self._written.get(key, (second, 0))
        lines = lines if counted == second else 0
        if lines >= most:
            return False
        self._written[key] = (second, lines + 1)
        return True

    def _turn_over(self) -> None:
        """Move the former files up by one, let the oldest go, and begin an empty one."""
        for k in range(self._keep - 1, 0, -1):
            if self._numbered(k).exists():
                self._numbered(k).replace(self._numbered(k + 1))
        self._path.replace(self._numbered(1))
        full, self._file, self._size = self._file, _open(self._path), 0
        os.close(full)

    def _numbered(self, k: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{k}")


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def value_text(value: object) -> str:
    """Return a value as one word: quoted and escaped where it is more than plain characters."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - 1] + "\u2026"
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _field_text(name: str, value: object) -> str:
    return "***" if _is_secret(name) else value_text(value)


@lru_cache(maxsize=256)
def _is_secret(name: str) -> bool:
    return is_secret_name(name)
