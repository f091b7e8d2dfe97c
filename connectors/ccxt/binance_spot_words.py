"""Read the account's messages of Binance spot, over its WebSocket API.

An order and its trade come in one message. A cancel is told under an id of its own; the order's is
beside it.
"""

from typing import Any

import msgspec

from connectors.ccxt import binance_spot_wire as wire
from connectors.ccxt.binance_words import MS, kind_of, own_fill, side_of
from connectors.ccxt.names import Names
from connectors.ccxt.units import decimal
from connectors.ccxt.words import Asked, Ended, OwnFill, OwnOrder, Word
from connectors.model.account import Fee
from connectors.socket import Malformed

OK = 200
NO_ID = ("", "null")


class BinanceSpotWords:
    """The account's stream."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is of nothing that we follow."""
        if not isinstance(message, dict):
            return None
        if "status" in message:
            return _answered(message)
        event = message.get("event", message)
        if not isinstance(event, dict):
            return None
        match event.get("e"):
            case "executionReport":
                return self._of_order(event)
            case "eventStreamTerminated" | "serverShutdown":
                return Ended(f"the venue has ended it: {event['e']}")
            case _:
                return None

    def _of_order(self, message: Any) -> list[OwnOrder | OwnFill]:
        try:
            event = msgspec.convert(message, wire.OrderEvent, strict=False)
        except (msgspec.ValidationError, RecursionError) as error:
            raise Malformed(str(error)) from None
        text = event.c if event.C in NO_ID else event.C
        self._names.note(event.s, event.i, text)
        said: list[OwnOrder | OwnFill] = [_order_of(event, text)]
        if event.x == "TRADE" and decimal(event.l):
            said.append(_fill_of(event, text))
        return said


def _answered(message: dict[str, Any]) -> Word:
    """Return that the subscription was let in, or that nothing will come."""
    if message["status"] == OK:
        return Asked(str(message.get("id")))
    return Ended(f"refused: {str(message.get('error'))[:160]}")


def _order_of(event: wire.OrderEvent, text: str) -> OwnOrder:
    kind, code = kind_of(event.X)
    stamp_ns = event.T * MS
    words = (text, side_of(event.S), event.p, event.q, event.z)
    return OwnOrder(event.s, str(event.i), *words, kind, code, stamp_ns, event.X)


def _fill_of(event: wire.OrderEvent, text: str) -> OwnFill:
    fee = Fee(decimal(event.n), event.N) if event.N else None
    return own_fill(
        event.s, event.t, event.i, text, event.S, event.L, event.l, event.m, event.T, fee
    )
