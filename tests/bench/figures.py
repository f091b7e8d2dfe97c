"""Hold measured figures, and read and write them as JSON.

A machine that others use as well is never the same twice. So each figure has, wherever one makes
sense, a *peer*: a fixed piece of work of the same kind, measured in turns with it. What is compared
over time is ``ratio = value / peer_value``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEYS = ("value", "unit", "peer", "peer_value", "ratio")
"""What a figure's JSON holds, always all of it; `peer`, `peer_value` and `ratio` may be null."""

DIGITS = 5

Plain = dict[str, float | str | None]


@dataclass(frozen=True, slots=True)
class Peer:
    """What a figure is held against: in words, and its value in the figure's unit."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. More is better for rates (a unit per second), less for all others.

    `aim` is what the project wants to reach; `note` is shown under the table.
    """

    name: str
    value: float
    unit: str
    peer: Peer | None = None
    aim: float | None = None
    note: str = ""

    @property
    def more_is_better(self) -> bool:
        """Tell which way is up."""
        return self.unit.endswith("/s")

    @property
    def ratio(self) -> float | None:
        """Return value over peer value, or None without a peer."""
        if self.peer is None or self.peer.value == 0.0:
            return None
        return self.value / self.peer.value

    @property
    def reaches_aim(self) -> bool:
        """Tell whether the value is as good as its aim; true without one."""
        if self.aim is None:
            return True
        return self.value >= self.aim if self.more_is_better else self.value <= self.aim

    def plain(self) -> Plain:
        """Return the figure as its JSON says it."""
        return {
            "value": _rounded(self.value),
            "unit": self.unit,
            "peer": self.peer.name if self.peer is not None else None,
            "peer_value": _rounded(self.peer.value) if self.peer is not None else None,
            "ratio": _rounded(self.ratio),
        }

    def gain(self, baseline: Mapping[str, Plain]) -> float | None:
        """Return how many times better this is than its baseline: 2.0 is twice as good.

        Ratios are compared where both have one against the same peer, else values. None where the
        baseline has no such figure, or one of them is zero.
        """
        before = baseline.get(self.name)
        if before is None or before["unit"] != self.unit:
            return None
        now: float | None = self.value
        then = before["value"]
        if self.peer is not None and before["peer"] == self.peer.name:
            now, then = self.ratio, before["ratio"]
        if not now or not isinstance(then, int | float) or then == 0.0:
            return None
        return now / then if self.more_is_better else then / now


def write_figures(path: Path, figures: Sequence[Figure]) -> None:
    """Write figures by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"figures": {figure.name: figure.plain() for figure in figures}}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_figures(path: Path) -> dict[str, Plain]:
    """Return figures by name as they were written; nothing where there is no such file."""
    if not path.exists():
        return {}
    figures: dict[str, Plain] = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return figures


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
