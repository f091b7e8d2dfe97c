"""Make what trades an account out of an index, a key and a chain."""

from connectors.lighter.adapter import Holder
from connectors.lighter.library import NativeLibrary, PrivateKey
from connectors.lighter.signer import ThreadSigner


def holder_of(account: int, key_index: int, key: PrivateKey, chain_id: int) -> Holder:
    """Return an account with the signer of one of its keys.

    The venue's library is loaded on the signer's own thread when it is first needed; a failure of
    that is a VenueError with Plan.HALT of whoever asked for a token.
    """
    return Holder(account, signer_of(account, key_index, key, chain_id))


def signer_of(account: int, key_index: int, key: PrivateKey, chain_id: int) -> ThreadSigner:
    """Return the signer of one key, for one chain."""
    return ThreadSigner(
        account, key_index, lambda: NativeLibrary(account, key_index, key, chain_id)
    )
