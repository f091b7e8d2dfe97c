"""List every reason of a whole position: the second word of reasons, of both sides at once.

The words of `strategies.reasons` are of one side of a market that quotes. These are of a whole
underlying: why a hedge is sent or not, in a market that hedges and in one that is hedged where it
stands still for it; and how near any position is to its liquidation. A person's
pause of a market is of both sides, too.
"""

from enum import IntFlag

INSIDE_BAND = 1 << 0
BEYOND_BAND = 1 << 1
UNKNOWN_EXPOSURE = 1 << 2
DUST = 1 << 3
AT_LIMIT = 1 << 4
OUTSTANDING = 1 << 5
RESTING = 1 << 6
TAKING = 1 << 7
FORCED = 1 << 8
RETRYING = 1 << 9
UNHEDGED = 1 << 10
LIQUIDATION_NEARS = 1 << 11
LIQUIDATION_NEAR = 1 << 12
LIQUIDATION_URGENT = 1 << 13
LIQUIDATION_UNKNOWN = 1 << 14
LIQUIDATION_PAUSE = 1 << 15
PAUSED = 1 << 16
SWEEPING = 1 << 17

HEDGE_REASONS = 18
"""Number of reasons."""


class HedgeReason(IntFlag):
    """A reason by name, with its sentence for a person."""

    INSIDE_BAND = INSIDE_BAND
    BEYOND_BAND = BEYOND_BAND
    UNKNOWN_EXPOSURE = UNKNOWN_EXPOSURE
    DUST = DUST
    AT_LIMIT = AT_LIMIT
    OUTSTANDING = OUTSTANDING
    RESTING = RESTING
    TAKING = TAKING
    FORCED = FORCED
    RETRYING = RETRYING
    UNHEDGED = UNHEDGED
    LIQUIDATION_NEARS = LIQUIDATION_NEARS
    LIQUIDATION_NEAR = LIQUIDATION_NEAR
    LIQUIDATION_URGENT = LIQUIDATION_URGENT
    LIQUIDATION_UNKNOWN = LIQUIDATION_UNKNOWN
    LIQUIDATION_PAUSE = LIQUIDATION_PAUSE
    PAUSED = PAUSED
    SWEEPING = SWEEPING

    def explain(self) -> str:
        """Return one sentence for a person."""
        return HEDGE_SENTENCES[self]


HEDGE_SENTENCES = {
    HedgeReason.INSIDE_BAND: "no hedge: the net exposure is inside its band",
    HedgeReason.BEYOND_BAND: "unhedged: the net exposure is beyond its band",
    HedgeReason.UNKNOWN_EXPOSURE: "no hedge: none is asked, or what is hedged is not proven",
    HedgeReason.DUST: "no hedge: what is beyond the band is under the smallest order",
    HedgeReason.AT_LIMIT: "no hedge: the hedge's own position is at its limit",
    HedgeReason.OUTSTANDING: "no new hedge: what is open or without an answer hedges this already",
    HedgeReason.RESTING: "hedging: an order is to rest at the touch",
    HedgeReason.TAKING: "hedging: an order takes, up to the slippage allowed",
    HedgeReason.FORCED: "hedging: an order takes, up to the slippage allowed after the latency",
    HedgeReason.RETRYING: "no new hedge: an order that takes has just left, and got nothing",
    HedgeReason.PAUSED: "held: a person has paused this market",
    HedgeReason.UNHEDGED: "held: more of the underlying is unhedged than its budget allows",
    HedgeReason.LIQUIDATION_NEARS: "warned: the position is nearing its liquidation price",
    HedgeReason.LIQUIDATION_NEAR: "only reducing: the position is near its liquidation price",
    HedgeReason.LIQUIDATION_URGENT: "taken down step by step: liquidation is very near",
    HedgeReason.LIQUIDATION_PAUSE: "only reducing: a position was just saved from liquidation",
    HedgeReason.LIQUIDATION_UNKNOWN: "only reducing: nobody knows the liquidation price",
    HedgeReason.SWEEPING: "the schedule asks that the band's inside be hedged too",
}


def hedge_names(mask: int) -> list[str]:
    """Return the names of the reasons in `mask`, lower case, in order of their bits."""
    return [reason.name.lower() for reason in HedgeReason if mask & reason and reason.name]
