"""Count the nonces of one key.

Every transaction skips: its nonce only has to be higher than the last that the venue has let in. A
transaction that was lost or refused takes no other down with it; what arrives after a higher one is
refused, so nothing that was overtaken is ever carried out.
"""

from connectors.lighter.transactions import MOST_NONCE
from connectors.model.errors import Plan, VenueError


class Nonces:
    """A counter that never falls. It is in doubt until the venue has told where it stands."""

    def __init__(self) -> None:
        self._next = 0
        self.is_doubted = True

    def doubt(self) -> None:
        """Have the venue asked before another is used."""
        self.is_doubted = True

    def renew(self, told: int) -> None:
        """Take up what the venue expects next; what was used stays used."""
        self._next = max(self._next, told)
        self.is_doubted = False

    def take(self) -> int:
        """Return the next. Raises VenueError where there is none."""
        if self._next > MOST_NONCE:
            raise VenueError(
                f"lighter: nonce {self._next} is past the last one: register another API key",
                Plan.HALT,
            )
        self._next += 1
        return self._next - 1
