"""Sign what Hyperliquid is asked to do, without ccxt.

An action is hashed as msgpack with its nonce and its end; what is signed is an agent that names the
hash, typed as EIP-712 has it ("Signing" and "Nonces and API wallets"). Nonces are milliseconds of
the venue's time: it keeps the hundred highest of each key, and takes none twice.
"""

import re
from collections.abc import Mapping
from threading import Lock
from typing import Any

import msgspec
from Crypto.Hash import keccak

from connectors.calls import Request
from connectors.ccxt.outgoing import cleaned
from connectors.model.errors import Plan, VenueError

EXCHANGE = "/exchange"
JSON = {"Content-Type": "application/json"}
CHAIN_ID = 1337
SOURCES = {True: b"a", False: b"b"}
"""What stands for the mainnet, and for the testnet."""
KEY = re.compile("(0x)?[0-9a-fA-F]{64}")
ADDRESS = re.compile("0x[0-9a-fA-F]{40}")
Action = Mapping[str, Any]


def hashed(data: bytes) -> bytes:
    """Return the Keccak-256 of bytes."""
    return keccak.new(digest_bits=256, data=data).digest()


DOMAIN = hashed(
    hashed(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
    + hashed(b"Exchange")
    + hashed(b"1")
    + CHAIN_ID.to_bytes(32, "big")
    + bytes(32)
)
AGENT = hashed(b"Agent(string source,bytes32 connectionId)")
NO_VAULT = b"\x00"
ENDS = b"\x00"


def action_hash(action: Action, nonce: int, expires_ms: int | None = None) -> bytes:
    """Return the hash of an action for no vault. `expires_ms` is from when on it is not done."""
    data = msgspec.msgpack.encode(action) + nonce.to_bytes(8, "big") + NO_VAULT
    if expires_ms is not None:
        data += ENDS + expires_ms.to_bytes(8, "big")
    return hashed(data)


def digest_of(connection_id: bytes, is_mainnet: bool) -> bytes:
    """Return what is signed for an action with this hash (EIP-712)."""
    agent = hashed(AGENT + hashed(SOURCES[is_mainnet]) + connection_id)
    return hashed(b"\x19\x01" + DOMAIN + agent)


class Nonces:
    """Numbers that only grow, whichever thread asks. `ahead_ms` keeps a signer apart from another
    one with the same key."""

    def __init__(self, ahead_ms: int = 0) -> None:
        self._ahead_ms = ahead_ms
        self._last = 0
        self._lock = Lock()

    def next(self, now_ms: int) -> int:
        """Return the next one at a moment of the venue's."""
        with self._lock:
            self._last = max(self._last + 1, now_ms + self._ahead_ms)
            return self._last


def _curve() -> Any:
    """Return what makes keys; raise VenueError where it is not there: not every Python has it."""
    try:
        from coincurve import PrivateKey
    except ImportError as error:
        raise VenueError(
            f"expected coincurve, which signs: {error}; take Python 3.11 to 3.13", Plan.HALT
        ) from None
    return PrivateKey


class Signer:
    """An agent's or an account's own key. Nothing of it is ever shown."""

    def __init__(self, secret: str, is_mainnet: bool, nonces: Nonces) -> None:
        """Take a key, or raise VenueError for what is none."""
        if not KEY.fullmatch(secret):
            raise VenueError(
                "expected a private key of 64 hexadecimal digits, was something else", Plan.HALT
            )
        self._key = _curve()(bytes.fromhex(secret.removeprefix("0x")))
        self._is_mainnet = is_mainnet
        self._nonces = nonces

    @property
    def address(self) -> str:
        """Return whose key it is."""
        public = self._key.public_key.format(compressed=False)[1:]
        return "0x" + hashed(public)[-20:].hex()

    def request(self, url: str, action: Action, now_ms: int, life_ms: int | None = None) -> Request:
        """Return the request for an action, which is carried out within `life_ms` or never."""
        nonce = self._nonces.next(now_ms)
        expires_ms = None if life_ms is None else now_ms + life_ms
        signed = self._key.sign_recoverable(
            digest_of(action_hash(action, nonce, expires_ms), self._is_mainnet), hasher=None
        )
        body: dict[str, Any] = {"action": action, "nonce": nonce, "signature": _words(signed)}
        if expires_ms is not None:
            body["expiresAfter"] = expires_ms
        return cleaned("POST", f"{url}{EXCHANGE}", JSON, msgspec.json.encode(body))


def address_in(text: str) -> str:
    """Return an account's address in lower case; raise VenueError for what is none."""
    if not ADDRESS.fullmatch(text):
        raise VenueError("expected an address of 0x and 40 hexadecimal digits as key", Plan.HALT)
    return text.lower()


def _words(signed: bytes) -> dict[str, Any]:
    """Return a recoverable signature as the venue reads it."""
    return {"r": f"0x{signed[:32].hex()}", "s": f"0x{signed[32:64].hex()}", "v": 27 + signed[64]}
