"""Keep in the ledger what venues have counted of us, so that a start does not begin them anew.

A venue's windows and its bans do not end with our process. Each second what has changed is written;
the end of a ban is written when it is heard.
"""

import json
from collections.abc import Iterator, Mapping

from connectors.pacing import Scope
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Counted
from runner.engine.ledger.writer import Writer


class BudgetBook:
    """The budgets of all venues, by venue and scope."""

    def __init__(self, venues: Mapping[str, Venue], writer: Writer, clock: Clock) -> None:
        self._scopes = {
            (name, scope.name): scope for name, venue in venues.items() for scope in venue.scopes
        }
        self._writer = writer
        self._clock = clock
        self._written = {key: _text(scope) for key, scope in self._scopes.items()}
        for scope in self._scopes.values():
            scope.on_silence = self.keep

    def keep(self) -> None:
        """Write what has changed since the last time."""
        for key, scope in self._scopes.items():
            text = _text(scope)
            if text != self._written[key]:
                self._written[key] = text
                self._writer.put(Counted(*key, text, self._clock.now_ns()))


def counted_now(venues: Mapping[str, Venue], now_ns: int) -> Iterator[Counted]:
    """Yield what all venues have counted of us so far."""
    for name, venue in venues.items():
        for scope in venue.scopes:
            yield Counted(name, scope.name, _text(scope), now_ns)


def take_up(venues: Mapping[str, Venue], kept: Mapping[tuple[str, str], str], now_ns: int) -> None:
    """Let the venues' budgets go on from what the ledger holds; before anything is asked."""
    for name, venue in venues.items():
        for scope in venue.scopes:
            text = kept.get((name, scope.name))
            if text is not None:
                scope.restore(json.loads(text), now_ns)


def _text(scope: Scope) -> str:
    return json.dumps(scope.export(), sort_keys=True)
