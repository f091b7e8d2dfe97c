"""Know who has signed: an account's agent, by the address that a signature gives away.

The hash is that of the action as msgpack, its nonce and its end; it is typed by eth_account, which
the adapter knows nothing of.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from eth_account import Account as Wallet
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Exchange
from tests.venues.hyperliquid import errors
from tests.venues.hyperliquid.errors import Denied
from tests.venues.hyperliquid.keys import address_of

MOST_NONCES = 100
PAST_MS, AHEAD_MS = 2 * 86_400_000, 86_400_000
TYPES = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "Agent": [
        {"name": "source", "type": "string"},
        {"name": "connectionId", "type": "bytes32"},
    ],
}
DOMAIN = {
    "name": "Exchange",
    "version": "1",
    "chainId": 1337,
    "verifyingContract": "0x" + "0" * 40,
}


def signer_of(body: Mapping[str, Any], is_mainnet: bool) -> str:
    """Return whose key has signed an action."""
    data = msgspec.msgpack.encode(body["action"]) + body["nonce"].to_bytes(8, "big") + b"\x00"
    if "expiresAfter" in body:
        data += b"\x00" + body["expiresAfter"].to_bytes(8, "big")
    message = {"source": "a" if is_mainnet else "b", "connectionId": keccak(data)}
    typed = {"types": TYPES, "primaryType": "Agent", "domain": DOMAIN, "message": message}
    signature = body["signature"]
    vrs = (signature["v"], int(signature["r"], 16), int(signature["s"], 16))
    return str(Wallet.recover_message(encode_typed_data(full_message=typed), vrs=vrs)).lower()


class Guard:
    """The door of all that is signed."""

    def __init__(self, exchange: Exchange, is_mainnet: bool) -> None:
        self._exchange = exchange
        self._is_mainnet = is_mainnet
        self._nonces: dict[str, set[int]] = {}
        self.rejects_streams = False
        """Whether nobody can subscribe to an account just now."""
        self.seen: list[int] = []
        """Nonces that were let in."""

    def find(self, address: str) -> Account | None:
        """Return the account that an address is of, or signs for."""
        wanted = address.lower()
        for account in self._exchange.accounts.values():
            if wanted == address_of(account.uid) or wanted in account.keys:
                return account
        return None

    def account(self, body: Mapping[str, Any]) -> Account:
        """Return who has signed an action, or refuse it."""
        try:
            address = signer_of(body, self._is_mainnet)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise Denied(errors.NOT_READ, 422) from None
        account = self.find(address)
        if account is None:
            raise Denied(errors.NO_WALLET.format(address))
        self._spend(address, body["nonce"])
        if body.get("expiresAfter", self._exchange.now_ms) < self._exchange.now_ms:
            raise Denied(errors.EXPIRED)
        return account

    def _spend(self, address: str, nonce: int) -> None:
        """Take a nonce that is new and not below the hundred highest, or refuse it."""
        used, now_ms = self._nonces.setdefault(address, set()), self._exchange.now_ms
        is_low = len(used) >= MOST_NONCES and nonce < min(used)
        if nonce in used or is_low or not now_ms - PAST_MS < nonce < now_ms + AHEAD_MS:
            raise Denied(errors.NONCE.format(nonce))
        used.add(nonce)
        self.seen.append(nonce)
        if len(used) > MOST_NONCES:
            used.remove(min(used))
