"""Decode the lines of a raw Binance recording: our stamp, a space, and one JSON message.

Prices and sizes are decimal strings; the decoder turns them into floats, whose check against the
grid follows later. Fields as in the venue's documents: `U` first and `u` last update id of a depth
message, `pu` the last id of the message before it (futures only), `T` transaction and `E` event
time, `m` true when the buyer was the maker.
"""

from __future__ import annotations

import msgspec

Level = tuple[float, float]

_DIGITS_TO_NS = ((12, 14, 1_000_000), (15, 17, 1_000), (18, 19, 1))


class Depth(msgspec.Struct, gc=False):
    """Levels that changed."""

    first_id: int = msgspec.field(name="U")
    last_id: int = msgspec.field(name="u")
    event_time: int = msgspec.field(name="E")
    bids: list[Level] = msgspec.field(name="b")
    asks: list[Level] = msgspec.field(name="a")
    previous_id: int | None = msgspec.field(name="pu", default=None)
    transaction_time: int | None = msgspec.field(name="T", default=None)


class Trade(msgspec.Struct, gc=False):
    """One trade. Spot has no `X`; futures mark what did not come from the market."""

    trade_id: int = msgspec.field(name="t")
    price: float = msgspec.field(name="p")
    size_base: float = msgspec.field(name="q")
    transaction_time: int = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")
    origin: str = msgspec.field(name="X", default="MARKET")


class BookTicker(msgspec.Struct, gc=False):
    """The venue's own top of book; `update_id` counts with the depth messages' ids."""

    update_id: int = msgspec.field(name="u")
    bid: float = msgspec.field(name="b")
    ask: float = msgspec.field(name="a")


class Snapshot(msgspec.Struct, gc=False):
    """The REST answer with the whole book, recorded inline. Spot gives no stamp."""

    last_id: int = msgspec.field(name="lastUpdateId")
    bids: list[Level]
    asks: list[Level]
    transaction_time: int | None = msgspec.field(name="T", default=None)


class Envelope(msgspec.Struct, gc=False):
    """What tells the messages apart: a stream's name, a snapshot's id or a REST error's code."""

    stream: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"")
    last_id: int | None = msgspec.field(name="lastUpdateId", default=None)
    code: int | None = None


decode_envelope = msgspec.json.Decoder(Envelope).decode
decode_depth = msgspec.json.Decoder(Depth, strict=False).decode
decode_trade = msgspec.json.Decoder(Trade, strict=False).decode
decode_book_ticker = msgspec.json.Decoder(BookTicker, strict=False).decode
decode_snapshot = msgspec.json.Decoder(Snapshot, strict=False).decode


def split_line(line: bytes) -> tuple[int, bytes]:
    """Return our stamp in ns and the message; raise ValueError for anything else."""
    stamp, space, body = line.partition(b" ")
    if not space or not stamp.isdigit():
        raise ValueError("no stamp before a space")
    return as_ns(int(stamp)), body


def as_ns(stamp: int) -> int:
    """Return ns of a stamp in ms, us or ns since 1970, told apart by magnitude; else ValueError."""
    digits = len(str(stamp))
    for least, most, factor in _DIGITS_TO_NS:
        if least <= digits <= most:
            return stamp * factor
    raise ValueError(f"{stamp} is no time in ms, us or ns")
