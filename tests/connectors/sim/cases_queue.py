"""Where the queue models put us, seen by what a trade leaves for us."""

from connectors.model.events import BUY
from connectors.sim.exchange import FRONT, POWER, ExchangeTerms
from tests.connectors.sim.exchange_cases import (
    A,
    Case,
    Outcome,
    accepted,
    ask,
    bid,
    cleared,
    made,
    market,
    sold,
)
from tests.connectors.sim.exchange_drive import Op, place

AT_FRONT = ExchangeTerms(queue_model=FRONT)
POWER_1 = ExchangeTerms(queue_model=POWER, power_n=1.0)
POWER_3 = ExchangeTerms(queue_model=POWER, power_n=3.0)


def joined(*rows: Op) -> list[Op]:
    """Join behind 50 lots at 100; then the rows."""
    return [*market(), place(A, BUY, 100, 90, 1), *rows]


def fills(*lots: int) -> list[Outcome]:
    """We were accepted, then filled so."""
    return [accepted(A, 100, 90), *(made(A, 100, n) for n in lots)]


RISK_AVERSE_CASES = (
    Case("all that is displayed stands before us", joined(sold(100, 60, 2)), fills(10)),
    Case(
        "a cancellation is from behind us while there is room",
        joined(bid(100, 80, 2), bid(100, 50, 3), sold(100, 60, 4)),
        fills(10),
    ),
    Case(
        "what is displayed bounds what stands before us",
        joined(bid(100, 20, 2), bid(100, 80, 3), sold(100, 60, 4)),
        fills(40),
    ),
    Case(
        "a trade and its depth row count once",
        joined(sold(100, 30, 2), bid(100, 20, 2), sold(100, 30, 3)),
        fills(10),
    ),
    Case(
        "the depth row first, with the same stamp, counts once",
        joined(bid(100, 20, 2), sold(100, 30, 2), sold(100, 30, 3)),
        fills(10),
    ),
    Case(
        "a depth row of an earlier stamp was a cancellation",
        joined(bid(100, 20, 2), sold(100, 30, 3)),
        fills(10),
    ),
    Case(
        "a snapshot does not take us to the front",
        joined(*cleared(2), bid(100, 50, 2), ask(101, 5, 2), sold(100, 60, 3)),
        fills(10),
    ),
    Case(
        "a snapshot without our level proves nothing",
        joined(*cleared(2), bid(99, 50, 2), ask(101, 5, 2), sold(100, 60, 3)),
        fills(10),
    ),
)

FRONT_CASES = (
    Case("nobody is before us", joined(sold(100, 6, 2), sold(100, 7, 3)), fills(6, 7), AT_FRONT),
    Case(
        "whatever is displayed",
        joined(bid(100, 500, 2), bid(100, 10, 3), sold(100, 6, 3)),
        fills(6),
        AT_FRONT,
    ),
)

POWER_CASES = (
    Case(
        "with nobody behind us every cancellation was before us",
        joined(bid(100, 30, 2), sold(100, 40, 3)),
        fills(10),
        POWER_3,
    ),
    Case(
        "n = 1: cancellations fall before and behind us in proportion",
        # 50 before, 50 behind, 40 cancelled: 30 before us.
        joined(bid(100, 100, 2), bid(100, 60, 3), sold(100, 40, 4)),
        fills(10),
        POWER_1,
    ),
    Case(
        "n = 3: with 25 before and 75 behind, 1 of 28 cancelled lots was before us",
        # A trade of 25 leaves 25 before us; 75 behind; of 28 cancelled 28 * 1 / (1 + 27) = 1.
        joined(
            bid(100, 125, 2), sold(100, 25, 3), bid(100, 100, 3), bid(100, 72, 4), sold(100, 30, 5)
        ),
        fills(6),
        POWER_3,
    ),
    Case(
        "what is displayed bounds what stands before us, whatever the split",
        # 40 before, 60 behind, 95 cancelled: a fifth of them before us would leave 18 of 5.
        joined(
            bid(100, 110, 2), sold(100, 10, 3), bid(100, 100, 3), bid(100, 5, 4), sold(100, 30, 5)
        ),
        fills(25),
        POWER_3,
    ),
    Case(
        "a decrease that trades explain moves nobody",
        joined(bid(100, 100, 2), sold(100, 20, 3), bid(100, 80, 4), sold(100, 40, 5)),
        fills(10),
        POWER_1,
    ),
    Case(
        "an increase moves nobody",
        joined(bid(100, 100, 2), bid(100, 300, 3), sold(100, 60, 4)),
        fills(10),
        POWER_1,
    ),
    Case(
        "a part of a lot is not filled",
        # 50 before, 50 behind, 1 cancelled: 49.5 before us, a trade of 50 leaves half a lot.
        joined(bid(100, 100, 2), bid(100, 99, 3), sold(100, 50, 4), sold(100, 1, 5)),
        fills(1),
        POWER_1,
    ),
)
