"""What amends of resting orders come to."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, SELL
from connectors.sim.exchange import POST_ONLY, ExchangeTerms
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    Case,
    accepted,
    amended,
    ask,
    cancelled,
    made,
    market,
    not_amended,
    not_there,
    sold,
)
from tests.connectors.sim.exchange_drive import amend, cancel, place

SLOW = ExchangeTerms(entry_latency_ns=10)

AMENDS = (
    Case(
        "an order that shrinks keeps its place in the queue",
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            sold(100, 45, 2),
            amend(A, BUY, 100, 8, 3),
            sold(100, 10, 4),
        ],
        [accepted(A, 100, 30), amended(A, 100, 8), made(A, 100, 5)],
    ),
    Case(
        "an order that grows stands behind everything again",
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            sold(100, 50, 2),
            amend(A, BUY, 100, 31, 3),
            sold(100, 50, 4),
            sold(100, 7, 5),
        ],
        [accepted(A, 100, 30), amended(A, 100, 31), made(A, 100, 7)],
    ),
    Case(
        "an order with a new price stands behind everything there",
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            sold(100, 50, 2),
            amend(A, BUY, 99, 30, 3),
            sold(99, 50, 4),
            sold(99, 4, 5),
        ],
        [accepted(A, 100, 30), amended(A, 99, 30), made(A, 99, 4)],
    ),
    Case(
        "the size is the whole one, so a fill on the way makes what is left smaller",
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            amend(A, BUY, 98, 30, 12),
            sold(99, 12, 15),
            sold(97, 40, 30),
        ],
        [accepted(A, 100, 30), made(A, 100, 12), amended(A, 98, 30), made(A, 98, 18)],
        SLOW,
    ),
    Case(
        "an order that has filled as much already is over",
        [
            *market(),
            place(A, BUY, 100, 30, 1),
            sold(99, 12, 2),
            amend(A, BUY, 100, 9, 3),
            sold(99, 12, 4),
            cancel(A, 5),
        ],
        [accepted(A, 100, 30), made(A, 100, 12), amended(A, 100, 12), not_there(A)],
    ),
    Case(
        "an order that is over is not amended",
        [*market(), place(A, BUY, 100, 30, 1), cancel(A, 2), amend(A, BUY, 99, 30, 3)],
        [
            accepted(A, 100, 30),
            cancelled(A, 100, 30),
            not_amended(A, 99, 30, Refusal.NOT_FOUND),
        ],
    ),
    Case(
        "an amend that would take is refused, and the order stays",
        [
            *market(),
            place(A, BUY, 100, 30, 1, POST_ONLY),
            amend(A, BUY, 101, 30, 2),
            sold(99, 9, 3),
        ],
        [accepted(A, 100, 30), not_amended(A, 101, 30, Refusal.POST_ONLY), made(A, 100, 9)],
    ),
    Case(
        "an amend onto an order of ours is refused, used up as the market's lots may be",
        [
            *market(),
            place(A, BUY, 100, 5, 1),
            place(B, SELL, 101, 5, 2),
            ask(101, 0, 3),
            amend(A, BUY, 101, 5, 4),
            amend(B, SELL, 100, 5, 5),
        ],
        [
            accepted(A, 100, 5),
            accepted(B, 101, 5),
            not_amended(A, 101, 5, Refusal.POST_ONLY),
            not_amended(B, 100, 5, Refusal.POST_ONLY),
        ],
    ),
    Case(
        "an amend of another order's slot, or of no size, is refused",
        [*market(), place(A, BUY, 100, 5, 1), amend(B, SELL, 102, 5, 2), amend(A, BUY, 99, 0, 3)],
        [
            accepted(A, 100, 5),
            not_amended(B, 102, 5, Refusal.NOT_FOUND),
            not_amended(A, 99, 0, Refusal.MIN_SIZE),
        ],
    ),
)
