"""Say what the venue allows: of connections, messages, requests and orders."""

from dataclasses import dataclass

PER_S = {
    "/v5/order/create": 10,
    "/v5/order/amend": 10,
    "/v5/order/cancel": 10,
    "/v5/order/cancel-all": 10,
    "/v5/order/create-batch": 10,
    "/v5/order/amend-batch": 10,
    "/v5/order/cancel-batch": 10,
    "/v5/order/disconnected-cancel-all": 5,
    "/v5/account/fee-rate": 10,
    "/v5/position/set-leverage": 10,
}
USUAL_PER_S = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds by connection, address and account. Times are seconds."""

    requests: int = 600
    requests_s: float = 5.0
    ban_s: float = 600.0
    connections: int = 1_000
    connects: int = 500
    connects_s: float = 300.0
    args_characters: int = 21_000
    public_idle_s: float = 600.0
    private_idle_s: float = 600.0
    look_s: float = 5.0
    orders: int = 500
    batch: int = 20
    dcp_least_s: int = 3
    dcp_most_s: int = 300
    dcp_after_s: float = 0.0
    """How long a new setting takes to hold."""
    link_characters: int = 36
    recv_ahead_ms: int = 1_000
    order_factor: int = 1
    """How many times the usual an account may send."""
    has_rates: bool = True
    """Whether requests are counted at all."""


def per_second(path: str) -> int:
    """Return how often an account may ask a path in a second."""
    return PER_S.get(path, USUAL_PER_S)
