"""Name every fault that a script of this venue can use, by the word that scripts write."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.faults import deeds, execution, money
from tests.venues.common import deeds as common_deeds
from tests.venues.common import streams
from tests.venues.common.faults import COMMON, Call
from tests.venues.common.http import Answer, Plan, said
from tests.venues.kucoin.errors import BUSY, TOO_MANY
from tests.venues.kucoin.gateway import refusal

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue says no to all of a request, with a code of its own, whether it did it or not."""

    code: int
    status: int = 200
    is_processed: bool = False

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        if self.is_processed:
            call()
        return Plan(refusal(self.code, status=self.status))


@dataclass(frozen=True, slots=True)
class ServerError:
    """The venue says that something went wrong, whether or not it did what was asked."""

    is_processed: bool = True

    def meet(self, call: Call) -> Plan:
        """Do it, and say so."""
        return Refuse(BUSY, 500, self.is_processed).meet(call)


@dataclass(frozen=True, slots=True)
class TooMany:
    """The account has asked too often."""

    retry_after_s: float = 1.0

    def meet(self, call: Call) -> Plan:
        """Refuse it."""
        return Refuse(TOO_MANY, 429).meet(call)


@dataclass(frozen=True, slots=True)
class NotFound:
    """A list is empty that is not."""

    def meet(self, call: Call) -> Plan:
        """Empty it."""
        words = json.loads(call().body)
        if isinstance(words.get("data"), dict) and "items" in words["data"]:
            words["data"] |= {"items": [], "totalNum": 0, "totalPage": 0}
        return Plan(Answer(200, said(words).body))


@dataclass(frozen=True, slots=True)
class RejectLogin:
    """Nobody is given a token for a stream, for so long; those that have one go on."""

    s: float = 30.0

    def do(self, venue: "Venue") -> None:
        """Refuse them."""
        venue.guard.rejects_streams = True
        venue.agenda.after(self.s, lambda: setattr(venue.guard, "rejects_streams", False))


@dataclass(frozen=True, slots=True)
class RestartBooks:
    """The numbers of every book begin anew."""

    def do(self, venue: "Venue") -> None:
        """Restart them."""
        for symbol in venue.exchange.floors:
            venue.publisher.restart(symbol)


FAULTS: dict[str, Callable[..., Any]] = {
    **COMMON,
    "refuse": Refuse,
    "server_error": ServerError,
    "too_many": TooMany,
    "not_found": NotFound,
    "vanish": execution.Vanish,
    "refuse_later": execution.RefuseLater,
    "hold": execution.Hold,
    "fill_during_cancel": execution.FillDuring,
    "cancel_then_fill": execution.CancelThenFill,
    "close": streams.Close,
    "silence": streams.Silence,
    "half_open": streams.HalfOpen,
    "reject_auth": RejectLogin,
    "restart_books": RestartBooks,
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
