"""Sign on one thread of its own: the event loop goes on meanwhile."""

from collections.abc import Callable, Sequence
from typing import Protocol

from connectors.lighter.aside import Aside
from connectors.lighter.library import Library
from connectors.lighter.transactions import Cancel, SignedTx, Wanted, verified


class TxSigner(Protocol):
    """Who signs tokens and transactions of one key."""

    @property
    def account(self) -> int:
        """Whose account it is."""

    @property
    def key_index(self) -> int:
        """Which of its keys."""

    async def auth_token(self, expires_s: int) -> str:
        """Return a token that is valid until `expires_s`, seconds since 1970."""

    async def sign(
        self, wanted: Sequence[Wanted], nonce: int, skips: bool = True
    ) -> list[SignedTx]:
        """Return transactions with nonces from `nonce` on, each held against what was wanted; raise
        VenueError."""

    def close(self) -> None:
        """End the thread."""


class ThreadSigner:
    """A library on one thread. It is loaded there when it is first needed, and tried out."""

    def __init__(self, account: int, key_index: int, load: Callable[[], Library]) -> None:
        self._account = account
        self._key_index = key_index
        self._load = load
        self._library: Library | None = None
        self._thread = Aside("lighter signer")

    @property
    def account(self) -> int:
        """Whose account it is."""
        return self._account

    @property
    def key_index(self) -> int:
        """Which of its keys."""
        return self._key_index

    async def auth_token(self, expires_s: int) -> str:
        """Return a token; raise VenueError."""
        return await self._thread.do(lambda: self._ready().auth_token(expires_s))

    async def sign(
        self, wanted: Sequence[Wanted], nonce: int, skips: bool = True
    ) -> list[SignedTx]:
        """Return transactions, signed in one visit to the thread; raise VenueError."""
        return await self._thread.do(lambda: self._all_signed(wanted, nonce, skips))

    def close(self) -> None:
        """End the thread."""
        self._thread.close()

    def _ready(self) -> Library:
        """Return the library; the first time after a trial of what it makes of our words."""
        if self._library is None:
            library = self._load()
            self._signed(library, Cancel(0, 1), 1)
            self._library = library
        return self._library

    def _all_signed(self, wanted: Sequence[Wanted], nonce: int, skips: bool) -> list[SignedTx]:
        library = self._ready()
        return [self._signed(library, each, nonce + k, skips) for k, each in enumerate(wanted)]

    def _signed(self, library: Library, wanted: Wanted, nonce: int, skips: bool = True) -> SignedTx:
        wanted.check()
        info, tx_hash = library.sign(wanted, nonce, skips)
        return verified(wanted, self._account, self._key_index, nonce, info, tx_hash, skips)
