"""Say what exactly is signed: the words of a transaction and its attributes, or of a token."""

from collections.abc import Mapping, Sequence

from tests.venues.lighter.signature.field import Quintic
from tests.venues.lighter.signature.poseidon2 import hashed

MOST_ATTRIBUTES = 4
NIL = {attribute: 0 for attribute in range(1, 9)} | {5: 255}
"""What each attribute is where it is absent; one with this value is as if it were absent."""


def transaction(
    chain_id: int,
    kind: int,
    nonce: int,
    expired_at_ms: int,
    words: Sequence[int],
    attributes: Mapping[int, int],
) -> Quintic:
    """Hash a transaction; `words` begin with account and key and have its kind's own order."""
    body = hashed((chain_id, kind, nonce, expired_at_ms, *words))
    present = sorted((k, v) for k, v in attributes.items() if v != NIL.get(k, 0))
    if not present:
        return body
    padding = [0, 0] * (MOST_ATTRIBUTES - len(present))
    pairs = [number for pair in present for number in pair] + padding
    return hashed((*body, *hashed(pairs)))


def token(text: str) -> Quintic:
    """Hash a token's text, eight bytes to the word, little-endian, the last filled with zeros."""
    data = text.encode()
    return hashed([int.from_bytes(data[k : k + 8], "little") for k in range(0, len(data), 8)])
