"""Name what can go wrong, and with each error the plan: who acts, and how far the stop reaches.

Refusals are values, not exceptions: they travel as the `code` of a REJECTED row. Exceptions are for
what the caller cannot have meant.
"""

from enum import Enum, IntEnum


class Refusal(IntEnum):
    """Why an order was refused for good: by the venue, or by us before it left."""

    OTHER = 0
    POST_ONLY = 1
    INSUFFICIENT_MARGIN = 2
    MIN_SIZE = 3
    PRICE_BAND = 4
    REDUCE_ONLY = 5
    DUPLICATE_ID = 6
    RATE_LIMIT = 7
    INJECTED = 8
    NOT_SENT = 9
    ACCOUNT_LIMIT = 10
    UNARMED = 11
    NOT_FOUND = 12
    PACED = 13

    def explain(self) -> str:
        """Return one sentence for a person."""
        return _REFUSALS[self]


_REFUSALS = {
    Refusal.OTHER: "the venue refused for a reason that it did not classify",
    Refusal.POST_ONLY: "the order would have taken liquidity at once",
    Refusal.INSUFFICIENT_MARGIN: "the account lacks margin or balance",
    Refusal.MIN_SIZE: "the order is under the venue's minimum size or notional",
    Refusal.PRICE_BAND: "the price is outside the venue's band",
    Refusal.REDUCE_ONLY: "the order would not have reduced the position",
    Refusal.DUPLICATE_ID: "the client id has been used before",
    Refusal.RATE_LIMIT: "the venue's message budget is spent",
    Refusal.INJECTED: "the simulator was told to refuse",
    Refusal.NOT_SENT: "the order was held back before it left: the runner was stopping",
    Refusal.UNARMED: "the order was held back before it left: the deploy is not armed",
    Refusal.ACCOUNT_LIMIT: "the order was held back before it left: a limit of the whole account",
    Refusal.PACED: "the order was held back before it left: our budget of requests is spent",
    Refusal.NOT_FOUND: "the venue has no such order, or has it no more",
}


class MmrunnerError(Exception):
    """One clear line for the person who can mend it. `exit_code` is what the process ends with."""

    exit_code = 1


class ConfigError(MmrunnerError):
    """The configuration cannot be meant: nothing has been started or written."""

    exit_code = 2


class DataError(MmrunnerError):
    """A tape or a message is not what its format promises."""

    exit_code = 2


class Plan(Enum):
    """What to do after an error of a venue."""

    RETRY = "retry"
    """It may pass: ask again, later and later. Until it is answered nothing is known."""
    HALT = "halt"
    """It will not pass by itself: stop this market, and let a person look."""


class VenueError(MmrunnerError):
    """A venue gave no answer, or none that can be used. It proves nothing about any order."""

    def __init__(self, text: str, plan: Plan = Plan.RETRY) -> None:
        super().__init__(text)
        self.plan = plan


class TornTape(DataError):
    """A tape ends inside a record: what precedes is good and is used only when asked."""


class OffGrid(DataError):
    """A price or size is not a multiple of the instrument's step."""
