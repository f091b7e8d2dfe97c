"""Read what was sent along with a request: one small object of plain words, in time."""

import asyncio
from typing import TypeVar

import msgspec

from runner.web.ways import Ask, Refused

WITHIN_S = 5.0

T = TypeVar("T", bound=msgspec.Struct)


async def body_of(ask: Ask, kind: type[T]) -> T:
    """Return the request's body as `kind`; raise Refused for anything else.

    The gate has seen its length; whoever sends it slowly is not waited for.
    """
    try:
        async with asyncio.timeout(WITHIN_S):
            raw = await ask.request.body()
    except TimeoutError:
        raise Refused(408, f"expected the content within {WITHIN_S:g} s") from None
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, f"expected {kind.__name__.lower()}: {error}") from None
