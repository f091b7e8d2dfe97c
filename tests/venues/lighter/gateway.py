"""Stand between doors and venue: count requests, let the script have its way, log what passed."""

import random
from typing import TYPE_CHECKING, Any, cast

from tests.stage.script import Script, Step
from tests.venues.common.faults import Carry, Frame, Sent
from tests.venues.common.http import Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window
from tests.venues.lighter import rest
from tests.venues.lighter.errors import TOO_MANY_REQUESTS, Refused
from tests.venues.lighter.limits import weight

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

WRITES = frozenset({"sendTx", "sendTxBatch", "changeAccountTier", "setMakerOnlyApiKeys"})


class Gateway:
    """Everything that comes in or goes out passes here once."""

    def __init__(self, venue: "Venue", script: Script, rng: random.Random) -> None:
        self.script = script
        self._venue = venue
        self._rng = rng
        self._windows: dict[tuple[str, object], Window] = {}
        self._start_ns = venue.agenda.now_ns

    def ask(self, asked: Asked) -> Plan:
        """Meet a request over HTTP."""
        operation = asked.path.rpartition("/")[2]
        if operation in WRITES:
            return self.write(operation, dict(asked.words), asked.address, "http", asked)
        return self._meet((operation, "read", "http", "request"), "", lambda: self._read(asked))

    def write(
        self,
        operation: str,
        words: dict[str, str],
        address: str,
        way: str,
        asked: Asked | None = None,
    ) -> Plan:
        """Meet a transaction over HTTP or a stream, or another request that changes something."""
        names, market = self._venue.sequencer.names_of(operation, words)
        asked = asked or Asked("POST", f"/api/v1/{operation}", words, address=address)
        return self._meet(
            (*names, operation, "write", way, "request"), market, lambda: self._answer(asked)
        )

    def frames(self, frame: Frame) -> Sent:
        """Return what is sent in a frame's place."""
        step = self._step(frame.names, frame.market)
        if step is None:
            return ((0.0, frame.encoded()),)
        return cast(Sent, step.action.frames(frame, self._rng))

    def execution(self, names: tuple[str, ...], market_id: int | None) -> Step | None:
        """Return the step that has its way with a transaction that is about to be carried out."""
        symbol = self._venue.symbol(market_id) if market_id is not None else ""
        return self._step(names, symbol)

    def _meet(self, names: tuple[str, ...], market: str, carry: Carry) -> Plan:
        self._venue.truth.tell(Passed(self._venue.agenda.now_ns, names[0], market))
        step = self._step(names, market)
        if step is None:
            return Plan(carry())
        plan: Any = step.action.meet(carry, self._rng)
        return cast(Plan, plan)

    def _read(self, asked: Asked) -> Answer:
        return self._answer(asked)

    def _answer(self, asked: Asked) -> Answer:
        operation = asked.path.rpartition("/")[2]
        try:
            self._count(asked, operation)
            answer = rest.answer(self._venue, asked)
        except Refused as refused:
            answer = said({"code": refused.code, "message": refused.message}, refused.status)
        return answer

    def _count(self, asked: Asked, operation: str) -> None:
        if not self._venue.limits.has_rates:
            return
        tier = self._venue.tier
        if not self._window("address", asked.address, tier.weight_per_min).take(
            self._venue.agenda.now_ns, weight(operation)
        ):
            raise Refused(TOO_MANY_REQUESTS, status=429)

    def _window(self, scope: str, key: object, most: int) -> Window:
        return self._windows.setdefault((scope, key), Window(most))

    def _step(self, names: tuple[str, ...], market: str) -> Step | None:
        now_s = (self._venue.agenda.now_ns - self._start_ns) / 1e9
        step = self.script.passing(names, market, now_s)
        if step is not None:
            self._venue.fault(step.name, market)
        return step
