"""Ask the venue for all that an examination of an account looks at."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from connectors.examined import Remark
from connectors.lighter import examination
from connectors.lighter.account_terms import TermsReads
from connectors.lighter.expected import Expected
from connectors.lighter.listing import Listed
from connectors.lighter.network import Network
from connectors.model.errors import Plan, VenueError

Answer = TypeVar("Answer")


class Examiner:
    """Examines one account, by the key that signs for it."""

    def __init__(
        self,
        network: Network,
        terms: TermsReads,
        key_index: int,
        cancel_key_index: int | None = None,
    ) -> None:
        self._network = network
        self._terms = terms
        self._key_index = key_index
        self._cancel_key_index = cancel_key_index

    async def examine(
        self, markets: Sequence[tuple[Listed, Expected]], *, sets_now: bool
    ) -> list[Remark]:
        """Return every remark. `sets_now`: margins were to be set before. Raises VenueError."""
        now_ns, rest = self._network.clock.now_ns, self._network.rest
        sent_ns = now_ns()
        server_s = await _told(rest.server_s)
        found = [examination.of_clock(server_s, sent_ns, now_ns())]
        if not sets_now:
            found.append(examination.of_place(await _told(rest.refusal_of_nothing)))
        terms = await self._terms.all()
        caps = self._network.terms.caps
        found += examination.of_cancel_key(terms, self._cancel_key_index)
        return found + examination.every(terms, self._key_index, caps, markets, sets_now)


async def _told(ask: Callable[[], Awaitable[Answer]]) -> Answer | None:
    """Return an answer that nothing depends on, None where there is none."""
    try:
        return await ask()
    except VenueError as error:
        if error.plan is Plan.HALT:
            raise
        return None
