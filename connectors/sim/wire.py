"""Carry requests to the exchange and reports back, each with its delay and in order."""

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import REPORTS, REPORTS_FULL, REQUESTS, REQUESTS_FULL, Exchange
from connectors.sim.latency import entry_latency_ns, response_latency_ns

FAR_NS = 1 << 62
"""A time that never comes."""
_REQUEST_MASK = REQUESTS - 1
_REPORT_MASK = REPORTS - 1


@kernel
def submit(
    x: Exchange,
    kind: int,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    flags: int,
    now_ns: int,
) -> bool:
    """Send a PLACE, CANCEL or AMEND; it arrives one entry latency later, and in order.

    Returns False, and leaves `overflow` set, when a ring is full or has been before: nothing was
    sent. Both latencies of the exchange may be changed between calls.
    """
    if x.overflow != 0:
        return False
    if x.request_tail - x.request_head >= REQUESTS:
        x.overflow = REQUESTS_FULL
        return False
    x.last_arrive_ns = max(x.last_arrive_ns, now_ns + entry_latency_ns(x, now_ns))
    k = x.request_tail & _REQUEST_MASK
    x.requests.kind[k] = kind
    x.requests.client_id[k] = client_id
    x.requests.side[k] = side
    x.requests.ticks[k] = ticks
    x.requests.lots[k] = lots
    x.requests.flags[k] = flags
    x.requests.arrive_ns[k] = x.last_arrive_ns
    x.request_tail += 1
    return True


@kernel
def next_request_ns(x: Exchange) -> int:
    """Return when the next request arrives at the exchange, or FAR_NS."""
    if x.request_head == x.request_tail:
        return FAR_NS
    return x.requests.arrive_ns[x.request_head & _REQUEST_MASK]


@kernel
def request_row(x: Exchange) -> int:
    """Take the head request off the ring and return its row in `requests`."""
    k = x.request_head & _REQUEST_MASK
    x.request_head += 1
    return k


@kernel
def report(
    x: Exchange,
    kind: int,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    code: int,
    trade_id: int,
    venue_ns: int,
) -> None:
    """Send an account row; it arrives one response latency later, never before an earlier one."""
    if x.report_tail - x.report_head >= REPORTS:
        x.overflow = REPORTS_FULL
        return
    x.last_recv_ns = max(x.last_recv_ns, venue_ns + response_latency_ns(x, venue_ns))
    k = x.report_tail & _REPORT_MASK
    x.reports.kind[k] = kind
    x.reports.client_id[k] = client_id
    x.reports.side[k] = side
    x.reports.ticks[k] = ticks
    x.reports.lots[k] = lots
    x.reports.code[k] = code
    x.reports.trade_id[k] = trade_id
    x.reports.venue_ns[k] = venue_ns
    x.reports.recv_ns[k] = x.last_recv_ns
    x.report_tail += 1


@kernel
def next_report_ns(x: Exchange) -> int:
    """Return when the next report reaches us, or FAR_NS."""
    if x.report_head == x.report_tail:
        return FAR_NS
    return x.reports.recv_ns[x.report_head & _REPORT_MASK]


@kernel
def report_row(x: Exchange) -> int:
    """Take the head report off the ring and return its row in `reports`.

    Only for a ring that `next_report_ns` says is not empty. The row stays readable until the ring
    has gone round.
    """
    k = x.report_head & _REPORT_MASK
    x.report_head += 1
    return k


def is_requested(x: Exchange, client_id: int) -> bool:
    """Tell whether a request for an order is on its way to the exchange."""
    waiting = range(x.request_head, x.request_tail)
    return any(x.requests.client_id[k & _REQUEST_MASK] == client_id for k in waiting)
