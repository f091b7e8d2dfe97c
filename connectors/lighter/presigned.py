"""Sign the cancels of resting orders before they are asked for.

A cancel's nonce has to be above all that its key has sent when it leaves. Among the nonces of
orders it would be void with the next order; on a key that only cancels use it is void only once a
cancel with a higher one has left, and then it is signed again.
"""

import asyncio
from collections.abc import Sequence

from connectors.lighter.commands import Command
from connectors.lighter.nonces import Nonces
from connectors.lighter.signer import TxSigner
from connectors.lighter.transactions import Cancel, SignedTx
from connectors.model.errors import VenueError
from connectors.pacing import Clock

LOOK_S = 30.0
"""Time between two looks for what is about to expire."""
LEAST_MS = 60_000
"""What a signed cancel has to have left of its life."""
AGAIN_S = 1.0
"""Time between two tries of a signer that fails."""


class Presigned:
    """The signed cancels of orders that rest, for one key that skips nonces."""

    def __init__(self, signer: TxSigner, nonces: Nonces, clock: Clock) -> None:
        self._signer = signer
        self._nonces = nonces
        self._clock = clock
        self._last = -1
        self._due: dict[int, Cancel] = {}
        self._ready: dict[int, SignedTx] = {}
        self._news = asyncio.Event()

    def add(self, wanted: Cancel) -> None:
        """Have the cancel of an order signed, unless it is or is about to be."""
        if wanted.client_id not in self._ready and wanted.client_id not in self._due:
            self._due[wanted.client_id] = wanted
            self._news.set()

    def discard(self, client_id: int) -> None:
        """Forget an order that has ended."""
        self._due.pop(client_id, None)
        self._ready.pop(client_id, None)

    def take(self, commands: Sequence[Command]) -> list[tuple[Command, SignedTx]]:
        """Return each cancel with what was signed for it, by rising nonces: for all, or none."""
        found = []
        for command in commands:
            tx = self._ready.get(command.client_id)
            if tx is None or tx.wanted != command.wanted or not self._is_good(tx):
                return []
            found.append((command, tx))
        for command in commands:
            self.discard(command.client_id)
        return sorted(found, key=lambda each: each[1].nonce)

    def sent(self, nonce: int) -> None:
        """Note that a transaction has left: what was signed with a lower nonce is void."""
        self._last = max(self._last, nonce)
        self._sign_void_again()

    async def run(self) -> None:
        """Sign what is due, one at a time, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()
            except TimeoutError:
                self._sign_void_again()
            self._news.clear()
            while self._due:
                if not await self._sign_one():
                    await asyncio.sleep(AGAIN_S)

    async def _sign_one(self) -> bool:
        """Sign the oldest that is due; tell whether that could be done."""
        if self._nonces.is_doubted:
            return False
        client_id, wanted = next(iter(self._due.items()))
        try:
            (tx,) = await self._signer.sign([wanted], self._nonces.take(), self._nonces.skips)
        except VenueError:
            # A cancel that is asked for meets the same fault, and tells it.
            return False
        if self._due.get(client_id) is wanted and self._is_good(tx):
            del self._due[client_id]
            self._ready[client_id] = tx
        return True

    def _sign_void_again(self) -> None:
        for client_id, tx in list(self._ready.items()):
            if not self._is_good(tx) and isinstance(tx.wanted, Cancel):
                del self._ready[client_id]
                self.add(tx.wanted)

    def _is_good(self, tx: SignedTx) -> bool:
        left_ms = tx.expires_ms - self._clock.now_ns() // 1_000_000
        return tx.nonce > self._last and left_ms >= LEAST_MS
