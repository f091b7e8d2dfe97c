"""Name the account and keys that a stand-in has unless told otherwise; they open nothing else."""

from tests.venues.lighter.signature.schnorr import public_of

ACCOUNT = 7001
INDEXES = (4, 5, 6)


def private(index: int) -> str:
    """Return a private key as the signer takes it, in hex: the key of an index is the index."""
    return index.to_bytes(40, "little").hex()


def publics() -> dict[int, str]:
    """Return the public halves by index."""
    return {index: public_of(bytes.fromhex(private(index))).hex() for index in INDEXES}
