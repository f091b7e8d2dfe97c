"""Stand between doors and venue: count requests, let the script have its way, log what passed."""

import random
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tests.stage.script import Script, Step
from tests.stage.truth import Feed
from tests.venues.common.faults import DnsFail, Duplicate, Frame, Sent
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.scripts import Scripts, aliased
from tests.venues.common.truth import Came, Passed
from tests.venues.common.windows import Window
from tests.venues.lighter import rest
from tests.venues.lighter.errors import TOO_MANY_REQUESTS, Refused
from tests.venues.lighter.limits import weight
from tests.venues.lighter.transactions import NAMES, batch

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

SENDS = frozenset({"sendTx", "sendTxBatch"})
WRITES = SENDS | {"changeAccountTier", "setMakerOnlyApiKeys"}
REQUESTS = {
    "create": "place",
    "accountActiveOrders": "orders",
    "accountOrders": "order",
    "account": "positions",
}
FRAMES = {
    "subscribed/order_book": "snapshot",
    "update/order_book": "update",
    "update/account_all_trades": "filled",
    "order.open": "accepted",
    "order.canceled": "cancelled",
    "order.canceled-expired": "expired",
}
"""What scripts of any venue call these."""


@dataclass(slots=True)
class Call:
    """A request that has come in; called, it is carried out."""

    venue: "Venue"
    asked: Asked
    chance: random.Random

    def __call__(self) -> Answer:
        """Let the venue do it."""
        return self.venue.gateway.carry_out(self.asked)


class Gateway:
    """Everything that comes in or goes out passes here once."""

    def __init__(self, venue: "Venue", script: Script, rng: random.Random) -> None:
        self.script = script
        self.banned_until_ns = 0
        self.ban_status = 429
        self._venue = venue
        self._rng = rng
        self._windows: dict[tuple[str, object], Window] = {}
        start_ns = venue.agenda.now_ns
        self._scripts = Scripts(script, lambda: (venue.agenda.now_ns - start_ns) / 1e9, venue.fault)

    def ask(self, asked: Asked, way: str = "http") -> Plan:
        """Meet a request, over HTTP or as a transaction over a stream."""
        names, market = self._names(asked)
        step = self._scripts.step("meet", (*names, way, "request"), market)
        if step is None or not isinstance(step.action, DnsFail):
            self._venue.truth.tell(Passed(self._venue.agenda.now_ns, names[0], market))
            self._came(asked)
        call = Call(self._venue, asked, self._rng)
        return Plan(call()) if step is None else cast(Plan, step.action.meet(call))

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""
        self._scripts.add(step)

    def be_calm(self, is_calm: bool) -> None:
        """Let nothing that waits go wrong, or let it again."""
        self._scripts.is_calm = is_calm

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for, within its limits."""
        if self._venue.agenda.now_ns < self.banned_until_ns:
            return self._banned()
        try:
            self._count(asked)
            return rest.answer(self._venue, asked)
        except Refused as refused:
            return said({"code": refused.code, "message": refused.message}, refused.status)

    def frames(self, frame: Frame) -> Sent:
        """Return what is sent in a frame's place."""
        step = self._scripts.step("frames", aliased(frame.names, FRAMES), frame.market)
        whole: Sent = [(0.0, frame.encoded())]
        sent = whole if step is None else cast(Sent, step.action.frames(frame, self._rng))
        is_copy = step is not None and isinstance(step.action, Duplicate)
        self._feed(frame, is_copy or sent == whole)
        return sent

    def admits(self) -> bool:
        """Tell whether a connection can be made at all just now."""
        step = self._scripts.step("knock", ("connect", "connect.market", "connect.account"), "")
        most = self._venue.limits.connects_per_min
        window = self._windows.setdefault(("connects", ""), Window(most))
        return step is None and window.take(self._venue.agenda.now_ns)

    def execution(self, name: str, market_id: int | None) -> Step | None:
        """Return the step that has its way with a transaction about to be carried out."""
        symbol = self._venue.symbol(market_id) if market_id is not None else ""
        return self._scripts.step("execute", (f"execute.{name}", "execute"), symbol)

    def _came(self, asked: Asked) -> None:
        """Write down the transactions of a request."""
        if asked.path.rpartition("/")[2] not in SENDS:
            return
        with suppress(Refused):
            for tx in batch(dict(asked.words)):
                market = self._venue.symbol(tx.market_id) if tx.market_id is not None else ""
                now_ns = self._venue.agenda.now_ns
                came = Came(now_ns, NAMES[tx.kind], market, tx.client_index, tx.raw)
                self._venue.truth.tell(came, tx.account)

    def _names(self, asked: Asked) -> tuple[tuple[str, ...], str]:
        operation = asked.path.rpartition("/")[2]
        kind = "write" if operation in WRITES else "read"
        if operation in SENDS:
            names, market = self._venue.sequencer.names_of(operation, dict(asked.words))
            return aliased((*names, operation, kind), REQUESTS), market
        market_id = asked.words.get("market_id", "")
        market = self._venue.symbol(int(market_id)) if market_id.isdecimal() else ""
        return aliased((operation, kind), REQUESTS), market

    def _banned(self) -> Answer:
        left_s = (self.banned_until_ns - self._venue.agenda.now_ns) // 1_000_000_000 + 1
        body = said({"code": TOO_MANY_REQUESTS, "message": "Too Many Requests!"}).body
        return Answer(self.ban_status, body, {**JSON, "retry-after": str(left_s)})

    def _count(self, asked: Asked) -> None:
        """Count a request by its address, and transactions by what all accounts may send."""
        if not self._venue.limits.has_rates:
            return
        operation, tier = asked.path.rpartition("/")[2], self._venue.tier
        counts = [("address", asked.address, tier.weight_per_min, weight(operation))]
        if operation in SENDS:
            counts.append(("sends", "", tier.sends_per_min, self._sends(asked)))
        for scope, key, most, units in counts:
            window = self._windows.setdefault((scope, key), Window(most))
            if not window.take(self._venue.agenda.now_ns, units):
                raise Refused(TOO_MANY_REQUESTS, status=429)

    def _sends(self, asked: Asked) -> int:
        """Return how many transactions a request is counted as; this is not documented."""
        if not self._venue.limits.batch_counts_each or "tx_types" not in asked.words:
            return 1
        return asked.words["tx_types"].count(",") + 1

    def _feed(self, frame: Frame, is_sound: bool) -> None:
        """Write down that what clients know of a book is wrong from here on, or right again."""
        is_snapshot = "subscribed/order_book" in frame.names
        is_update = "update/order_book" in frame.names
        if is_snapshot or (is_update and not is_sound):
            now_ns = self._venue.agenda.now_ns
            self._venue.truth.tell(Feed(now_ns, frame.market, is_sound))
