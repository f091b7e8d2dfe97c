"""An account is cleared until nothing rests twice, and what is not confirmed is said."""

from collections.abc import Sequence

from connectors.model.errors import VenueError
from runner.watchdog.clearing import LONGEST_NS, UNKNOWN, Clearing


class Account:
    """A rescue whose looks find what a list says: so many orders, or an error."""

    def __init__(self, finds: Sequence[int | None], refusals: int = 0) -> None:
        self.finds = list(finds)
        self.refusals = refusals
        self.cancels = 0
        self.now = 0
        self.said: list[str] = []

    def ready(self) -> None:
        """Be ready."""

    def cancel_all(self) -> None:
        self.cancels += 1
        if self.cancels <= self.refusals:
            raise VenueError("refused")

    def resting(self) -> int:
        found = self.finds.pop(0) if len(self.finds) > 1 else self.finds[0]
        if found is None:
            raise VenueError("no answer")
        return found

    def now_ns(self) -> int:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += int(seconds * 1e9)

    def cleared(self) -> int:
        return Clearing(self, self.now_ns, self.sleep, self.said.append).run()


def test_nothing_that_rests_twice_is_the_proof() -> None:
    account = Account([0])
    assert account.cleared() == 0
    assert account.cancels == 1
    assert account.said[-1] == "confirmed: nothing rests"


def test_what_rests_or_comes_late_is_cancelled_again() -> None:
    account = Account([3, 0, 1, 0, 0])
    assert account.cleared() == 0
    assert account.cancels == 3


def test_a_refusal_or_a_failed_look_proves_nothing() -> None:
    account = Account([None, 2, None, 0, None, 0, 0], refusals=2)
    assert account.cleared() == 0
    assert "refused" in account.said
    assert "no answer" in account.said


def test_what_is_never_confirmed_is_counted_in_bounded_time() -> None:
    account = Account([2])
    assert account.cleared() == 2
    assert account.now <= LONGEST_NS + 10_000_000_000
    assert account.said[-1] == "not confirmed: 2 orders: look at the venue"
    assert Account([None]).cleared() == UNKNOWN
