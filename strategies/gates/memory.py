"""Hold what gates remember between decisions. Only decisions write it."""

from typing import Annotated

from connectors.model.kernel import Ints, state


@state
class LossMemory:
    """Changes of the result from bucket to bucket, in half ticks times lots."""

    begun: bool
    killed: bool
    opening: float
    bucket_ns: int
    bucket_opening: float
    buckets: int
    total: float
    squares: float


@state
class LeavingMemory:
    """Reasons to leave that hold on until the position of `since_ns` is gone; the last take.

    After it both sides stay away, for these reasons, until `away_until_ns`.
    """

    held_for: int
    since_ns: int
    took_ns: int
    away_until_ns: int
    away_for: int


@state
class GateMemory:
    """Ends of pauses, and which side is over a threshold that releases lower."""

    fills_until_ns: Annotated[Ints, 2]
    flips_until_ns: int
    trending: bool
    heavy: Annotated[Ints, 2]
    fills_stage: Annotated[Ints, 2]
    bad_until_ns: Annotated[Ints, 2]
    markouts_seen: Annotated[Ints, 2]
    loss: LossMemory
    leaving: LeavingMemory
