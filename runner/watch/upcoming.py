"""Say when the clock next asks something else of each market."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.agenda.agenda import Agenda

HOUR_NS = 3_600_000_000_000
SPANS_NS = (HOUR_NS, 24 * HOUR_NS, 192 * HOUR_NS)
"""How far is looked ahead: farther only where nothing is nearer."""


@dataclass(slots=True)
class Upcoming:
    """The next change of each market's agenda, looked for again once it has passed."""

    agendas: Mapping[str, Agenda]
    _next_ns: dict[str, int] = field(default_factory=dict)

    def __call__(self, now_ns: int) -> dict[str, int]:
        """Return the next moment by ``agenda <market>``; that of an agenda without one is not."""
        for market, agenda in self.agendas.items():
            if self._next_ns.get(market, 0) <= now_ns:
                self._next_ns[market] = _next_ns(agenda, now_ns)
        ends_ns = now_ns + SPANS_NS[-1]
        return {f"agenda {name}": at for name, at in self._next_ns.items() if at < ends_ns}


def _next_ns(agenda: Agenda, now_ns: int) -> int:
    """Return when something else may be asked, or the end of the longest span."""
    for span_ns in SPANS_NS:
        found = agenda.may_change(now_ns, now_ns + span_ns)
        if found:
            return found[0]
    return now_ns + SPANS_NS[-1]
