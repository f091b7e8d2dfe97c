"""Name every fault that a script of this venue can use, by the word that scripts write."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from tests.venues.bybit.faults import deeds, execution, money
from tests.venues.bybit.faults.hands import fill
from tests.venues.common import deeds as common_deeds
from tests.venues.common import streams
from tests.venues.common.faults import COMMON, Call, Frame, Sent
from tests.venues.common.hands import client_among
from tests.venues.common.http import Answer, Plan, said
from tests.venues.hyperliquid.errors import TOO_MANY

if TYPE_CHECKING:
    import random

    from tests.venues.hyperliquid.venue import Venue


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue says no to a whole request, whether it did it or not."""

    text: str
    is_processed: bool = False

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        if self.is_processed:
            call()
        return Plan(said({"status": "err", "response": self.text}))


@dataclass(frozen=True, slots=True)
class ServerError:
    """The venue fails, whether or not it did what was asked."""

    is_processed: bool = True

    def meet(self, call: Call) -> Plan:
        """Do it, and say so."""
        if self.is_processed:
            call()
        return Plan(Answer(500, b"null"))


@dataclass(frozen=True, slots=True)
class TooMany:
    """The address has asked too often."""

    retry_after_s: float = 1.0

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        return Plan(Answer(429, TOO_MANY.encode(), {"content-type": "text/plain"}))


@dataclass(frozen=True, slots=True)
class NotFound:
    """A list is empty that is not, and an order is unknown that is known."""

    def meet(self, call: Call) -> Plan:
        """Empty it."""
        return _changed(call, lambda rows: [])


@dataclass(frozen=True, slots=True)
class Subset:
    """A share of a list's rows is missing, by chance."""

    frac: float = 0.5

    def meet(self, call: Call) -> Plan:
        """Leave rows out."""
        return _changed(call, lambda rows: [r for r in rows if call.chance.random() >= self.frac])


@dataclass(frozen=True, slots=True)
class FillAtOnce:
    """An order trades, a share of it, before its answer leaves."""

    frac: float = 1.0
    s: float = 0.5

    def meet(self, call: Any) -> Plan:
        """Do it, let it trade as soon as it rests, and answer later."""
        links = [str(row.get("c")) for row in json.loads(call.asked.raw)["action"]["orders"]]
        call.venue.agenda.after(self.s / 2, partial(self._fill, call.venue, links))
        return Plan(call(), self.s)

    def _fill(self, venue: "Venue", links: list[str]) -> None:
        account = client_among(venue.exchange.accounts)
        for order in filter(None, map(account.by_link.get, links)):
            if order.is_open:
                lots = max(1, round(order.open_lots * self.frac))
                venue.round(partial(fill, venue.exchange, order, lots))


@dataclass(frozen=True, slots=True)
class SayStatus:
    """Orders are told with a status that nobody has heard of."""

    state: str = "mysterious"

    def frames(self, frame: Frame, chance: "random.Random") -> Sent:
        """Put it in."""
        words = frame.copy()
        for row in words["data"]:
            row["status"] = self.state
        return [(0.0, msgspec.json.encode(words))]


@dataclass(frozen=True, slots=True)
class RejectStreams:
    """Nobody can subscribe to an account, for so long; who has goes on."""

    s: float = 30.0

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.guard.rejects_streams = True
        venue.agenda.after(self.s, lambda: setattr(venue.guard, "rejects_streams", False))


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The venue is closed: requests meet a page, connections end, and none can be made."""

    s: float = 60.0

    def do(self, venue: "Venue") -> None:
        """Close it, and open it again."""
        venue.gateway.is_in_maintenance = True
        for session in list(venue.sessions):
            session.line.close(1001, "maintenance")
        venue.agenda.after(self.s, lambda: setattr(venue.gateway, "is_in_maintenance", False))


def _changed(call: Call, change: Callable[[list[Any]], list[Any]]) -> Plan:
    answer = call()
    if answer.status != 200:
        return Plan(answer)
    words = json.loads(answer.body)
    if isinstance(words, list):
        words = change(words)
    elif "assetPositions" in words:
        words["assetPositions"] = change(words["assetPositions"])
    elif words.get("status") == "order" and not change([words]):
        words = {"status": "unknownOid"}
    return Plan(said(words))


FAULTS: dict[str, Callable[..., Any]] = {
    **COMMON,
    "refuse": Refuse,
    "server_error": ServerError,
    "too_many": TooMany,
    "not_found": NotFound,
    "subset": Subset,
    "fill_at_once": FillAtOnce,
    "vanish": execution.Vanish,
    "refuse_later": execution.RefuseLater,
    "hold": execution.Hold,
    "fill_during_cancel": execution.FillDuring,
    "cancel_then_fill": execution.CancelThenFill,
    "say_state": SayStatus,
    "close": streams.Close,
    "silence": streams.Silence,
    "half_open": streams.HalfOpen,
    "reject_auth": RejectStreams,
    "maintenance": Maintenance,
    "burst": common_deeds.Burst,
    "leap": common_deeds.Leap,
    "stall": common_deeds.Stall,
    "page_size": common_deeds.PageSize,
    "skew": common_deeds.Skew,
    "fill_ours": deeds.FillOurs,
    "end_ours": deeds.EndOurs,
    "foreign_order": deeds.ForeignOrder,
    "foreign_trade": deeds.ForeignTrade,
    "shift_mark": deeds.ShiftMark,
    "settle_funding": money.SettleFunding,
}
