"""Say how long a request or an answer takes: a constant or a recorded table, and the venue's load.

A table has what was recorded about requests: when each left, how long it took to the exchange, how
long its answer took back. Between two of them the latency is interpolated, at the time of leaving
one way and of answering the other; before the first and after the last it is theirs. The arithmetic
is that of hftbacktest's IntpOrderLatency (``backtest/models/latency.rs``).

Load is a queue with one server: each market row keeps it busy for `load_ns_per_row`, and whatever
comes waits until the work before it is done (Lindley 1952: ``W' = max(0, W + S - A)``), on either
way. So latency grows when the market moves, and only then.
"""

from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange


@kernel
def entry_latency_ns(x: Exchange, now_ns: int) -> int:
    """Return how long a request that leaves now takes; `now_ns` never falls."""
    table = x.latency
    base = x.entry_latency_ns
    if table.count > 0:
        while table.entry_row + 1 < table.count and table.sent_ns[table.entry_row + 1] <= now_ns:
            table.entry_row += 1
        k = table.entry_row
        base = table.entry_ns[k]
        if now_ns >= table.sent_ns[k] and k + 1 < table.count:
            base += _between(
                now_ns - table.sent_ns[k],
                table.sent_ns[k + 1] - table.sent_ns[k],
                table.entry_ns[k + 1] - table.entry_ns[k],
            )
    return base + backlog_ns(x, now_ns)


@kernel
def response_latency_ns(x: Exchange, venue_ns: int) -> int:
    """Return how long an answer that the exchange gives now takes; `venue_ns` never falls."""
    table = x.latency
    base = x.response_latency_ns
    if table.count > 0:
        while table.answer_row + 1 < table.count and _met_ns(x, table.answer_row + 1) <= venue_ns:
            table.answer_row += 1
        k = table.answer_row
        base = table.response_ns[k]
        met_ns = _met_ns(x, k)
        if venue_ns >= met_ns and k + 1 < table.count:
            base += _between(
                venue_ns - met_ns,
                _met_ns(x, k + 1) - met_ns,
                table.response_ns[k + 1] - table.response_ns[k],
            )
    return base + backlog_ns(x, venue_ns)


@kernel
def work(x: Exchange, venue_ns: int) -> None:
    """Keep the exchange busy with one market row."""
    x.backlog_ns = backlog_ns(x, venue_ns) + x.load_ns_per_row
    x.backlog_at_ns = max(x.backlog_at_ns, venue_ns)


@kernel
def backlog_ns(x: Exchange, now_ns: int) -> int:
    """Return for how long the exchange is still busy with what has come before now."""
    return max(0, x.backlog_ns - max(0, now_ns - x.backlog_at_ns))


@kernel
def _met_ns(x: Exchange, k: int) -> int:
    """Return when the request of a row met the exchange."""
    return x.latency.sent_ns[k] + x.latency.entry_ns[k]


@kernel
def _between(elapsed_ns: int, span_ns: int, rise_ns: int) -> int:
    """Return the part of a rise after `elapsed_ns` of a span, cut off towards zero."""
    return int(float(rise_ns) / float(span_ns) * float(elapsed_ns))
