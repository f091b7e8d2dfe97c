"""Decode a frame once its kind is known, or refuse it with a reason."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from connectors.socket import Malformed

T = TypeVar("T")
MOST_WORDS = 160
Level = tuple[float, float]
"""Price and size: decimal texts on the wire, which are read as the float nearest to each."""


def decoder(kind: type[T]) -> Callable[[bytes], T]:
    """Return what decodes frames of a kind; it raises Malformed for any other."""
    decode = msgspec.json.Decoder(kind, strict=False).decode

    def decoded(frame: bytes) -> T:
        try:
            return decode(frame)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            head = frame[:MOST_WORDS].decode("utf-8", "replace")
            raise Malformed(f"{error} in {head}") from None

    return decoded
