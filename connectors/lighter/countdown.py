"""Keep the account's scheduled cancel-all: what Lighter carries out once nobody has put it off.

One is queued at a time, and a second is refused while an abort is still on its way by itself: a
renewal is an abort and a schedule in one request, and where that is refused the old one runs on. No
answer is believed: whether it runs, and until when, is read in the account's record. What is lost
on the way and comes late is refused for its nonce.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from connectors.lighter.budgets import READ
from connectors.lighter.network import Network
from connectors.lighter.tokens import Tokens
from connectors.lighter.transactions import ABORT, SCHEDULED, CancelAll
from connectors.lighter.wire import Count
from connectors.model.errors import Plan, VenueError
from connectors.pacing import Kind

MS_NS = 1_000_000
SLACK_MS = 10_000
"""It is set so much later than asked for: the venue refuses one that is less than five minutes
ahead when it arrives, by its own clock."""
PAUSES_S = (0.5, 1.0, 2.0, 4.0)
"""Before each look at what has become of it: a transaction is carried out a while after it is let
in."""


class Scheduled(Struct):
    """The moment of an account's scheduled cancel-all [ms], 0 for none."""

    index: Count
    cancel_all_time: Count


class Accounts(Struct):
    """Accounts that fit a question."""

    accounts: list[Scheduled]


class Sends(Protocol):
    """Who sends cancel-alls in their order, and those of one moment in one request."""

    def cancel_all(self, wanted: CancelAll) -> None: ...


class LighterCountdown:
    """The `Countdown` of one account. It cancels the orders of the whole account."""

    def __init__(
        self, network: Network, tokens: Tokens, account: int, sends: Sends, lasts_s: int
    ) -> None:
        self._network = network
        self._tokens = tokens
        self._account = account
        self._sends = sends
        self._lasts_ms = lasts_s * 1_000

    @property
    def lasts_ns(self) -> int:
        """How far ahead a renewal sets it."""
        return self._lasts_ms * MS_NS

    async def renew(self) -> int:
        """Abort the one that runs, schedule another, and return when one is due since."""
        runs = await self._due_ms() > 0
        now_ms = self._network.clock.now_ns() // MS_NS
        wanted = CancelAll(SCHEDULED, now_ms + self._lasts_ms + SLACK_MS)
        if runs:
            self._sends.cancel_all(CancelAll(ABORT))
        self._sends.cancel_all(wanted)
        return await self._until(lambda due_ms: due_ms == wanted.time_ms) * MS_NS

    async def disarm(self) -> int:
        """Abort the one that runs; return when one is due since."""
        if not await self._due_ms():
            return 0
        self._sends.cancel_all(CancelAll(ABORT))
        return await self._until(lambda due_ms: due_ms == 0) * MS_NS

    async def due_ns(self) -> int:
        """Return when the account's cancel-all is due."""
        return await self._due_ms() * MS_NS

    async def _until(self, is_so: Callable[[int], bool]) -> int:
        """Look until it is as wanted, a few times; return what the last look has shown."""
        due_ms = 0
        for pause_s in PAUSES_S:
            await asyncio.sleep(pause_s)
            due_ms = await self._due_ms()
            if is_so(due_ms):
                break
        return due_ms

    async def _due_ms(self) -> int:
        """Read the account's record, from the part of all reads that nothing else may use."""
        token = await self._tokens.fresh()
        params: dict[str, str | int] = {"by": "index", "value": self._account}
        said = await self._network.rest.get("account", params, READ, Accounts, token, Kind.CANCEL)
        if [each.index for each in said.accounts] != [self._account]:
            told = [each.index for each in said.accounts]
            raise VenueError(f"lighter account: asked for {self._account}, was {told}", Plan.HALT)
        return said.accounts[0].cancel_all_time
