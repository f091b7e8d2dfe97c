"""Sign as the venue's signer does, in plain Python: for clients on virtual time."""

import base64
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.venues.lighter.signature.curve import ORDER
from tests.venues.lighter.signature.field import to_bytes
from tests.venues.lighter.signature.messages import token, transaction
from tests.venues.lighter.signature.schnorr import signed
from tests.venues.lighter.transactions import FIELDS, HEAD, TxType

TX_LIFE_MS = 599_000
"""How long the venue's signer lets a transaction live."""


@dataclass(frozen=True, slots=True)
class SignedTx:
    """A transaction as it is sent, and the hash by which it is known."""

    kind: TxType
    info: str
    tx_hash: str


class PlainSigner:
    """Signs for one key of one account. The scalars of its signatures come from `rng`."""

    def __init__(
        self, chain_id: int, account: int, key: int, private: str, rng: random.Random
    ) -> None:
        self._chain_id = chain_id
        self._account = account
        self._key = key
        self._secret = bytes.fromhex(private.removeprefix("0x"))
        self._rng = rng

    def transaction(
        self,
        kind: TxType,
        fields: Mapping[str, int],
        nonce: int,
        expired_at_ms: int,
        attributes: Mapping[str, int] | None = None,
    ) -> SignedTx:
        """Sign a transaction; `fields` are its kind's, by their names on the wire."""
        info = {"AccountIndex": self._account, "ApiKeyIndex": self._key, **fields}
        words = [info[name] for name in (*HEAD, *FIELDS[kind])]
        read = {int(number): value for number, value in (attributes or {}).items()}
        message = transaction(self._chain_id, kind, nonce, expired_at_ms, words, read)
        signature = signed(message, self._secret, self._rng.randrange(1, ORDER))
        told = {
            **info,
            "ExpiredAt": expired_at_ms,
            "Nonce": nonce,
            "Sig": base64.b64encode(signature).decode(),
            "L2TxAttributes": dict(attributes) if attributes else None,
        }
        return SignedTx(kind, json.dumps(told), to_bytes(message).hex())

    def token(self, expires_s: int) -> str:
        """Return a token that opens the account until `expires_s`."""
        text = f"{expires_s}:{self._account}:{self._key}"
        signature = signed(token(text), self._secret, self._rng.randrange(1, ORDER))
        return f"{text}:{signature.hex()}"
