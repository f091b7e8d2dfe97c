"""Learn how far a venue's clock is from ours; a person is told where that is much."""

from connectors.ccxt.network import Network

MOST_SKEW_MS = 500


def told_clock(network: Network, venue_ns: int, asked_ns: int) -> None:
    """Take a venue's time, told between `asked_ns` and now."""
    middle_ns = (asked_ns + network.clock.now_ns()) // 2
    skew_ms = (venue_ns - middle_ns) // 1_000_000
    if abs(skew_ms) > MOST_SKEW_MS and abs(skew_ms - network.skew_ms) > MOST_SKEW_MS:
        network.say("", f"its clock is {skew_ms} ms ahead of ours: keep the time")
    network.skew_ms = skew_ms
