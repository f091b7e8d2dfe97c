"""Count what was decided, and for how long each reason held."""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies.desk import Quotes, Tally
from strategies.reasons import REASONS


@kernel
def account_reasons(tally: Tally, quotes: Quotes, now_ns: int) -> None:
    """Take the reasons that hold from now on; credit the former ones until now if they changed."""
    if quotes.reasons[BUY] == tally.masks[BUY] and quotes.reasons[SELL] == tally.masks[SELL]:
        return
    close_reasons(tally, now_ns)
    tally.masks[BUY] = quotes.reasons[BUY]
    tally.masks[SELL] = quotes.reasons[SELL]


@kernel
def close_reasons(tally: Tally, now_ns: int) -> None:
    """Credit the time since the last change to the reasons that held."""
    elapsed = now_ns - tally.since_ns
    if tally.since_ns > 0 and elapsed > 0:
        for side in range(2):
            bits = tally.masks[side]
            k = side * REASONS
            while bits > 0:
                if bits & 1:
                    tally.reason_ns[k] += elapsed
                bits >>= 1
                k += 1
    tally.since_ns = now_ns
