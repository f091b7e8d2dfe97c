"""Read a transaction as its signer wrote it: JSON of integers, its kind's fields and no doubt."""

import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.venues.lighter.errors import BATCH_LENGTHS, INVALID_TX_INFO, UNSUPPORTED_TX, Refused


class TxType(IntEnum):
    """The kinds that the stand-in carries out."""

    CREATE = 14
    CANCEL = 15
    CANCEL_ALL = 16
    MODIFY = 17
    LEVERAGE = 20


class Attribute(IntEnum):
    """The keys of a transaction's attributes."""

    INTEGRATOR = 1
    INTEGRATOR_TAKER_FEE = 2
    INTEGRATOR_MAKER_FEE = 3
    SKIP_NONCE = 4
    CANCEL_ALL_MARKET = 5
    STP = 6
    STP_EQUALITY = 7
    ORDER_VERSION = 8


HEAD = ("AccountIndex", "ApiKeyIndex")
TAIL = ("ExpiredAt", "Nonce")
FIELDS = {
    TxType.CREATE: (
        "MarketIndex",
        "ClientOrderIndex",
        "BaseAmount",
        "Price",
        "IsAsk",
        "Type",
        "TimeInForce",
        "ReduceOnly",
        "TriggerPrice",
        "OrderExpiry",
    ),
    TxType.CANCEL: ("MarketIndex", "Index"),
    TxType.CANCEL_ALL: ("TimeInForce", "Time"),
    TxType.MODIFY: ("MarketIndex", "Index", "BaseAmount", "Price", "TriggerPrice"),
    TxType.LEVERAGE: ("MarketIndex", "InitialMarginFraction", "MarginMode"),
}
NAMES = {
    TxType.CREATE: "create",
    TxType.CANCEL: "cancel",
    TxType.CANCEL_ALL: "cancel_all",
    TxType.MODIFY: "modify",
    TxType.LEVERAGE: "leverage",
}


@dataclass(frozen=True, slots=True)
class Tx:
    """A transaction. `fields` are its integers by their names on the wire."""

    kind: TxType
    fields: dict[str, int]
    attributes: dict[int, int]
    signature: str
    raw: str
    tx_hash: str = ""

    @property
    def account(self) -> int:
        """Return whose it is."""
        return self.fields["AccountIndex"]

    @property
    def key(self) -> int:
        """Return which key has signed it."""
        return self.fields["ApiKeyIndex"]

    @property
    def nonce(self) -> int:
        """Return its nonce."""
        return self.fields["Nonce"]

    @property
    def expired_at_ms(self) -> int:
        """Return until when it may be carried out."""
        return self.fields["ExpiredAt"]

    @property
    def market_id(self) -> int | None:
        """Return its market; None for what concerns all."""
        if self.kind == TxType.CANCEL_ALL:
            return self.attributes.get(Attribute.CANCEL_ALL_MARKET)
        return self.fields["MarketIndex"]

    @property
    def client_index(self) -> int:
        """Return the order that it speaks of, by its client's index where it has one."""
        return self.fields.get("ClientOrderIndex", self.fields.get("Index", 0))


def parsed(tx_type: object, raw: str) -> Tx:
    """Read a transaction; raise Refused for what none is."""
    try:
        kind = TxType(int(str(tx_type)))
    except ValueError:
        raise Refused(UNSUPPORTED_TX) from None
    try:
        info = json.loads(raw)
        names = (*HEAD, *FIELDS[kind], *TAIL)
        values = {name: _integer(info[name]) for name in names}
        attributes = info.get("L2TxAttributes") or {}
        read = {int(k): _integer(v) for k, v in attributes.items()}
        return Tx(kind, values, read, str(info["Sig"]), raw)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Refused(INVALID_TX_INFO, f"invalid tx info: {wrong}") from None


def batch(words: dict[str, str]) -> list[Tx]:
    """Read the transactions of a request, one or many."""
    if "tx_types" not in words:
        return [parsed(words.get("tx_type"), words.get("tx_info", ""))]
    try:
        kinds, infos = json.loads(words["tx_types"]), json.loads(words["tx_infos"])
    except (ValueError, KeyError):
        raise Refused(INVALID_TX_INFO) from None
    if not (isinstance(kinds, list) and isinstance(infos, list)) or len(kinds) != len(infos):
        raise Refused(BATCH_LENGTHS)
    return [parsed(kind, str(info)) for kind, info in zip(kinds, infos, strict=True)]


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected an integer, was {value!r}")
    return value
