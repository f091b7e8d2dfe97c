"""The rules of hftbacktest's exchange without partial fills, one by one."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, SELL
from connectors.sim.exchange import FRONT, IOC, POST_ONLY, POWER, ExchangeTerms
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    Case,
    accepted,
    ask,
    bid,
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

COMPAT = ExchangeTerms(compat=True)
COMPAT_FRONT = ExchangeTerms(compat=True, queue_model=FRONT)
COMPAT_POWER = ExchangeTerms(compat=True, queue_model=POWER, power_n=1.0)

CASES = (
    Case(
        "any trade through our price fills all of us",
        [*market(), place(A, BUY, 100, 1000, 1), sold(99, 1, 2)],
        [accepted(A, 100, 1000), made(A, 100, 1000)],
        COMPAT,
    ),
    Case(
        "each order that a trade reaches is filled in full",
        [*market(), place(A, SELL, 102, 30, 1), place(B, SELL, 103, 30, 2), bought(104, 1, 3)],
        [accepted(A, 102, 30), accepted(B, 103, 30), made(A, 102, 30), made(B, 103, 30)],
        COMPAT,
    ),
    Case(
        "a trade at our price fills all of us once the queue has passed",
        [*market(), place(A, BUY, 100, 30, 1), sold(100, 50, 2), sold(100, 1, 3)],
        [accepted(A, 100, 30), made(A, 100, 30)],
        COMPAT,
    ),
    Case(
        "a queue that is just gone has not passed",
        [*market(), place(A, BUY, 100, 30, 1), sold(100, 50, 2), cancel(A, 3)],
        [accepted(A, 100, 30), cancelled(A, 100, 30)],
        COMPAT,
    ),
    Case(
        "at the front any trade fills all of us",
        [*market(), place(A, BUY, 100, 30, 1), sold(100, 1, 2)],
        [accepted(A, 100, 30), made(A, 100, 30)],
        COMPAT_FRONT,
    ),
    Case(
        "less than half a lot past us is not enough",
        # 50 before us and 150 behind, 1 cancelled: 49.75 before us.
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            bid(100, 200, 2),
            bid(100, 199, 3),
            sold(100, 50, 4),
            cancel(A, 5),
        ],
        [accepted(A, 100, 30), cancelled(A, 100, 30)],
        COMPAT_POWER,
    ),
    Case(
        "half a lot past us is enough",
        # 50 before us and 50 behind, 1 cancelled: 49.5 before us.
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            bid(100, 100, 2),
            bid(100, 99, 3),
            sold(100, 50, 4),
        ],
        [accepted(A, 100, 30), made(A, 100, 30)],
        COMPAT_POWER,
    ),
    Case(
        "a touch at or across our price fills all of us",
        [*market(), place(A, SELL, 102, 30, 1), bid(101, 9, 2), bid(102, 1, 3)],
        [accepted(A, 102, 30), made(A, 102, 30)],
        COMPAT,
    ),
    Case(
        "a depth row and the trade after it both move the queue",
        [*market(), place(A, BUY, 100, 30, 1), bid(100, 20, 5), sold(100, 21, 5)],
        [accepted(A, 100, 30), made(A, 100, 30)],
        COMPAT,
    ),
    Case(
        "an order takes all it wants at the touch, again and again",
        [*market(), place(A, BUY, 103, 900, 1), place(B, BUY, 101, 900, 2)],
        [accepted(A, 103, 900), took(A, 101, 900), accepted(B, 101, 900), took(B, 101, 900)],
        COMPAT,
    ),
    Case(
        "post-only across is refused, IOC that meets nothing ends",
        [*market(), place(A, SELL, 100, 9, 1, POST_ONLY), place(B, SELL, 101, 9, 2, IOC)],
        [rejected(A, 100, 9, Refusal.POST_ONLY), accepted(B, 101, 9), expired(B, 101, 9)],
        COMPAT,
    ),
    Case(
        "a level that goes away fills nobody",
        [
            *market(),
            place(A, BUY, 100, 9, 1),
            place(B, SELL, 101, 9, 1),
            ask(100, 0, 2),
            bid(101, 0, 3),
        ],
        [accepted(A, 100, 9), accepted(B, 101, 9)],
        COMPAT,
    ),
)
