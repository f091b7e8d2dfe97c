"""Read the end of a run's log: lines for a page, and the quotes of the time before we looked."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from runner.web.deploy import NAN
from runner.web.moments import COLUMNS, Change, Row

MOST_BYTES = 262_144
RECALLED_BYTES = 4_000_000
_FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')


def tail(log: Path, most: int = MOST_BYTES) -> list[str]:
    """Return the last whole lines of a log, the oldest first; none where there is no log."""
    try:
        with open(log, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - most, 0))
            text = file.read(most).decode("utf-8", "replace")
    except OSError:
        return []
    lines = text.split("\n")
    return [line for line in lines[1 if size > most else 0 :] if line]


def quotes(log: Path) -> Iterator[tuple[str, Row, Change]]:
    """Yield the moments that a log has told of markets, once a second each, oldest first."""
    net: dict[str, float] = {}
    for line in tail(log, RECALLED_BYTES):
        stamp, _, rest = line.partition(" ")
        kind, _, words = rest.partition(" ")
        if kind not in ("QUOTE", "PNL"):
            continue
        fields = fields_of(words)
        market = fields.get("market", "")
        if kind == "PNL":
            net[market] = _number(fields.get("net", ""))
            continue
        stamp_s = _stamp_s(stamp)
        if market and stamp_s is not None:
            yield market, _row(stamp_s, fields, net.get(market, NAN)), _change(stamp_s, fields)


def fields_of(words: str) -> Mapping[str, str]:
    """Return the fields of a line by name."""
    found = {}
    for name, value in _FIELD.findall(words):
        try:
            found[name] = json.loads(value) if value.startswith('"') else value
        except ValueError:
            found[name] = value
    return found


def _row(stamp_s: float, fields: Mapping[str, str], net: float) -> Row:
    known = {
        "stamp_s": stamp_s,
        "mid": _number(fields.get("mid", "")),
        "bid": _number(fields.get("bid", "")),
        "ask": _number(fields.get("ask", "")),
        "clips": _number(fields.get("q", "")),
        "sigma_bps": _number(fields.get("sigma", "")),
        "net": net,
    }
    return [known.get(name, NAN) for name in COLUMNS]


def _change(stamp_s: float, fields: Mapping[str, str]) -> Change:
    bid, ask = (_reasons(fields.get(f"{side}_reasons", "none")) for side in ("bid", "ask"))
    is_quoting = "none" not in (fields.get("bid", "none"), fields.get("ask", "none"))
    return Change(stamp_s, "quoting" if is_quoting else "held", (), bid, ask)


def _reasons(word: str) -> tuple[str, ...]:
    return () if word == "none" else tuple(word.split("|"))


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return NAN


def _stamp_s(word: str) -> float | None:
    try:
        return datetime.fromisoformat(word[:26] + "+00:00").timestamp()
    except ValueError:
        return None
