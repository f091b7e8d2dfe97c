"""What fills resting orders: trades, and displayed lots that come across."""

from connectors.model.events import BUY, SELL
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    C,
    Case,
    accepted,
    ask,
    bid,
    bought,
    cleared,
    made,
    market,
    sold,
)
from tests.connectors.sim.exchange_drive import place

TRADES = (
    Case(
        "a trade at our price passes the queue before it fills us",
        [*market(), place(A, BUY, 100, 10, 1), sold(100, 45, 2), sold(100, 9, 3), sold(100, 9, 4)],
        [accepted(A, 100, 10), made(A, 100, 4), made(A, 100, 6)],
    ),
    Case(
        "a trade through our price fills us without a queue, at our price",
        [*market(), place(A, BUY, 100, 10, 1), sold(99, 25, 2)],
        [accepted(A, 100, 10), made(A, 100, 10)],
    ),
    Case(
        "a trade through our price fills no more than it printed",
        [*market(), place(A, BUY, 100, 10, 1), sold(99, 4, 2)],
        [accepted(A, 100, 10), made(A, 100, 4)],
    ),
    Case(
        "the same for asks",
        [*market(), place(A, SELL, 101, 10, 1), bought(101, 53, 2), bought(102, 4, 3)],
        [accepted(A, 101, 10), made(A, 101, 3), made(A, 101, 4)],
    ),
    Case(
        "a trade on the other side or short of our price does nothing",
        [*market(), place(A, BUY, 99, 10, 1), bought(99, 80, 2), sold(100, 80, 3)],
        [accepted(A, 99, 10)],
    ),
    Case(
        "the better price first, and what it used is gone for the next",
        [
            *market(),
            place(A, SELL, 103, 10, 1),
            place(B, SELL, 102, 10, 2),
            bought(104, 15, 3),
        ],
        [accepted(A, 103, 10), accepted(B, 102, 10), made(B, 102, 10), made(A, 103, 5)],
    ),
    Case(
        "at one price first come, first served, each behind the same displayed lots",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            place(B, BUY, 100, 10, 2),
            sold(100, 55, 3),
            sold(100, 12, 4),
        ],
        # 50 lots pass the queue and 5 fill A. Of the 12, 5 fill A and 7 reach B.
        [
            accepted(A, 100, 10),
            accepted(B, 100, 10),
            made(A, 100, 5),
            made(A, 100, 5),
            made(B, 100, 7),
        ],
    ),
    Case(
        "lots that came between two of our orders stand before the second",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            bid(100, 60, 2),
            place(B, BUY, 100, 10, 3),
            sold(100, 72, 4),
        ],
        # In line: 50 others, A with 10, 10 others, B. The last 2 of the 72 reach B.
        [accepted(A, 100, 10), accepted(B, 100, 10), made(A, 100, 10), made(B, 100, 2)],
    ),
    Case(
        "a better order absorbs a trade before the queue at the trade's price moves",
        [
            *market(),
            place(A, SELL, 101, 10, 1),
            place(B, SELL, 102, 10, 2),
            bought(102, 55, 3),
            bought(102, 10, 4),
        ],
        # A takes 10 of the 55; 45 of the 50 before B pass; the next 10 pass 5 and fill 5.
        [accepted(A, 101, 10), accepted(B, 102, 10), made(A, 101, 10), made(B, 102, 5)],
    ),
    Case(
        "an order inside the spread has nobody before it",
        [
            bid(100, 50, 0),
            ask(110, 50, 0),
            place(A, BUY, 105, 10, 1),
            sold(105, 3, 2),
            sold(100, 3, 3),
        ],
        [accepted(A, 105, 10), made(A, 105, 3), made(A, 105, 3)],
    ),
    Case(
        "the last update before a trade decides, and a filled order is gone",
        [*market(), place(A, BUY, 100, 5, 1), bid(100, 0, 2), sold(100, 5, 3), sold(100, 5, 4)],
        [accepted(A, 100, 5), made(A, 100, 5)],
    ),
)

ARRIVALS = (
    Case(
        "an ask displayed at our bid fills us with its lots",
        [*market(), place(A, BUY, 100, 10, 1), ask(100, 4, 2)],
        [accepted(A, 100, 10), made(A, 100, 4)],
    ),
    Case(
        "an ask displayed through our bid fills us at our price and proves the queue gone",
        [*market(), place(A, BUY, 100, 10, 1), ask(99, 4, 2), sold(100, 3, 3)],
        [accepted(A, 100, 10), made(A, 100, 4), made(A, 100, 3)],
    ),
    Case(
        "only lots that are added to a level across fill us again",
        [
            *market(),
            place(A, SELL, 101, 30, 1),
            bid(102, 10, 2),
            bid(102, 10, 3),
            bid(102, 15, 4),
            bid(102, 12, 5),
            bid(102, 14, 6),
            bid(102, 0, 7),
            bid(102, 3, 8),
        ],
        [
            accepted(A, 101, 30),
            made(A, 101, 10),
            made(A, 101, 5),
            made(A, 101, 2),
            made(A, 101, 3),
        ],
    ),
    Case(
        "a snapshot that shows the level again adds nothing",
        [
            *market(),
            place(A, SELL, 101, 30, 1),
            bid(102, 10, 2),
            *cleared(3),
            bid(102, 10, 3),
            ask(103, 9, 3),
            *cleared(4),
            bid(102, 12, 4),
            ask(103, 9, 4),
        ],
        [accepted(A, 101, 30), made(A, 101, 10), made(A, 101, 2)],
    ),
    Case(
        "what fills one order across is not there for the next",
        [
            *market(),
            place(A, SELL, 102, 10, 1),
            place(B, SELL, 101, 10, 2),
            bid(103, 15, 3),
        ],
        [accepted(A, 102, 10), accepted(B, 101, 10), made(B, 101, 10), made(A, 102, 5)],
    ),
    Case(
        "each level across has lots of its own",
        [*market(), place(A, BUY, 100, 30, 1), ask(100, 4, 2), ask(99, 5, 3), ask(98, 6, 4)],
        [accepted(A, 100, 30), made(A, 100, 4), made(A, 100, 5), made(A, 100, 6)],
    ),
    Case(
        "a level that goes away fills nobody",
        [*market(), place(A, BUY, 100, 10, 1), ask(100, 0, 2), bid(100, 0, 3)],
        [accepted(A, 100, 10)],
    ),
    Case(
        "other levels leave us alone",
        [*market(), place(A, BUY, 99, 10, 1), bid(100, 80, 2), ask(100, 5, 3), bid(98, 1, 4)],
        [accepted(A, 99, 10)],
    ),
)

SWEEPS = (
    Case(
        "printed, then displayed: the print fills us, and what the sweep left over",
        # 5 at 100, 8 at 99, 4 left as an ask: 17 lots came, 5 went to the queue, 12 to us.
        [
            bid(100, 5, 0),
            bid(99, 8, 0),
            ask(101, 50, 0),
            place(A, BUY, 100, 20, 1),
            sold(100, 5, 5),
            sold(99, 8, 5),
            bid(100, 0, 5),
            bid(99, 0, 5),
            ask(99, 4, 5),
        ],
        [accepted(A, 100, 20), made(A, 100, 8), made(A, 100, 4)],
    ),
    Case(
        "displayed, then printed with the same stamp: the same 12 lots",
        [
            bid(100, 5, 0),
            bid(99, 8, 0),
            ask(101, 50, 0),
            place(A, BUY, 100, 20, 1),
            bid(100, 0, 5),
            bid(99, 0, 5),
            ask(99, 4, 5),
            sold(100, 5, 5),
            sold(99, 8, 5),
        ],
        [accepted(A, 100, 20), made(A, 100, 4), made(A, 100, 8)],
    ),
    Case(
        "the level displayed gone and its trade printed after it fill us only beyond the queue",
        [*market(), place(A, BUY, 100, 10, 1), bid(100, 0, 5), sold(100, 54, 5)],
        [accepted(A, 100, 10), made(A, 100, 4)],
    ),
    Case(
        "a print once more after that is new volume",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            bid(100, 0, 5),
            sold(100, 50, 5),
            sold(100, 3, 5),
            sold(100, 3, 6),
        ],
        [accepted(A, 100, 10), made(A, 100, 3), made(A, 100, 3)],
    ),
    Case(
        "the second of our orders sees the same trade once, too",
        [
            *market(),
            place(A, BUY, 100, 10, 1),
            place(B, BUY, 99, 10, 2),
            place(C, BUY, 99, 10, 3),
            sold(100, 50, 5),
            sold(99, 63, 5),
            bid(100, 0, 5),
            bid(99, 0, 5),
        ],
        # 10 of the 63 fill A, 50 pass the queue at 99, 3 fill B.
        [
            accepted(A, 100, 10),
            accepted(B, 99, 10),
            accepted(C, 99, 10),
            made(A, 100, 10),
            made(B, 99, 3),
        ],
    ),
)
