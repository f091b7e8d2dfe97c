"""Name every fault that a script of this venue can use: Binance's, with the codes of this one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.venues.binance import faults
from tests.venues.common.faults import Call
from tests.venues.common.http import JSON, Answer, Plan, said
from tests.venues.mexc.errors import MESSAGES


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
        body = said({"code": self.code, "msg": MESSAGES[self.code], "_extend": None}).body
        return Plan(Answer(self.status, body, JSON))


FAULTS: dict[str, Callable[..., Any]] = {**faults.FAULTS, "refuse": Refuse}
