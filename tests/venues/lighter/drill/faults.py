"""Say what goes wrong in a drill: a share of all that passes, and deeds at moments.

Of requests and of the account's frames each fault takes one in fifty; of reads, which are few, one
in twelve; of a book's frames one in two thousand: a book that is lost twice a second is no book.
"""

import random
from typing import Any

Words = dict[str, Any]
REQUESTS, READS, BOOKS = 50, 12, 2_000

OF_REQUESTS: dict[str, list[Words]] = {
    "place": [
        {"do": "drop_request"},
        {"do": "drop_response"},
        {"do": "delay", "s": 0.5},
        {"do": "http", "is_processed": True},
        {"do": "refuse", "code": 21739},
        {"do": "bare_error"},
        {"do": "too_many", "retry_after_s": 2},
        {"do": "fill_at_once", "frac": 0.4},
    ],
    "execute.create": [
        {"do": "vanish"},
        {"do": "refuse_later"},
        {"do": "hold", "s": 3.0},
    ],
    "modify": [
        {"do": "drop_request"},
        {"do": "drop_response"},
        {"do": "delay", "s": 0.5},
        {"do": "refuse", "code": 21739},
    ],
    "execute.modify": [{"do": "fill_during_modify", "frac": 0.5}, {"do": "vanish"}],
    "cancel": [{"do": "drop_request"}, {"do": "drop_response"}, {"do": "delay", "s": 0.5}],
    "execute.cancel": [{"do": "fill_during_cancel"}, {"do": "cancel_then_fill", "s": 1.0}],
    "filled": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
    "accepted": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
    "cancelled": [{"do": "drop"}, {"do": "late", "s": 2.0}, {"do": "say_open", "s": 1.0}],
    "update/account_tx": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
}
OF_READS: dict[str, list[Words]] = {
    "orders": [{"do": "http", "status": 503}, {"do": "stale_list"}, {"do": "subset"}],
    "positions": [{"do": "drop_response"}, {"do": "http"}, {"do": "omit_market", "omitted": "BTC"}],
    "trades": [{"do": "http", "status": 503}, {"do": "slow_body"}, {"do": "subset"}],
    "order": [{"do": "not_found"}, {"do": "http", "status": 503}],
}
OF_BOOKS: dict[str, list[Words]] = {
    "update": [
        {"do": "drop"},
        {"do": "duplicate"},
        {"do": "late", "s": 0.5},
        {"do": "garbage"},
        {"do": "cross"},
        {"do": "scale", "factor": "10"},
    ],
    "snapshot": [{"do": "old_snapshot"}, {"do": "late", "s": 1.0}],
}
DEEDS: tuple[Words, ...] = (
    {"do": "silence", "stream": "market"},
    {"do": "silence", "stream": "account"},
    {"do": "half_open"},
    {"do": "shutdown_notice", "ms": 2_000},
    {"do": "expire_tokens"},
    {"do": "burst", "market": "BTC"},
    {"do": "leap", "market": "BTC", "bps": 6.0},
    {"do": "leap", "market": "ETH", "bps": -6.0},
    {"do": "end_ours", "market": "ETH"},
    {"do": "foreign_order", "market": "BTC"},
    {"do": "use_nonces", "count": 3},
    {"do": "settle_funding"},
)
"""What happens once in a while. Each drill takes them in an order of its own."""
STREAMS = ("market", "account", "every")


def shares(scale: float) -> list[Words]:
    """Return the steps that wait; `scale` below 1 makes them come sooner, for a short drill."""
    steps = []
    for table, every in ((OF_REQUESTS, REQUESTS), (OF_READS, READS), (OF_BOOKS, BOOKS)):
        for when, faults in table.items():
            period = max(len(faults) + 1, round(every * scale))
            if when == "snapshot":
                period = READS
            for k, fault in enumerate(faults):
                nth = 1 + (k + 1) * period // (len(faults) + 1)
                steps.append({"when": when, "nth": nth, "every": period, **fault})
    return steps


def deeds(rng: random.Random, kills: bool) -> list[Words]:
    """Return the deeds in an order of this drill's. Where processes are killed nobody else rests
    orders: a watchdog's cancel-all is of the whole account."""
    chosen = [deed for deed in DEEDS if not (kills and deed["do"] == "foreign_order")]
    return rng.sample(chosen, len(chosen))


def fill(rng: random.Random) -> Words:
    """Return a fill of what rests: whole or a part, in one piece or several."""
    market = rng.choice(("BTC", "ETH"))
    frac, pieces = rng.choice(((1.0, 1), (0.4, 1), (0.7, 5)))
    side = rng.choice(("buy", "sell"))
    return {"do": "fill_ours", "market": market, "side": side, "frac": frac, "pieces": pieces}


def names() -> set[str]:
    """Return every fault that a drill plays."""
    waiting = {str(step["do"]) for step in shares(1.0)}
    return waiting | {str(deed["do"]) for deed in DEEDS} | {"fill_ours", "close"}
