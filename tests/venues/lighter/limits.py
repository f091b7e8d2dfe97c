"""Say what the venue allows: of connections, messages, requests and orders."""

from dataclasses import dataclass

WEIGHTS = {
    "sendTx": 6,
    "sendTxBatch": 6,
    "nextNonce": 6,
    "accountInactiveOrders": 100,
    "apikeys": 150,
    "trades": 600,
    "recentTrades": 600,
    "changeAccountTier": 3_000,
}
USUAL_WEIGHT = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds by connection, address and account. Times are seconds."""

    messages_per_min: int = 200
    in_flight: int = 50
    subscriptions: int = 500
    connections: int = 255
    connects_per_min: int = 255
    subscribe_s: float = 0.002
    idle_s: float = 120.0
    look_s: float = 30.0
    life_s: float = 86_400.0
    orders: int = 1_500
    market_orders: int = 1_000
    pending: int = 500
    batch: int = 15
    cancel_all_least_s: float = 300.0
    cancel_all_most_s: float = 15 * 86_400.0
    expiry_least_s: float = 300.0
    expiry_most_s: float = 30 * 86_400.0
    client_index_bits: int = 48
    price_band_frac: float = 0.2
    batch_counts_each: bool = False
    """Whether each transaction of a batch is counted as a request is."""
    has_rates: bool = True
    """Whether requests are counted at all."""


def weight(operation: str) -> int:
    """Return what a request costs."""
    return WEIGHTS.get(operation, USUAL_WEIGHT)
