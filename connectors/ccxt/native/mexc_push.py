"""Read MEXC's pushes, which are Protocol Buffers; answers to requests are JSON.

The fields that we read and their numbers are those of the venue's own description
(github.com/mexcdevelop/websocket-proto). Others are passed over. Nothing here needs ccxt, which
ships classes of the same messages inside of a package that loads every exchange.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from connectors.calls import NO_JSON
from connectors.socket import Malformed

TEXT, NUMBER, LONG, FLAG = Field.TYPE_STRING, Field.TYPE_INT32, Field.TYPE_INT64, Field.TYPE_BOOL
Fields = Mapping[str, tuple[int, int | str]]
"""Numbers by names, and what is there: a kind, a message, or with a star many of it."""
FIELDS: Mapping[str, Fields] = {
    "Level": {"price": (1, TEXT), "quantity": (2, TEXT)},
    "Depths": {
        "asks": (1, "Level*"),
        "bids": (2, "Level*"),
        "fromVersion": (4, TEXT),
        "toVersion": (5, TEXT),
    },
    "Deal": {
        "price": (1, TEXT),
        "quantity": (2, TEXT),
        "tradeType": (3, NUMBER),
        "time": (4, LONG),
    },
    "Deals": {"deals": (1, "Deal*")},
    "Order": {
        "id": (1, TEXT),
        "clientId": (2, TEXT),
        "price": (3, TEXT),
        "quantity": (4, TEXT),
        "orderType": (7, NUMBER),
        "tradeType": (8, NUMBER),
        "cumulativeQuantity": (13, TEXT),
        "status": (15, NUMBER),
        "createTime": (16, LONG),
    },
    "OwnDeal": {
        "price": (1, TEXT),
        "quantity": (2, TEXT),
        "tradeType": (4, NUMBER),
        "isMaker": (5, FLAG),
        "tradeId": (7, TEXT),
        "clientOrderId": (8, TEXT),
        "orderId": (9, TEXT),
        "feeAmount": (10, TEXT),
        "feeCurrency": (11, TEXT),
        "time": (12, LONG),
    },
    "Push": {
        "channel": (1, TEXT),
        "symbol": (3, TEXT),
        "createTime": (5, LONG),
        "sendTime": (6, LONG),
        "privateOrders": (304, "Order"),
        "privateDeals": (306, "OwnDeal"),
        "publicAggreDepths": (313, "Depths"),
        "publicAggreDeals": (314, "Deals"),
    },
}
PACKAGE = "mexc"


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="mexc.proto", package=PACKAGE, syntax="proto3")
    for name, fields in FIELDS.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            row = message.field.add(name=field, number=number, label=Field.LABEL_OPTIONAL)
            if isinstance(kind, str):
                row.type, row.type_name = Field.TYPE_MESSAGE, f".{PACKAGE}.{kind.rstrip('*')}"
                row.label = Field.LABEL_REPEATED if kind.endswith("*") else Field.LABEL_OPTIONAL
            else:
                row.type = Field.Type.ValueType(kind)
    return file


def _pushes() -> Any:
    pool = DescriptorPool()
    pool.Add(_file())
    return GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Push"))


Push = _pushes()


def pushed(frame: bytes) -> Any:
    """Return a push; raise Malformed for what is none."""
    try:
        return Push.FromString(frame)
    except DecodeError as error:
        raise Malformed(f"no push: {error} in {frame[:40]!r}") from None


def said_in(frame: bytes) -> Any:
    """Return a push, or the JSON of an answer; a bare text is one that says no more. Raises
    Malformed.

    A push begins with its channel, whose tag is the byte of a new line.
    """
    if frame[:1] == b"\n":
        return pushed(frame)
    if frame.isascii() and frame[:1] != b"{":
        return {"msg": frame.decode("ascii")}
    try:
        return msgspec.json.decode(frame)
    except NO_JSON as error:
        raise Malformed(f"not readable: {error} in {frame[:40]!r}") from None
