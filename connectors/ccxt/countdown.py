"""Keep a countdown at a venue that cannot be asked how long it still runs: its answers count."""

from collections.abc import Awaitable, Callable, Sequence

from connectors.calls import Confirmed
from connectors.ccxt.asking import written
from connectors.ccxt.network import Network
from connectors.model.errors import VenueError
from connectors.pacing import Kind

SECOND_NS = 1_000_000_000
Arm = Callable[[str, int], Awaitable[int]]
"""Begin a countdown of so many seconds, 0 for none; return the seconds that the venue's answer
tells. It is sent once."""


class AnsweredCountdown:
    """A `Countdown` in parts, one a market or one for all: the first that is due counts."""

    def __init__(self, network: Network, parts: Sequence[str], lasts_s: int, arm: Arm) -> None:
        self._network = network
        self._lasts_s = lasts_s
        self._arm = arm
        self._due_ns = dict.fromkeys(parts, 0)

    @property
    def lasts_ns(self) -> int:
        """How far ahead a renewal sets it."""
        return self._lasts_s * SECOND_NS

    async def renew(self) -> int:
        """Begin it anew; return when it is due, by the moment before it was asked for."""
        for part in self._due_ns:
            await self._set(part, self._lasts_s)
        return self._first_ns()

    async def disarm(self) -> int:
        """Have none run; return when one is due that still does."""
        for part in self._due_ns:
            await self._set(part, 0)
        return max(self._due_ns.values())

    async def due_ns(self) -> int:
        """Return when it is due by what the venue has answered last."""
        return self._first_ns()

    async def _set(self, part: str, seconds: int) -> None:
        pacer = self._network.budgets.cancels
        await pacer.turn(1, Kind.CANCEL, self._network.clock)
        asked_ns = self._network.clock.now_ns()
        verdict = await written(pacer, lambda: self._arm(part, seconds))
        if not isinstance(verdict.outcome, Confirmed):
            raise VenueError(f"{self._network.venue} countdown of {part}: {verdict.outcome}")
        told_s: int = verdict.outcome.body
        if told_s != seconds:
            raise VenueError(
                f"{self._network.venue} countdown of {part}: expected {seconds} s, was {told_s}"
            )
        self._due_ns[part] = asked_ns + seconds * SECOND_NS if seconds else 0

    def _first_ns(self) -> int:
        """Return the first moment that is due, 0 where a part has none ahead."""
        first_ns = min(self._due_ns.values())
        return first_ns if first_ns > self._network.clock.now_ns() else 0
