"""What the exchange refuses, and when it does not know its book."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, CLEAR_ASKS, CLEAR_BIDS, GAP, SELL
from connectors.model.orders import ID_STRIDE
from connectors.sim.exchange import POST_ONLY
from tests.connectors.sim.exchange_cases import (
    A,
    B,
    C,
    Case,
    D,
    accepted,
    ask,
    bid,
    cancelled,
    cleared,
    market,
    rejected,
)
from tests.connectors.sim.exchange_drive import Op, cancel, place

REFUSALS = (
    Case(
        "post-only that would meet displayed lots",
        [*market(), place(A, BUY, 101, 5, 1, POST_ONLY), place(B, SELL, 99, 5, 2, POST_ONLY)],
        [rejected(A, 101, 5, Refusal.POST_ONLY), rejected(B, 99, 5, Refusal.POST_ONLY)],
    ),
    Case(
        "post-only that would meet an order of ours",
        [
            bid(100, 5, 0),
            ask(110, 5, 0),
            place(A, SELL, 105, 5, 1, POST_ONLY),
            place(B, BUY, 105, 5, 2, POST_ONLY),
            place(C, BUY, 104, 5, 3, POST_ONLY),
        ],
        [
            accepted(A, 105, 5),
            rejected(B, 105, 5, Refusal.POST_ONLY),
            accepted(C, 104, 5),
        ],
    ),
    Case(
        "a stamp shared with a row: the row comes first",
        [*market(), place(A, BUY, 100, 5, 5, POST_ONLY), ask(100, 5, 5)],
        [rejected(A, 100, 5, Refusal.POST_ONLY)],
    ),
    Case(
        "an id used before, resting or not, even if it was refused",
        [
            *market(),
            place(A, BUY, 100, 5, 1),
            place(A, BUY, 100, 5, 2),
            cancel(A, 3),
            place(A, BUY, 100, 5, 4),
            place(B, BUY, 101, 5, 5, POST_ONLY),
            place(B, BUY, 100, 5, 6),
        ],
        [
            accepted(A, 100, 5),
            rejected(A, 100, 5, Refusal.DUPLICATE_ID),
            cancelled(A, 100, 5),
            rejected(A, 100, 5, Refusal.DUPLICATE_ID),
            rejected(B, 101, 5, Refusal.POST_ONLY),
            rejected(B, 100, 5, Refusal.DUPLICATE_ID),
        ],
    ),
    Case(
        "an older id of the same slot, and again the newest",
        [
            *market(),
            place(A + ID_STRIDE, BUY, 100, 5, 1),
            cancel(A + ID_STRIDE, 2),
            place(A, BUY, 100, 5, 3),
            place(A + ID_STRIDE, BUY, 100, 5, 4),
        ],
        [
            accepted(A + ID_STRIDE, 100, 5),
            cancelled(A + ID_STRIDE, 100, 5),
            rejected(A, 100, 5, Refusal.DUPLICATE_ID),
            rejected(A + ID_STRIDE, 100, 5, Refusal.DUPLICATE_ID),
        ],
    ),
    Case(
        "a slot where an order rests",
        [*market(), place(A, BUY, 100, 5, 1), place(A + ID_STRIDE, BUY, 99, 5, 2), cancel(A, 3)],
        [
            accepted(A, 100, 5),
            rejected(A + ID_STRIDE, 99, 5, Refusal.OTHER),
            cancelled(A, 100, 5),
        ],
    ),
    Case(
        "no lots",
        [*market(), place(A, BUY, 100, 0, 1), place(B, BUY, 100, -3, 2)],
        [rejected(A, 100, 0, Refusal.MIN_SIZE), rejected(B, 100, -3, Refusal.MIN_SIZE)],
    ),
    Case(
        "a price so far off that the book does not know its queue",
        [
            *market(),
            place(A, BUY, 100 - 32_769, 5, 1),
            place(B, SELL, 100 + 32_768, 5, 2),
            place(C, BUY, 100 - 32_768, 5, 3),
            place(D, SELL, 100 + 32_767, 5, 4),
        ],
        [
            rejected(A, 100 - 32_769, 5, Refusal.PRICE_BAND),
            rejected(B, 100 + 32_768, 5, Refusal.PRICE_BAND),
            accepted(C, 100 - 32_768, 5),
            accepted(D, 100 + 32_767, 5),
        ],
    ),
    Case(
        "anything before the first row, and after a gap until the snapshot",
        [
            place(A, BUY, 100, 5, 1),
            *market(2),
            place(B, BUY, 100, 5, 3),
            Op(GAP, 0, 0, 4),
            place(C, BUY, 100, 5, 5),
            cancel(B, 6),
            *cleared(7),
            *market(7),
            place(D, BUY, 100, 5, 8),
        ],
        [
            rejected(A, 100, 5, Refusal.OTHER),
            accepted(B, 100, 5),
            rejected(C, 100, 5, Refusal.OTHER),
            cancelled(B, 100, 5),
            accepted(D, 100, 5),
        ],
    ),
)

HALF_SNAPSHOTS = tuple(
    Case(
        f"a gap ends when both sides have been cleared, not {name} alone",
        [
            *market(),
            Op(GAP, 0, 0, 1),
            Op(first, 0, 0, 2),
            place(A, BUY, 90, 5, 3),
            Op(second, 0, 0, 4),
            *market(4),
            place(B, BUY, 90, 5, 5),
        ],
        [rejected(A, 90, 5, Refusal.OTHER), accepted(B, 90, 5)],
    )
    for name, first, second in (
        ("bids", CLEAR_BIDS, CLEAR_ASKS),
        ("asks", CLEAR_ASKS, CLEAR_BIDS),
    )
)
