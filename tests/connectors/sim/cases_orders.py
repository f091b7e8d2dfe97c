"""What arriving orders and cancels come to."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, SELL
from connectors.sim.exchange import IOC, REDUCE_ONLY
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    C,
    Case,
    D,
    accepted,
    ask,
    bid,
    bought,
    cancelled,
    expired,
    made,
    market,
    not_there,
    rejected,
    sold,
    took,
)
from tests.connectors.sim.exchange_drive import cancel, place

TAKING = (
    Case(
        "an order takes level by level at those levels' prices, and the rest rests",
        [*market(), place(A, BUY, 102, 120, 1), sold(102, 7, 2)],
        [accepted(A, 102, 120), took(A, 101, 50), took(A, 102, 50), made(A, 102, 7)],
    ),
    Case(
        "a sell takes bids downwards",
        [*market(), place(A, SELL, 99, 70, 1)],
        [accepted(A, 99, 70), took(A, 100, 50), took(A, 99, 20)],
    ),
    Case(
        "what was taken is not taken again, and comes back only with lots that are added",
        [
            *market(),
            place(A, BUY, 101, 30, 1, IOC),
            place(B, BUY, 101, 30, 2, IOC),
            ask(101, 40, 3),
            place(C, BUY, 101, 30, 4, IOC),
            ask(101, 60, 5),
            place(D, BUY, 101, 30, 6, IOC),
        ],
        [
            accepted(A, 101, 30),
            took(A, 101, 30),
            accepted(B, 101, 30),
            took(B, 101, 20),
            expired(B, 101, 10),
            # 40 are displayed, all of them ours already: the 10 that went were others' or ours.
            accepted(C, 101, 30),
            expired(C, 101, 30),
            accepted(D, 101, 30),
            took(D, 101, 20),
            expired(D, 101, 10),
        ],
    ),
    Case(
        "a level that was gone in between is new",
        [
            *market(),
            place(A, BUY, 101, 50, 1, IOC),
            ask(101, 0, 2),
            ask(101, 5, 3),
            place(B, BUY, 101, 9, 4, IOC),
        ],
        [
            accepted(A, 101, 50),
            took(A, 101, 50),
            accepted(B, 101, 9),
            took(B, 101, 5),
            expired(B, 101, 4),
        ],
    ),
    Case(
        "lots that have traded are not there, until the level is displayed again",
        [
            *market(),
            bought(101, 45, 1),
            place(A, BUY, 101, 9, 2, IOC),
            ask(101, 8, 3),
            place(B, BUY, 101, 9, 4, IOC),
        ],
        # 5 of the 50 were left and are ours; of the 8 displayed then 3 are new.
        [
            accepted(A, 101, 9),
            took(A, 101, 5),
            expired(A, 101, 4),
            accepted(B, 101, 9),
            took(B, 101, 3),
            expired(B, 101, 6),
        ],
    ),
    Case(
        "lots that filled our resting order are not there to be taken",
        [
            *market(),
            place(A, SELL, 101, 10, 1),
            bid(102, 25, 2),
            place(B, SELL, 102, 20, 3, IOC),
        ],
        [
            accepted(A, 101, 10),
            made(A, 101, 10),
            accepted(B, 102, 20),
            took(B, 102, 15),
            expired(B, 102, 5),
        ],
    ),
    Case(
        "what is left of a taker rests, and lots that are added reach it at its price",
        [*market(), place(A, BUY, 101, 60, 1), ask(101, 55, 2), ask(100, 3, 3)],
        [accepted(A, 101, 60), took(A, 101, 50), made(A, 101, 5), made(A, 101, 3)],
    ),
    Case(
        "IOC that meets nothing ends at once",
        [*market(), place(A, BUY, 100, 60, 1, IOC), sold(99, 60, 2)],
        [accepted(A, 100, 60), expired(A, 100, 60)],
    ),
)

CANCELS = (
    Case(
        "a cancel ends what is left",
        [*market(), place(A, SELL, 101, 9, 1), bought(101, 54, 2), cancel(A, 3), bought(105, 9, 4)],
        [accepted(A, 101, 9), made(A, 101, 4), cancelled(A, 101, 5)],
    ),
    Case(
        "a cancel of what is gone, or never was, is refused",
        [
            *market(),
            place(A, SELL, 101, 9, 1),
            bought(102, 9, 2),
            cancel(A, 3),
            cancel(B, 4),
            cancel(A, 5),
        ],
        [accepted(A, 101, 9), made(A, 101, 9), not_there(A), not_there(B), not_there(A)],
    ),
    Case(
        "the slot is free again, and an old id does not cancel its new order",
        [
            *market(),
            place(A, BUY, 100, 9, 1),
            cancel(A, 2),
            place(A + 2048, BUY, 99, 9, 3),
            cancel(A, 4),
            cancel(A + 2048, 5),
        ],
        [
            accepted(A, 100, 9),
            cancelled(A, 100, 9),
            accepted(A + 2048, 99, 9),
            not_there(A),
            cancelled(A + 2048, 99, 9),
        ],
    ),
    Case(
        "one of several at a price leaves the others in their order",
        [
            bid(99, 1, 0),
            ask(110, 1, 0),
            place(A, BUY, 100, 5, 1),
            place(B, BUY, 100, 5, 2),
            place(C, BUY, 101, 5, 3),
            place(D, BUY, 100, 5, 4),
            cancel(B, 5),
            sold(100, 12, 6),
            cancel(D, 7),
        ],
        [
            accepted(A, 100, 5),
            accepted(B, 100, 5),
            accepted(C, 101, 5),
            accepted(D, 100, 5),
            cancelled(B, 100, 5),
            made(C, 101, 5),
            made(A, 100, 5),
            made(D, 100, 2),
            cancelled(D, 100, 3),
        ],
    ),
)

REDUCING = (
    Case(
        "reduce-only is refused when flat or when it would add",
        [
            *market(),
            place(A, SELL, 101, 5, 1, REDUCE_ONLY),
            place(B, BUY, 101, 5, 2, IOC),
            place(C, BUY, 100, 5, 3, REDUCE_ONLY),
        ],
        [
            rejected(A, 101, 5, Refusal.REDUCE_ONLY),
            accepted(B, 101, 5),
            took(B, 101, 5),
            rejected(C, 100, 5, Refusal.REDUCE_ONLY),
        ],
    ),
    Case(
        "it takes no further than to flat",
        [*market(), place(A, BUY, 101, 5, 1, IOC), place(B, SELL, 100, 9, 2, REDUCE_ONLY)],
        [
            accepted(A, 101, 5),
            took(A, 101, 5),
            accepted(B, 100, 9),
            took(B, 100, 5),
            expired(B, 100, 4),
        ],
    ),
    Case(
        "it is filled no further than to flat, and ends there",
        [
            *market(),
            place(A, BUY, 101, 5, 1, IOC),
            place(B, SELL, 103, 9, 2, REDUCE_ONLY),
            bought(104, 3, 3),
            bought(104, 9, 4),
        ],
        [
            accepted(A, 101, 5),
            took(A, 101, 5),
            accepted(B, 103, 9),
            made(B, 103, 3),
            made(B, 103, 2),
            expired(B, 103, 4),
        ],
    ),
    Case(
        "it ends when it is reached and the position has become flat; the lots go to the next",
        [
            *market(),
            place(A, BUY, 101, 5, 1, IOC),
            place(B, SELL, 102, 5, 2, REDUCE_ONLY),
            place(C, SELL, 103, 5, 3),
            place(D, SELL, 100, 5, 4, IOC),
            bought(104, 5, 5),
        ],
        [
            accepted(A, 101, 5),
            took(A, 101, 5),
            accepted(B, 102, 5),
            accepted(C, 103, 5),
            accepted(D, 100, 5),
            took(D, 100, 5),
            expired(B, 102, 5),
            made(C, 103, 5),
        ],
    ),
)
