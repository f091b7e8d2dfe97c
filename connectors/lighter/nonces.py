"""Count the nonces of one key, so that each transaction has one that no other can be let in by.

The venue carries a key's transactions out by rising nonces alone: one that skips has to be at least
what is expected next, any other exactly that (elliottech/lighter-prover, circuit/src/types/
tx_type.rs, verify_l2_tx). So once one is carried out, no other of the key with the same nonce or a
lower one ever will be.

Skipping, a transaction that was lost or refused takes no other down with it. Contiguous, whatever
follows a lost one is refused until the venue has been asked where it stands.
"""

from connectors.lighter.transactions import MOST_NONCE
from connectors.model.errors import Plan, VenueError

AHEAD = 10_000
"""More transactions than leave of a key between an order's being meant and its own leaving."""


class Nonces:
    """The counter of one key. It is in doubt until the venue has told where it stands."""

    def __init__(self, floor: int = 0, skips: bool = True) -> None:
        """`floor` is where one that skips begins. The wall clock in ms is above all that a former
        process has used, which sends less than one a ms."""
        self.skips = skips
        self.is_doubted = True
        self._next = floor if skips else 0

    def doubt(self) -> None:
        """Have the venue asked before another is used."""
        self.is_doubted = True

    def spoil(self) -> None:
        """Note that one was taken and may never be used: contiguous ones are in doubt then."""
        self.is_doubted = self.is_doubted or not self.skips

    def renew(self, told: int) -> None:
        """Take up what the venue expects next. One that skips never falls; a contiguous one has to:
        what was refused left its nonce unused."""
        self._next = max(self._next, told) if self.skips else told
        self.is_doubted = False

    @property
    def next(self) -> int:
        """What the next one is at least, as far as is known."""
        return self._next

    def bound(self) -> int:
        """Return what the nonce of an order that is meant now will stay below."""
        return self._next + AHEAD

    def rise(self, least: int) -> None:
        """Begin no lower than `least`, where nonces may be left out."""
        if self.skips:
            self._next = max(self._next, least)

    def take(self, count: int = 1) -> int:
        """Return the first of so many that follow each other. Raises VenueError beyond the last."""
        if self._next + count - 1 > MOST_NONCE:
            raise VenueError(
                f"lighter: nonce {self._next} is past the last one: register another API key",
                Plan.HALT,
            )
        self._next += count
        return self._next - count
