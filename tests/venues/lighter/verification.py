"""Verify what clients have signed, for one chain."""

import base64
import binascii

from tests.venues.lighter.signature.field import Quintic, to_bytes
from tests.venues.lighter.signature.messages import token, transaction
from tests.venues.lighter.signature.schnorr import is_signed
from tests.venues.lighter.transactions import FIELDS, HEAD, Tx


class Signatures:
    """Hashes and signatures of transactions and tokens. Keys are hex."""

    def __init__(self, chain_id: int) -> None:
        self._chain_id = chain_id

    def tx_hash(self, tx: Tx) -> str:
        """Return a transaction's hash, which its signer knows too."""
        return to_bytes(self._message(tx)).hex()

    def signed_tx(self, tx: Tx, public: str) -> bool:
        """Tell whether a transaction was signed with a key."""
        try:
            signature = base64.b64decode(tx.signature, validate=True)
        except binascii.Error:
            return False
        return is_signed(self._message(tx), signature, bytes.fromhex(public))

    def signed_token(self, text: str, public: str) -> bool:
        """Tell whether a token was signed with a key."""
        said, _, signature = text.rpartition(":")
        try:
            return is_signed(token(said), bytes.fromhex(signature), bytes.fromhex(public))
        except ValueError:
            return False

    def _message(self, tx: Tx) -> Quintic:
        words = [tx.fields[name] for name in (*HEAD, *FIELDS[tx.kind])]
        nonce, expired = tx.nonce, tx.expired_at_ms
        return transaction(self._chain_id, tx.kind, nonce, expired, words, tx.attributes)
