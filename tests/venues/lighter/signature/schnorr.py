"""Sign and verify: s = k - e secret, with e = H(encoded(k G) || message) taken as a scalar."""

from functools import cache, lru_cache

from tests.venues.lighter.signature.curve import (
    GENERATOR,
    ORDER,
    Table,
    decoded,
    encoded,
)
from tests.venues.lighter.signature.field import BYTES, Quintic, from_bytes, to_bytes
from tests.venues.lighter.signature.poseidon2 import hashed

KEPT_KEYS = 64


def public_of(secret: bytes) -> bytes:
    """Return a secret key's public half."""
    return to_bytes(encoded(_generator().times(int.from_bytes(secret, "little") % ORDER)))


def signed(message: Quintic, secret: bytes, k: int) -> bytes:
    """Sign a hashed message with the random scalar k: s and e, little-endian."""
    e = _challenge(encoded(_generator().times(k)), message)
    s = (k - e * int.from_bytes(secret, "little")) % ORDER
    return s.to_bytes(BYTES, "little") + e.to_bytes(BYTES, "little")


def is_signed(message: Quintic, signature: bytes, public: bytes) -> bool:
    """Tell whether a signature of a hashed message is a key's: encoded(s G + e Q) gives e again."""
    if len(signature) != 2 * BYTES:
        return False
    s = int.from_bytes(signature[:BYTES], "little")
    e = int.from_bytes(signature[BYTES:], "little")
    table = _table(public)
    if table is None or s >= ORDER or e >= ORDER:
        return False
    point = table.times(e, _generator().times(s))
    return _challenge(encoded(point), message) == e


def _challenge(nonce_point: Quintic, message: Quintic) -> int:
    limbs = hashed((*nonce_point, *message))
    return int.from_bytes(to_bytes(limbs), "little") % ORDER


@cache
def _generator() -> Table:
    return Table(GENERATOR)


@lru_cache(KEPT_KEYS)
def _table(public: bytes) -> Table | None:
    element = from_bytes(public)
    point = None if element is None else decoded(element)
    return None if point is None else Table(point)
