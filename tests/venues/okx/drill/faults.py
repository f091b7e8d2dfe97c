"""Say what goes wrong in a drill at the stand-in of OKX."""

from tests.venues.common.drill.faults import Faults, Table, Words

BTC, ETH = "BTC-USDT-SWAP", "ETH-USDT-SWAP"
OF_REQUESTS: Table = {
    "place": [
        {"do": "drop_request"},
        {"do": "drop_response"},
        {"do": "delay", "s": 0.5},
        {"do": "http", "is_processed": True},
        {"do": "server_error"},
        {"do": "refuse", "code": 51008},
        {"do": "too_many"},
        {"do": "reset"},
        {"do": "fill_at_once", "frac": 0.4},
    ],
    "execute.create": [
        {"do": "vanish"},
        {"do": "refuse_later", "why": "EC_PostOnlyWillTakeLiquidity"},
        {"do": "hold", "s": 3.0},
    ],
    "modify": [
        {"do": "drop_request"},
        {"do": "drop_response"},
        {"do": "delay", "s": 0.5},
        {"do": "refuse", "code": 51008},
    ],
    "execute.amend": [{"do": "fill_during_modify", "frac": 0.5}, {"do": "vanish"}],
    "cancel": [
        {"do": "drop_request"},
        {"do": "drop_response"},
        {"do": "delay", "s": 0.5},
        {"do": "server_error"},
    ],
    "execute.cancel": [{"do": "fill_during_cancel"}, {"do": "cancel_then_fill", "s": 1.0}],
    "filled": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
    "accepted": [
        {"do": "drop"},
        {"do": "duplicate"},
        {"do": "late", "s": 2.0},
        {"do": "say_state"},
    ],
    "cancelled": [{"do": "drop"}, {"do": "late", "s": 2.0}],
    "position": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
    "wallet": [{"do": "drop"}, {"do": "duplicate"}, {"do": "late", "s": 2.0}],
}
OF_READS: Table = {
    "orders": [{"do": "http", "status": 503}, {"do": "subset"}],
    "positions": [{"do": "drop_response"}, {"do": "http"}],
    "trades": [{"do": "http", "status": 503}, {"do": "slow_body"}, {"do": "subset"}],
    "order": [{"do": "not_found"}, {"do": "http", "status": 503}],
}
OF_BOOKS: Table = {
    "update": [
        {"do": "drop"},
        {"do": "duplicate"},
        {"do": "late", "s": 0.5},
        {"do": "garbage"},
    ],
    "snapshot": [{"do": "late", "s": 0.5}],
}
DEEDS: tuple[Words, ...] = (
    {"do": "silence", "stream": "market"},
    {"do": "silence", "stream": "account"},
    {"do": "half_open", "stream": "market"},
    {"do": "half_open", "stream": "account"},
    {"do": "reject_auth", "s": 5.0},
    {"do": "restart_books"},
    {"do": "maintenance", "s": 1.0},
    {"do": "burst", "market": BTC},
    {"do": "leap", "market": BTC, "bps": 6.0},
    {"do": "leap", "market": ETH, "bps": -6.0},
    {"do": "shift_mark", "market": BTC, "bps": 50.0},
    {"do": "end_ours", "market": ETH},
    {"do": "foreign_order", "market": BTC},
    {"do": "settle_funding", "market": ETH},
)
FAULTS = Faults(
    requests=OF_REQUESTS,
    reads=OF_READS,
    books=OF_BOOKS,
    deeds=DEEDS,
    streams=("market", "account", "every"),
    markets=(BTC, ETH),
)
