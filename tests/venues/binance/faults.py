"""Name every fault that a script of this venue can use, by the word that scripts write."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.venues.binance.errors import MESSAGES
from tests.venues.bybit.faults.deeds import EndOurs, FillOurs, ForeignOrder, ForeignTrade
from tests.venues.common import deeds, streams
from tests.venues.common.faults import COMMON, Call
from tests.venues.common.http import JSON, Answer, Plan, said

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue says no, with a code of its own."""

    code: int
    status: int = 400
    is_processed: bool = False

    def meet(self, call: Call) -> Plan:
        """Refuse it, whether it was carried out or not."""
        if self.is_processed:
            call()
        body = said({"code": self.code, "msg": MESSAGES[self.code]}).body
        return Plan(Answer(self.status, body, JSON))


@dataclass(frozen=True, slots=True)
class ExpireKeys:
    """Every key of an account's stream ends."""

    def do(self, venue: "Venue") -> None:
        """End them."""
        for key in list(venue.listen_keys):
            venue.expire(key)


FAULTS: dict[str, Callable[..., Any]] = {
    **COMMON,
    "refuse": Refuse,
    "close": streams.Close,
    "silence": streams.Silence,
    "half_open": streams.HalfOpen,
    "expire_keys": ExpireKeys,
    "burst": deeds.Burst,
    "leap": deeds.Leap,
    "stall": deeds.Stall,
    "skew": deeds.Skew,
    "fill_ours": FillOurs,
    "end_ours": EndOurs,
    "foreign_order": ForeignOrder,
    "foreign_trade": ForeignTrade,
}
