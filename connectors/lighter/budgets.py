"""Count what Lighter counts: connections, messages, reads and transactions."""

from dataclasses import dataclass

from connectors.pacing import Kind, Pacer, Rule, Scope

MINUTE_NS = 60_000_000_000

READ = 300
"""Weight of a read that is not listed."""
TRADES_READ = 600
INACTIVE_READ = 100


@dataclass(frozen=True, slots=True)
class Caps:
    """What the venue allows an address and an account, a minute; they have changed over time.

    Reads are counted by weight where `reads_have_weight`, as the premium tiers are, else one each.
    """

    connections: int
    messages: int
    messages_in_flight: int
    reads: int
    reads_have_weight: bool
    subscriptions: int
    """Of one connection."""
    sends: int = 60
    """Transactions of the account, by its tier; cancels count too."""


LOOK = (READ, READ, TRADES_READ)
"""Weights of what one look at an account reads, however many markets it has."""

KEPT = 20
"""A twentieth of all reads is kept for the countdown, and as much again for a deploy's end."""


class Budgets:
    """The pacers of one venue, and the scopes that a start takes up.

    `look_ns` is the least time between two looks if nothing else were read.
    """

    def __init__(self, caps: Caps) -> None:
        # The countdown's proofs have a part of their own, and the end of a deploy another one.
        reading = Rule(
            caps.reads,
            MINUTE_NS,
            caps.reads // KEPT,
            step=caps.reads // (2 * KEPT),
            by_request=not caps.reads_have_weight,
        )
        cost = sum(LOOK) if caps.reads_have_weight else len(LOOK)
        self.look_ns = cost * MINUTE_NS // reading.ceiling(Kind.READ)
        doors = Scope("connections", (Rule(caps.connections, MINUTE_NS, 0),))
        # Pings go before subscriptions, which leave them a seventh.
        messages = Scope(
            "messages",
            (Rule(caps.messages, MINUTE_NS, 0, step=caps.messages // 20),),
            caps.messages_in_flight,
        )
        reads = Scope("reads", (reading,))
        # A third is for cancels alone: each order that is placed has to be cancelled too.
        sends = Scope("transactions", (Rule(caps.sends, MINUTE_NS, caps.sends // 3),))
        self.doors = Pacer(doors)
        self.messages = Pacer(messages)
        self.reads = Pacer(reads)
        self.sends = Pacer(sends)
        self.scopes = (doors, messages, reads, sends)
