"""Every reason a funding position is opened, kept out of, left or made smaller; its sentence."""

from enum import Enum


class Why(Enum):
    """A reason; its value is the sentence for a person."""

    RATE_UNKNOWN = "a leg's rate is not known for this period"
    HISTORY_SHORT = "too few rates have been seen to forecast"
    RATE_LOW = "the rate per hour is below its minimum"
    GAIN_UNSURE = "the forecast net gain is not above its own error by the required deviations"
    APR_LOW = "the forecast yearly rate after all costs is below its minimum"
    BREAK_EVEN_LATE = "funding would take too long to pay for the four trades"
    WRONG_WAY = "the leg to sell cannot be sold short"
    BASIS_UNKNOWN = "a price is not known, so the basis is not"
    BASIS_WIDE = "the legs' prices are too far apart"
    MARGIN_UNKNOWN = "the margin of a leg is not known"
    MARGIN_THIN = "a leg is too near to its liquidation"
    COOLING_DOWN = "the last position was left too recently"
    NOT_FRESH = "the opportunity of the last position has not gone since it was left"
    OPPORTUNITY = "the forecast net gain is worth its risk"
    CARRYING = "the position earns its keep"
    DECAYED = "the rate that is left to expect is below what keeps a position"
    FLIPPED = "the rate has turned against the position for long enough"
    HELD_LONG = "the position has been held for the longest time allowed"
    LEG_AWAY = "a leg cannot be traded now"
    SIZE_SMALL = "what both legs bear is less than the smallest order"
    LEG_FAILED = "a leg could not follow, and the position has been unwound"
    HISTORY_ENDS = "the history ends"
