"""Count what a venue counts, in place of ccxt's queue: each sort of request in its own windows."""

from dataclasses import dataclass

from connectors.pacing import Pacer, Rule, Scope

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Caps:
    """What the venue allows an account, a second; `requests_per_5s` is of an address, of all."""

    requests_per_5s: int
    places_per_s: int
    cancels_per_s: int
    amends_per_s: int
    reads_per_s: int
    connections_per_min: int
    look_weight: int | None = None
    """Where a venue weighs reads: what a look weighs. Reads a second are weight a second then,
    counted over a minute and apart from requests; some of it is left for what became of orders."""


LOOK = 4
"""Reads of one look: position, open orders, trades, and one order's fate."""


class Budgets:
    """The pacers of one venue, and the scopes that a start takes up."""

    def __init__(self, caps: Caps) -> None:
        self.look_ns = (caps.look_weight or LOOK) * SECOND_NS // caps.reads_per_s
        requests = Scope(
            "requests",
            (
                Rule(
                    caps.requests_per_5s,
                    5 * SECOND_NS,
                    caps.requests_per_5s // 4,
                    caps.requests_per_5s // 20,
                ),
            ),
        )
        places = Scope("places", (Rule(caps.places_per_s, SECOND_NS, 0),))
        cancels = Scope("cancels", (Rule(caps.cancels_per_s, SECOND_NS, 0),))
        amends = Scope("amends", (Rule(caps.amends_per_s, SECOND_NS, 0),))
        weighs = caps.look_weight is not None
        span_s = 60 if weighs else 1
        most = span_s * caps.reads_per_s
        step = most // 20 if weighs else 0
        reads = Scope("reads", (Rule(most, span_s * SECOND_NS, 0, step),))
        doors = Scope("connections", (Rule(caps.connections_per_min, 60 * SECOND_NS, 0),))
        self.places = Pacer(places, requests)
        self.cancels = Pacer(cancels, requests)
        self.amends = Pacer(amends, requests)
        self.reads = Pacer(reads) if weighs else Pacer(reads, requests)
        self.doors = Pacer(doors)
        self.scopes = (requests, places, cancels, amends, reads, doors)
