"""Remember of orders and trades what KuCoin's words on them leave out."""

from collections import OrderedDict
from typing import Generic, TypeVar

from connectors.ccxt.names import Names
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import CANCELLED, EXPIRED, IOC, POST_ONLY, REJECTED

V = TypeVar("V")
MOST = 65_536


class Recent(Generic[V]):
    """Values by text; the oldest go first."""

    def __init__(self) -> None:
        self._values: OrderedDict[str, V] = OrderedDict()

    def note(self, text: str, value: V) -> None:
        """Remember a value."""
        self._values[text] = value
        if len(self._values) > MOST:
            self._values.popitem(last=False)

    def find(self, text: str) -> V | None:
        """Return a value, None where there is none."""
        return self._values.get(text)

    def forget(self, text: str) -> None:
        """Have no value any more."""
        self._values.pop(text, None)


class Sent:
    """What is known of an account besides the venue's words.

    A cancel is told without its reason. Of an order that was to rest or to end, and that nobody has
    seen resting or asked to cancel, it is that the venue would not have it.
    """

    def __init__(self) -> None:
        self.names = Names()
        """Trades that are read do not name our id."""
        self._flags: Recent[int] = Recent()
        self._moments: Recent[int] = Recent()

    def place(self, client_text: str, flags: int) -> None:
        """Note that an order leaves."""
        self._flags.note(client_text, flags)

    def cancel(self, client_text: str) -> None:
        """Note that its cancel does."""
        self._flags.forget(client_text)

    def rested(self, client_text: str) -> None:
        """Note that it has come to the book."""
        if (self._flags.find(client_text) or 0) & POST_ONLY:
            self._flags.forget(client_text)

    def end(self, client_text: str, filled: int) -> tuple[int, int]:
        """Return what the cancel of an order is, and the code of a refusal."""
        flags = self._flags.find(client_text) or 0
        if flags & POST_ONLY and not filled:
            return REJECTED, Refusal.POST_ONLY
        return (EXPIRED if flags & IOC else CANCELLED), 0

    def heard(self, trade_id: str, venue_ms: int) -> int:
        """Note and return when a trade was made, as the stream tells it."""
        self._moments.note(trade_id, venue_ms)
        return venue_ms

    def agreed(self, trade_id: str, venue_ms: int) -> int:
        """Return when a trade was made, as a read tells it. Raises VenueError where the stream has
        told another moment: by it one trade could be booked twice, after a new start."""
        told_ms = self._moments.find(trade_id)
        if told_ms is not None and told_ms != venue_ms:
            raise VenueError(
                f"trade {trade_id}: expected the stream's moment of {told_ms} ms, a read says"
                f" {venue_ms}: nothing is traded here until the adapter knows which counts",
                Plan.HALT,
            )
        return venue_ms
