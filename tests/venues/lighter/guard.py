"""Let in who may come: keys, signatures, nonces, deadlines and tokens."""

import random
from typing import TYPE_CHECKING, Protocol

from tests.venues.lighter import errors
from tests.venues.lighter.accounts import Key
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.transactions import Attribute, Tx

if TYPE_CHECKING:
    from tests.venues.lighter.exchange import Exchange

TOKEN_MOST_S = 8 * 3_600
NONCE_BITS = 47
SAMPLED_FRAC = 0.1


class Verifier(Protocol):
    """What knows the venue's signatures."""

    def tx_hash(self, tx: Tx) -> str:
        """Return a transaction's hash."""

    def signed_tx(self, tx: Tx, public: str) -> bool:
        """Tell whether a transaction was signed with a key."""

    def signed_token(self, token: str, public: str) -> bool:
        """Tell whether a token was signed with a key."""


class Guard:
    """Checks who asks. `verify` is `all`, `sample` or `none`: signatures cost milliseconds."""

    def __init__(
        self, exchange: "Exchange", verifier: Verifier, verify: str, rng: random.Random
    ) -> None:
        self.forced_upgrade = False
        """Whether every signature is refused until a newer signer comes (21136)."""
        self.verifier = verifier
        self._exchange = exchange
        self._verify = verify
        self._rng = rng

    def key(self, account: int, index: int) -> Key:
        """Return a key; raise Refused where there is none."""
        if account not in self._exchange.accounts:
            raise Refused(errors.ACCOUNT_NOT_FOUND)
        keys = self._exchange.accounts[account].keys
        if index not in keys:
            raise Refused(errors.KEY_NOT_FOUND)
        return keys[index]

    def check(self, tx: Tx) -> None:
        """Raise Refused unless a transaction is whole, in time and signed by its account's key."""
        key = self.key(tx.account, tx.key)
        if self.forced_upgrade:
            raise Refused(errors.UPDATE_SDK)
        if tx.expired_at_ms <= self._exchange.now_ms:
            raise Refused(errors.INVALID_EXPIRY, "transaction is expired")
        if not 0 <= tx.nonce < 1 << NONCE_BITS:
            raise Refused(errors.INVALID_NONCE)
        if self._looks() and not self.verifier.signed_tx(tx, key.public):
            raise Refused(errors.INVALID_SIGNATURE)

    def check_nonce(self, tx: Tx, expected: int) -> None:
        """Raise Refused unless a nonce follows; one that skips only has to be new."""
        if tx.attributes.get(Attribute.SKIP_NONCE):
            if tx.nonce < expected:
                raise Refused(errors.INVALID_NONCE)
        elif tx.nonce != expected:
            raise Refused(errors.INVALID_NONCE)

    def token(self, token: str, account: int) -> int:
        """Return until when (Unix seconds) a token opens an account; raise Refused otherwise."""
        parts = token.split(":")
        if len(parts) != 4 or not all(part.isdecimal() for part in parts[:3]):
            raise Refused(errors.MISSING, "invalid auth token", 401)
        expiry_s, owner, index = (int(part) for part in parts[:3])
        now_s = self._exchange.now_ms // 1_000
        if owner != account or not now_s < expiry_s <= now_s + TOKEN_MOST_S:
            raise Refused(errors.MISSING, "auth token is expired or of another account", 401)
        key = self.key(account, index)
        if self._looks() and not self.verifier.signed_token(token, key.public):
            raise Refused(errors.INVALID_SIGNATURE, status=401)
        return expiry_s

    def _looks(self) -> bool:
        if self._verify == "sample":
            return self._rng.random() < SAMPLED_FRAC
        return self._verify == "all"
