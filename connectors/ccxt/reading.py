"""Ask a venue again until it answers: reads are repeated and signed anew, writes never."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from connectors.calls import Lost
from connectors.ccxt.answers import Meaning, Told, meaning_of, read_error
from connectors.ccxt.network import BANNED, Network
from connectors.model.errors import VenueError
from connectors.socket import Malformed

T = TypeVar("T")

WITHIN_S = 20.0
"""How long a read may wait for its turn and its answer."""
FIRST_PAUSE_S = 0.25
MOST_PAUSE_S = 4.0
REPEATED = frozenset({Meaning.RATE, Meaning.CLOCK, Meaning.UNKNOWN, Meaning.NETWORK})


class Reader:
    """Reads of one venue. `mend_clock` is what to do once it says that our stamp is wrong."""

    def __init__(self, network: Network, mend_clock: Callable[[], Awaitable[None]]) -> None:
        self._network = network
        self._mend_clock = mend_clock

    async def ask(self, what: str, read: Callable[[], Awaitable[T]]) -> T:
        """Return what a read answers, or raise VenueError: no answer is ever an empty one."""
        last: BaseException = TimeoutError("no room in the budget")
        try:
            async with asyncio.timeout(WITHIN_S):
                for attempt in count():
                    try:
                        return await read()
                    except (Told, Lost) as error:
                        last = error
                        await self._heed(what, error)
                    limit_s = min(MOST_PAUSE_S, FIRST_PAUSE_S * 2.0**attempt)
                    await asyncio.sleep(self._network.rng.uniform(0.0, limit_s))
        except TimeoutError:
            pass
        except (Malformed, KeyError, TypeError, ValueError) as error:
            raise VenueError(f"{self._network.venue} {what}: not as documented: {error}") from None
        raise VenueError(f"{self._network.venue} {what}: no answer; the last was: {last}")

    async def _heed(self, what: str, error: Told | Lost) -> None:
        """Act on what an error says; raise it where repeating would not help."""
        meaning = meaning_of(error).meaning
        if isinstance(error, Told) and meaning not in REPEATED:
            raise read_error(self._network.venue, what, error)
        if isinstance(error, Lost) and error.is_lasting:
            raise read_error(self._network.venue, what, error)
        if meaning is Meaning.RATE:
            is_banned = isinstance(error, Told) and error.status in BANNED
            self._network.slow_down(self._network.budgets.reads, is_banned)
        elif meaning is Meaning.CLOCK:
            await self._mend_clock()
