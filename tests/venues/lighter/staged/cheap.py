"""Sign so that only the stand-in's own books can tell: hashes cost nothing, and nobody forges."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256

from connectors.lighter.transactions import SignedTx, Wanted, attributes, verified
from tests.venues.lighter.transactions import Tx


class CheapSigner:
    """A `TxSigner` on the virtual clock whose signatures are marks."""

    def __init__(
        self, now_ns: Callable[[], int], account: int, key_index: int, life_s: int
    ) -> None:
        self._life_ms = life_s * 1_000
        self.account = account
        self.key_index = key_index
        self._now_ns = now_ns

    async def auth_token(self, expires_s: int) -> str:
        """Return a token."""
        return f"{expires_s}:{self.account}:{self.key_index}:00"

    async def sign(
        self, wanted: Sequence[Wanted], nonce: int, skips: bool = True
    ) -> list[SignedTx]:
        """Sign."""
        return [self._signed(each, nonce + k, skips) for k, each in enumerate(wanted)]

    def _signed(self, wanted: Wanted, nonce: int, skips: bool) -> SignedTx:
        told = {
            "AccountIndex": self.account,
            "ApiKeyIndex": self.key_index,
            **wanted.fields(),
            "ExpiredAt": self._now_ns() // 1_000_000 + self._life_ms,
            "Nonce": nonce,
            "Sig": "00",
            "L2TxAttributes": attributes(wanted, skips) or None,
        }
        info = json.dumps(told)
        return verified(wanted, self.account, self.key_index, nonce, info, hashed(info), skips)

    def close(self) -> None:
        """Hold nothing."""


class CheapVerifier:
    """A `Verifier` that knows those hashes and believes every mark."""

    def tx_hash(self, tx: Tx) -> str:
        """Return a transaction's hash."""
        return hashed(tx.raw)

    def signed_tx(self, tx: Tx, public: str) -> bool:
        """Believe it."""
        return True

    def signed_token(self, token: str, public: str) -> bool:
        """Believe it."""
        return True


def hashed(info: str) -> str:
    """Return a hash that does not mind how the JSON is spaced."""
    return sha256(json.dumps(json.loads(info), sort_keys=True).encode()).hexdigest()
