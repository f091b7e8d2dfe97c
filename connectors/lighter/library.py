"""Bind the signer library that the venue ships, without importing the package it comes in.

Its functions are told apart by position alone, so the version is pinned. It works offline: a client
with no address asks nobody anything.
"""

import ctypes
import importlib.metadata
import importlib.util
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.lighter.transactions import (
    Cancel,
    Create,
    Modify,
    UpdateLeverage,
    Wanted,
)
from connectors.model.errors import Plan, VenueError

VERSION = "1.1.8"
PACKAGE = "lighter"
FILES = {
    ("Linux", "x86_64"): "lighter-signer-linux-amd64.so",
    ("Linux", "aarch64"): "lighter-signer-linux-arm64.so",
    ("Darwin", "arm64"): "lighter-signer-darwin-arm64.dylib",
    ("Darwin", "x86_64"): "lighter-signer-darwin-amd64.dylib",
}
ALL_MARKETS = 255


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A key, in hex. It shows itself to nobody who prints it."""

    hex: str

    def __post_init__(self) -> None:
        digits = self.hex.removeprefix("0x")
        if len(digits) != 80 or not set(digits.lower()) <= set("0123456789abcdef"):
            raise VenueError(
                "lighter private key: expected 80 hex digits, was something else: set the one that"
                " belongs to the API key",
                Plan.HALT,
            )

    def __repr__(self) -> str:
        return "PrivateKey(...)"


class Library(Protocol):
    """What signs for one key of one account. Blocks."""

    def sign(self, wanted: Wanted, nonce: int, skips: bool = True) -> tuple[str, str]:
        """Return a transaction's JSON and its hash, or raise VenueError."""

    def auth_token(self, expires_s: int) -> str:
        """Return a token, or raise VenueError."""


class _Signed(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("info", ctypes.c_void_p),
        ("tx_hash", ctypes.c_void_p),
        ("message", ctypes.c_void_p),
        ("error", ctypes.c_void_p),
    )


class _Text(ctypes.Structure):
    _fields_ = (("text", ctypes.c_void_p), ("error", ctypes.c_void_p))


INT, LONG, BYTE, TEXT = ctypes.c_int, ctypes.c_longlong, ctypes.c_uint8, ctypes.c_char_p
ORDER = (LONG, LONG, LONG, INT, INT, INT, INT, INT, INT, LONG)
CHANGE = (LONG, LONG, LONG, LONG, LONG)
INTEGRATOR = (LONG, INT, INT)
SELF_TRADE = (BYTE, BYTE)
WHO = (BYTE, LONG, INT, LONG)
"""Whether the nonce skips, the nonce, the key's index and the account."""


class NativeLibrary:
    """The venue's own library. Not to be used on the main thread, where each call reads the
    process's memory map and costs six times as much."""

    def __init__(self, account: int, key_index: int, key: PrivateKey, chain_id: int) -> None:
        """Load the library and give it the key. Raises VenueError."""
        self._account = account
        self._key_index = key_index
        self._library = _bound(ctypes.CDLL(str(library_path())))
        wrong = self._library.CreateClient(b"", key.hex.encode(), chain_id, key_index, account)
        if wrong:
            raise VenueError(f"lighter signer: {self._taken(wrong)}", Plan.HALT)

    def sign(self, wanted: Wanted, nonce: int, skips: bool = True) -> tuple[str, str]:
        """Return a transaction's JSON and its hash, or raise VenueError."""
        wanted.check()
        who = (int(skips), nonce, self._key_index, self._account)
        if isinstance(wanted, Create):
            answer = self._create(wanted, who)
        elif isinstance(wanted, Modify):
            answer = self._modify(wanted, who)
        elif isinstance(wanted, Cancel):
            answer = self._library.SignCancelOrder(wanted.market_id, wanted.client_id, *who)
        elif isinstance(wanted, UpdateLeverage):
            margin = (wanted.market_id, wanted.fraction_1e4, wanted.mode)
            answer = self._library.SignUpdateLeverage(*margin, *who)
        else:
            answer = self._library.SignCancelAllOrders(
                wanted.tif, wanted.time_ms, ALL_MARKETS, *who
            )
        info, tx_hash = self._taken(answer.info), self._taken(answer.tx_hash)
        self._taken(answer.message)
        error = self._taken(answer.error)
        if error:
            raise VenueError(f"lighter signer: {error[:200]}", Plan.HALT)
        return info, tx_hash

    def auth_token(self, expires_s: int) -> str:
        """Return a token, or raise VenueError."""
        answer = self._library.CreateAuthToken(expires_s, self._key_index, self._account)
        text, error = self._taken(answer.text), self._taken(answer.error)
        if error or not text:
            raise VenueError(f"lighter signer: no token: {error[:200]}", Plan.HALT)
        return text

    def _create(self, wanted: Create, who: tuple[int, int, int, int]) -> _Signed:
        signed: _Signed = self._library.SignCreateOrder(
            wanted.market_id,
            wanted.client_id,
            wanted.lots,
            # The library takes a signed int and reads it as unsigned.
            ctypes.c_int(wanted.ticks).value,
            int(wanted.is_ask),
            0,
            wanted.tif,
            int(wanted.is_reduce_only),
            0,
            wanted.expiry_ms,
            *(0, 0, 0),
            *(0, 0),
            *who,
        )
        return signed

    def _modify(self, wanted: Modify, who: tuple[int, int, int, int]) -> _Signed:
        skips, nonce, *rest = who
        signed: _Signed = self._library.SignModifyOrder(
            wanted.market_id,
            wanted.client_id,
            wanted.lots,
            wanted.ticks,
            0,
            *(0, 0, 0),
            *(0, 0),
            skips,
            nonce,
            wanted.version,
            *rest,
        )
        return signed

    def _taken(self, pointer: int | None) -> str:
        """Return a text of the library's and give its memory back."""
        if not pointer:
            return ""
        try:
            return (ctypes.cast(pointer, TEXT).value or b"").decode()
        finally:
            self._library.Free(pointer)


def library_path() -> Path:
    """Return where the library is, or raise VenueError."""
    found = importlib.util.find_spec(PACKAGE)
    file = FILES.get((platform.system(), platform.machine()))
    if found is None or not found.submodule_search_locations:
        raise VenueError(f"lighter signer: install lighter-sdk=={VERSION}", Plan.HALT)
    version = importlib.metadata.version("lighter-sdk")
    if version != VERSION:
        raise VenueError(
            f"lighter signer: expected lighter-sdk {VERSION}, was {version}: install that one",
            Plan.HALT,
        )
    path = Path(found.submodule_search_locations[0]) / "signers" / (file or "none")
    if not path.is_file():
        raise VenueError(
            f"lighter signer: there is none for {platform.system()} on {platform.machine()}",
            Plan.HALT,
        )
    return path


def _bound(library: ctypes.CDLL) -> ctypes.CDLL:
    """Name the types of what is called."""
    functions = {
        "CreateClient": ((TEXT, TEXT, INT, INT, LONG), ctypes.c_void_p),
        "SignCreateOrder": (
            (*ORDER, *INTEGRATOR, *SELF_TRADE, *WHO),
            _Signed,
        ),
        "SignModifyOrder": (
            (*CHANGE, *INTEGRATOR, *SELF_TRADE, BYTE, LONG, LONG, INT, LONG),
            _Signed,
        ),
        "SignCancelOrder": ((LONG, LONG, *WHO), _Signed),
        "SignCancelAllOrders": ((INT, LONG, LONG, *WHO), _Signed),
        "SignUpdateLeverage": ((LONG, INT, INT, *WHO), _Signed),
        "CreateAuthToken": ((LONG, INT, LONG), _Text),
        "Free": ((ctypes.c_void_p,), None),
    }
    for name, (takes, returns) in functions.items():
        function = getattr(library, name)
        function.argtypes, function.restype = takes, returns
    return library
