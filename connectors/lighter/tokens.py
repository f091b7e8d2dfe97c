"""Keep a token for the account's channels and reads that is never about to expire."""

import asyncio
from collections.abc import Callable

from connectors.lighter.seams import Signer
from connectors.model.errors import VenueError
from connectors.pacing import Clock

LIFE_S = 7 * 3600
"""The venue takes at most eight hours."""
EARLY_S = 15 * 60
"""So long before its end a token is renewed, and the channels asked for anew with the next."""
LEAST_S = 60
"""What a token has to have left for whoever asks."""
RETRY_S = 30.0


class Tokens:
    """The tokens of one account."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = signer
        self._clock = clock
        self._token = ""
        self._expires_s = 0
        self._made_s = 0
        self._lock = asyncio.Lock()
        self._doubted = asyncio.Event()

    @property
    def current(self) -> str:
        """Return the last token, for a channel that is asked for; `fresh` has been called."""
        return self._token

    async def fresh(self) -> str:
        """Return a token that will last, made anew where it has to be. Raises VenueError."""
        async with self._lock:
            if self._expires_s - self._now_s() < LEAST_S:
                await self._renew()
        return self._token

    def doubt(self) -> None:
        """Have the token renewed soon: the venue has refused something that it goes with."""
        self._doubted.set()

    async def keep(self, on_renewed: Callable[[], None], tell: Callable[[str], None]) -> None:
        """Renew for ever, and say so each time."""
        while True:
            await self._due()
            try:
                async with self._lock:
                    await self._renew()
            except VenueError as error:
                tell(f"no token: {error}")
                await asyncio.sleep(RETRY_S)
            else:
                on_renewed()

    async def _due(self) -> None:
        """Wait until the token is to be renewed; a doubt counts once a minute."""
        left_s = self._expires_s - EARLY_S - self._now_s()
        try:
            async with asyncio.timeout(max(0.0, left_s)):
                await self._doubted.wait()
                await asyncio.sleep(max(0, self._made_s + LEAST_S - self._now_s()))
        except TimeoutError:
            return
        finally:
            self._doubted.clear()

    async def _renew(self) -> None:
        now_s = self._now_s()
        self._token = await self._signer.auth_token(now_s + LIFE_S)
        self._made_s, self._expires_s = now_s, now_s + LIFE_S

    def _now_s(self) -> int:
        return self._clock.now_ns() // 1_000_000_000
