"""Orders of ours that would trade with each other, by every way to prevent it, from both sides."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, SELL
from connectors.sim.exchange import EXPIRE_BOTH, EXPIRE_MAKER, IOC, POST_ONLY, REDUCE, ExchangeTerms
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    C,
    Case,
    accepted,
    bought,
    cancelled,
    expired,
    made,
    market,
    rejected,
    sold,
    took,
)
from tests.connectors.sim.exchange_drive import cancel, place

MAKER_ENDS = ExchangeTerms(self_trade=EXPIRE_MAKER)
BOTH_END = ExchangeTerms(self_trade=EXPIRE_BOTH)
REDUCED = ExchangeTerms(self_trade=REDUCE)

TAKER_ENDS = (
    Case(
        "an order stops before the price of our own, and what is left of it ends",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 103, 80, 2), bought(103, 4, 3)],
        [
            accepted(A, 102, 10),
            accepted(B, 103, 80),
            took(B, 101, 50),
            expired(B, 103, 30),
            made(A, 102, 4),
        ],
    ),
    Case(
        "an order that would meet ours first takes nothing",
        [*market(), place(A, BUY, 100, 10, 1), place(B, SELL, 99, 10, 2)],
        [accepted(A, 100, 10), accepted(B, 99, 10), expired(B, 99, 10)],
    ),
    Case(
        "an order that is filled before it comes to ours is not cut short",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 103, 50, 2)],
        [accepted(A, 102, 10), accepted(B, 103, 50), took(B, 101, 50)],
    ),
)

THE_RESTING_ONE_ENDS = (
    Case(
        "the resting order ends, and the arriving one goes on through its price",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 103, 120, 2)],
        [
            accepted(A, 102, 10),
            accepted(B, 103, 120),
            took(B, 101, 50),
            expired(A, 102, 10),
            took(B, 102, 50),
            took(B, 103, 20),
        ],
        MAKER_ENDS,
    ),
    Case(
        "an arriving sell ends our bids in its way, best first, and rests with what is left",
        [
            *market(),
            place(A, BUY, 99, 5, 1),
            place(B, BUY, 100, 7, 2),
            place(C, SELL, 99, 120, 3),
            bought(99, 20, 4),
        ],
        [
            accepted(A, 99, 5),
            accepted(B, 100, 7),
            accepted(C, 99, 120),
            expired(B, 100, 7),
            took(C, 100, 50),
            expired(A, 99, 5),
            took(C, 99, 50),
            made(C, 99, 20),
        ],
        MAKER_ENDS,
    ),
    Case(
        "an order that is filled before it comes to ours lets it rest",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 103, 50, 2), bought(103, 4, 3)],
        [accepted(A, 102, 10), accepted(B, 103, 50), took(B, 101, 50), made(A, 102, 4)],
        MAKER_ENDS,
    ),
    Case(
        "a post-only order that would meet ours is refused, and ours stays",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            place(B, SELL, 100, 10, 2, POST_ONLY),
            sold(99, 10, 3),
        ],
        [accepted(A, 100, 10), rejected(B, 100, 10, Refusal.POST_ONLY), made(A, 100, 10)],
        MAKER_ENDS,
    ),
)

BOTH_OF_THEM_END = (
    Case(
        "both end where they meet; what was taken before counts",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 103, 70, 2), bought(103, 9, 3)],
        [
            accepted(A, 102, 10),
            accepted(B, 103, 70),
            took(B, 101, 50),
            expired(A, 102, 10),
            expired(B, 103, 20),
        ],
        BOTH_END,
    ),
    Case(
        "an arriving sell ends with the first bid of ours, not with the second",
        [
            *market(),
            place(A, BUY, 100, 3, 1),
            place(B, BUY, 99, 3, 2),
            place(C, SELL, 98, 9, 3),
            sold(98, 3, 4),
        ],
        [
            accepted(A, 100, 3),
            accepted(B, 99, 3),
            accepted(C, 98, 9),
            expired(A, 100, 3),
            expired(C, 98, 9),
            made(B, 99, 3),
        ],
        BOTH_END,
    ),
)

BOTH_ARE_REDUCED = (
    Case(
        "the smaller one rests: it ends, and the arriving one goes on without its lots",
        [*market(), place(A, SELL, 102, 10, 1), place(B, BUY, 102, 100, 2)],
        [
            accepted(A, 102, 10),
            accepted(B, 102, 100),
            took(B, 101, 50),
            expired(A, 102, 10),
            took(B, 102, 40),
            expired(B, 102, 10),
        ],
        REDUCED,
    ),
    Case(
        "the smaller one arrives: it ends, and the resting one trades what it has left",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            place(B, SELL, 100, 4, 2, IOC),
            sold(99, 9, 3),
        ],
        [
            accepted(A, 100, 10),
            accepted(B, 100, 4),
            expired(B, 100, 4),
            made(A, 100, 6),
            expired(A, 100, 4),
        ],
        REDUCED,
    ),
    Case(
        "equal ones end together",
        [*market(), place(A, BUY, 100, 4, 1), place(B, SELL, 99, 4, 2), sold(98, 4, 3)],
        [accepted(A, 100, 4), accepted(B, 99, 4), expired(A, 100, 4), expired(B, 99, 4)],
        REDUCED,
    ),
    Case(
        "a reduced order that is cancelled tells all that did not trade",
        [
            *market(),
            place(A, SELL, 101, 10, 1),
            place(B, BUY, 101, 4, 2, IOC),
            bought(102, 1, 3),
            cancel(A, 4),
        ],
        [
            accepted(A, 101, 10),
            accepted(B, 101, 4),
            expired(B, 101, 4),
            made(A, 101, 1),
            cancelled(A, 101, 9),
        ],
        REDUCED,
    ),
)

SELF_TRADES = (
    *TAKER_ENDS,
    *THE_RESTING_ONE_ENDS,
    *BOTH_OF_THEM_END,
    *BOTH_ARE_REDUCED,
)
