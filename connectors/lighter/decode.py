"""Turn a frame's bytes into what it says, or refuse it with a reason."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from connectors.lighter import account_wire, wire
from connectors.socket import Malformed

Said = TypeVar("Said")
MOST_WORDS = 160

Public = wire.Public | wire.Notice
Account = account_wire.Account | wire.HeightFirst | wire.HeightNews | wire.Notice

_public = msgspec.json.Decoder[Public](Public, strict=False).decode
_account = msgspec.json.Decoder[Account](Account, strict=False).decode
_error = msgspec.json.Decoder(wire.ErrorFrame, strict=False).decode


def public_frame(frame: bytes) -> Public | wire.ErrorFrame:
    """Return what a frame of the public stream says, or raise Malformed."""
    return _decoded(frame, _public)


def account_frame(frame: bytes) -> Account | wire.ErrorFrame:
    """Return what a frame of the account's stream says, or raise Malformed."""
    return _decoded(frame, _account)


def _decoded(frame: bytes, decode: Callable[[bytes], Said]) -> Said | wire.ErrorFrame:
    """Decode a frame; one that is none of the known types may be a refusal, which has no type."""
    try:
        return decode(frame)
    except msgspec.ValidationError as error:
        return _refusal(frame, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not readable: {error}") from None


def _refusal(frame: bytes, why: str) -> wire.ErrorFrame:
    try:
        return _error(frame)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        head = frame[:MOST_WORDS].decode("utf-8", "replace")
        raise Malformed(f"{why} in {head}") from None
