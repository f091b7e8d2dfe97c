"""Take what a venue has sent as it is documented, or not at all."""

from typing import Any, TypeVar

import msgspec

from connectors.socket import Malformed

T = TypeVar("T")


def told_as(message: Any, kind: type[T]) -> T:
    """Return a message as its kind; raise Malformed where it is something else."""
    try:
        return msgspec.convert(message, kind, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed(str(error)) from None
