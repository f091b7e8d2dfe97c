"""Let whoever runs a stand-in act on it while it runs: POST /control with one step as JSON.

A step that waits for something joins the script; any other is done at once. `{"account": ..,
"keys": {index: public}}` opens an account; `{"calm": true}` lets nothing that waits go wrong until
`{"calm": false}`. GET /control tells how often each fault took effect.
"""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Answer, Asked, said
from tests.venues.lighter.scenario import step_of

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

PATH = "/control"


class Control:
    """The way in for tests and drills. It has no token: a stand-in listens on loopback alone."""

    def __init__(self, venue: "Venue") -> None:
        self._venue = venue
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
            keys = {int(index): public for index, public in words["keys"].items()}
            self._venue.open_account(int(words["account"]), keys)
            return {"opened": words["account"]}
        if "calm" in words:
            self._venue.gateway.be_calm(bool(words["calm"]))
            return {"calm": words["calm"]}
        step = step_of(words)
        if step.when is not None:
            self._venue.gateway.add(step)
            return {"waits": step.name}
        if step.at_s is None:
            self._venue.play(step)
            return {"done": step.name}
        self._venue.agenda.after(step.at_s, lambda: self._venue.play(step))
        return {"planned": step.name}
