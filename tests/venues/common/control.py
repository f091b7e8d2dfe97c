"""Let whoever runs a stand-in act on it while it runs: POST /control with one step as JSON.

A step that waits for something joins the script; any other is done at once. `{"account": ..,
"keys": ..}` opens an account; `{"calm": true}` lets nothing that waits go wrong until
`{"calm": false}`. GET /control tells how often each fault took effect.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tests.stage.script import Step
from tests.venues.common.agenda import Agenda
from tests.venues.common.http import Answer, Asked, said

PATH = "/control"
Words = Mapping[str, Any]


class Scripted(Protocol):
    """Where a venue's script is played."""

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""

    def be_calm(self, is_calm: bool) -> None:
        """Let nothing that waits go wrong, or let it again."""


class Controlled(Protocol):
    """A venue that can be acted on."""

    agenda: Agenda

    @property
    def gateway(self) -> Scripted:
        """Return where its script is played."""

    def play(self, step: Step) -> None:
        """Do what a step says, now."""


class Control:
    """The way in for tests and drills. It has no token: a stand-in listens on loopback alone."""

    def __init__(
        self,
        venue: Controlled,
        step_of: Callable[[Words], Step],
        open_account: Callable[[int, Words], object],
    ) -> None:
        """`step_of` reads a step in the venue's words, `open_account` takes keys as JSON has
        them."""
        self._venue = venue
        self._step_of = step_of
        self._open_account = open_account
        self.effects: Counter[str] = Counter()

    def answer(self, asked: Asked) -> Answer:
        """Do what is asked, or tell what was done."""
        if asked.method == "GET":
            return said({"now_ns": self._venue.agenda.now_ns, "effects": dict(self.effects)})
        try:
            return said(self._do(json.loads(asked.raw)))
        except (ValueError, TypeError, KeyError, StopIteration) as wrong:
            return said({"error": str(wrong)}, 400)

    def _do(self, words: dict[str, Any]) -> dict[str, Any]:
        if "account" in words:
            self._open_account(int(words["account"]), words["keys"])
            return {"opened": words["account"]}
        if "calm" in words:
            self._venue.gateway.be_calm(bool(words["calm"]))
            return {"calm": words["calm"]}
        step = self._step_of(words)
        if step.when is not None:
            self._venue.gateway.add(step)
            return {"waits": step.name}
        if step.at_s is None:
            self._venue.play(step)
            return {"done": step.name}
        self._venue.agenda.after(step.at_s, lambda: self._venue.play(step))
        return {"planned": step.name}
