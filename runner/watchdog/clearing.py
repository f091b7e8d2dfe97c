"""Clear one account: cancel all, and look until nothing rests."""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.model.errors import VenueError
from connectors.venue import Rescue

LONGEST_NS = 180_000_000_000
SETTLE_S = 2.0
"""Time between the two looks that have to find nothing: what was on its way has arrived by then."""
FIRST_PAUSE_S, MOST_PAUSE_S = 0.5, 8.0
UNKNOWN = -1
"""It could not be read how many orders rest."""


@dataclass(slots=True)
class Clearing:
    """Clears an account, and says each step."""

    rescue: Rescue
    now_ns: Callable[[], int]
    sleep: Callable[[float], None]
    say: Callable[[str], None]

    def run(self) -> int:
        """Cancel and look again and again; return how many orders may rest, 0 where it is proven
        that none does, UNKNOWN where nothing could be read."""
        deadline_ns, pause_s = self.now_ns() + LONGEST_NS, FIRST_PAUSE_S
        while True:
            self._cancel()
            left = self._left()
            if left == 0:
                self.sleep(SETTLE_S)
                left = self._left()
            if left == 0 or self.now_ns() >= deadline_ns:
                self.say(_verdict(left))
                return left
            self.sleep(pause_s)
            pause_s = min(2 * pause_s, MOST_PAUSE_S)

    def _cancel(self) -> None:
        try:
            self.rescue.cancel_all()
        except VenueError as error:
            self.say(str(error))
        else:
            self.say("cancel-all: let in")

    def _left(self) -> int:
        try:
            left = self.rescue.resting()
        except VenueError as error:
            self.say(str(error))
            return UNKNOWN
        self.say(f"orders that rest: {left}")
        return left


def _verdict(left: int) -> str:
    if left == UNKNOWN:
        return "not confirmed: it could not be read what rests: look at the venue"
    if left:
        return f"not confirmed: {left} orders: look at the venue"
    return "confirmed: nothing rests"
