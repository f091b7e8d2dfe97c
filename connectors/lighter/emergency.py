"""Cancel everything from another thread, when the event loop can no longer do it.

It has a connection of its own and, where one is given, a key of its own, so that nothing that hangs
stands in its way. A cancel-all that comes twice does no harm: it is signed anew and tried again.
"""

from collections.abc import Callable
from http.client import HTTPException
from urllib.parse import urlencode

import msgspec

from connectors.calls import NO_JSON, Confirmed
from connectors.lighter.answers import judge
from connectors.lighter.door import Door
from connectors.lighter.library import Library
from connectors.lighter.transactions import CancelAll, SignedTx, verified
from connectors.model.errors import Plan, VenueError

TRIES = 3
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AHEAD = 1_000_000
"""So far past the key's next nonce it signs: what the deploy still has on its way was signed with
less, and is refused once this has been let in."""


class NextNonce(msgspec.Struct):
    """What a key's next nonce has to be at least."""

    nonce: int


class Emergency:
    """Cancels all orders of an account, on whatever thread calls it. Not for the main thread."""

    def __init__(
        self, door: Door, account: int, key_index: int, load: Callable[[], Library]
    ) -> None:
        self._door = door
        self._account = account
        self._key_index = key_index
        self._load = load

    def __call__(self) -> None:
        """Cancel all; raise VenueError unless the venue has let it in."""
        library, why = self._load(), ""
        for _ in range(TRIES):
            try:
                why = self._try(library)
            except (OSError, HTTPException) as error:
                why = f"{type(error).__name__} {error}"
            if not why:
                return
        raise VenueError(
            f"lighter: orders were not cancelled: {why}: cancel them by hand", Plan.HALT
        )

    def _try(self, library: Library) -> str:
        """Cancel all once; return why it was not let in, nothing where it was."""
        who = urlencode({"account_index": self._account, "api_key_index": self._key_index})
        status, body = self._door.ask("GET", f"nextNonce?{who}")
        try:
            nonce = msgspec.json.decode(body, type=NextNonce).nonce
        except NO_JSON:
            return f"no nonce: status {status} {body[:80].decode('utf-8', 'replace')}"
        tx = self._signed(library, nonce + AHEAD)
        form = urlencode({"tx_type": tx.wanted.kind, "tx_info": tx.info}).encode()
        status, body = self._door.ask("POST", "sendTx", form, FORM)
        try:
            outcome = judge(status, msgspec.json.decode(body))
        except NO_JSON:
            return f"status {status} with a body that is no JSON"
        return "" if isinstance(outcome, Confirmed) else str(outcome)

    def _signed(self, library: Library, nonce: int) -> SignedTx:
        wanted = CancelAll()
        info, tx_hash = library.sign(wanted, nonce)
        return verified(wanted, self._account, self._key_index, nonce, info, tx_hash)
