"""Pause a side that is filled too often: somebody is working through it."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull
from strategies.trades import SIDE_FILLS


@kernel
def look(desk: Desk, side: int, now_ns: int) -> None:
    """Pull the side until a pause after the last decision whose window was full of fills."""
    knobs = desk.params.gates.side_fills
    until_ns = desk.gates.fills_until_ns
    count = desk.trades.side_count[side]
    if count >= knobs.most and 0 < knobs.most <= SIDE_FILLS:
        k = side * SIDE_FILLS + (count - knobs.most) % SIDE_FILLS
        if now_ns - desk.trades.side_fill_ns[k] < knobs.window_ns:
            until_ns[side] = now_ns + knobs.pause_ns
    if now_ns < until_ns[side]:
        pull(desk.quotes, side, why.SIDE_FILLS)
