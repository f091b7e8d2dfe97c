"""State what whoever sends commands can prove of them, beyond what the venue's books say."""

from typing import Protocol

TX_LIFE_NS = 600_000_000_000
"""A signed transaction can be carried out for ten minutes, whoever has sent it."""


class Proofs(Protocol):
    """What is proven of the commands of an order."""

    async def seek(self, client_id: int) -> None:
        """Ask the venue what it has carried out, where that may prove something. Raises VenueError
        where it does not answer."""

    def has_asked(self, client_id: int) -> bool:
        """Tell whether an order is of this process, so that its transaction was looked up too."""

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when it is proven that nothing which was sent for an order can be carried
        out any more: its transaction failed or expired, or its nonce has been passed. None: it is
        not proven."""

    def settled_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when no change of an order can be carried out any more, 0 where none was
        sent; None: one still may."""


class NobodySends:
    """The `Proofs` where nothing is sent: what former sessions have sent dies of age."""

    def __init__(self, started_ns: int) -> None:
        self._dead_ns = started_ns + TX_LIFE_NS

    async def seek(self, client_id: int) -> None:
        """Nothing is to be found that nobody has sent."""

    def has_asked(self, client_id: int) -> bool:
        """Nothing is."""
        return False

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return when the life of all transactions of before ended, once it has."""
        return self._dead_ns if now_ns >= self._dead_ns else None

    def settled_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return the same."""
        return self.dead_since_ns(client_id, now_ns)
