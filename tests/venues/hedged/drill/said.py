"""Read what a deploy's logs said of what is not hedged, and from when until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

WORDS = ("beyond_band", "unknown_exposure", "unhedged")
AFTER_NS = 2_000_000_000
"""A log has a line a second of each market."""


@dataclass(frozen=True, slots=True)
class Said:
    """A market that hedges, or is hedged, said that not all is hedged."""

    market: str
    since_ns: int
    until_ns: int

    def is_of(self, market: str, since_ns: int, until_ns: int) -> bool:
        """Tell whether it was said of a market in some part of a time."""
        is_then = self.since_ns <= until_ns + AFTER_NS and self.until_ns >= since_ns
        return self.market == market and is_then


def said_in(runs: Path) -> Iterator[Said]:
    """Yield what the logs of all runs say."""
    for log in sorted(runs.glob("*/run.log")):
        yield from _said(log)


def _said(log: Path) -> Iterator[Said]:
    open_ns: dict[str, int] = {}
    last_ns = 0
    for line in log.read_text(encoding="utf-8").splitlines():
        stamp, _, rest = line.partition(" ")
        if not rest.startswith("QUOTE market="):
            continue
        last_ns = ns_of(stamp)
        market = rest.split(" ", 2)[1].partition("=")[2]
        is_said = any(word in rest for word in WORDS)
        if is_said:
            open_ns.setdefault(market, last_ns)
        elif market in open_ns:
            yield Said(market, open_ns.pop(market), last_ns)
    for market, since_ns in open_ns.items():
        yield Said(market, since_ns, last_ns)


def ns_of(stamp: str) -> int:
    """Return a log's stamp as nanoseconds since 1970."""
    seconds, _, frac = stamp.removesuffix("Z").partition(".")
    moment = datetime.fromisoformat(seconds).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000 + int(frac.ljust(9, "0"))
