"""Follow what was held: for how long at a time, and which round trips won."""

from connectors.model.events import BUY
from runner.results import FillColumns, MarketResult, whole


def stretches_s(market: MarketResult, side: int) -> list[float]:
    """Return the lengths of all inventories that buys (long) or sells (short) opened, in seconds.

    One begins with the fill that leaves zero or changes sign, and ends with the next such fill or
    with the run. An opening position begins with the run.
    """
    sign = 1 if side == BUY else -1
    position, since = market.opening_position_lots, market.first_ns
    lengths: list[float] = []
    for stamp, bought, lots in _moves(market.fills):
        after = position + lots if bought else position - lots
        if _sign(after) != _sign(position):
            if _sign(position) == sign:
                lengths.append(max(stamp - since, 0) / 1e9)
            since = stamp
        position = after
    if _sign(position) == sign:
        lengths.append(max(market.last_ns - since, 0) / 1e9)
    return lengths


def age_quantile_s(lengths: list[float], frac: float) -> float | None:
    """Return the age that an inventory has not passed for a share `frac` of all time held.

    While an inventory is held, its age grows from 0 to its length: of the time T(a) = sum min(L, a)
    that any is younger than a, this solves T(a) = frac T(inf). None where nothing was held.
    """
    left = frac * sum(lengths)
    if left <= 0.0:
        return None
    age, count = 0.0, len(lengths)
    for length in sorted(lengths):
        step = (length - age) * count
        if step >= left:
            break
        left -= step
        age = length
        count -= 1
    return age + left / max(count, 1)


def trips(fills: FillColumns) -> tuple[int, int]:
    """Return how many round trips won and lost before fees.

    One begins and ends at the position of the run's start, so that a spot wallet has some too; a
    fill that passes it ends one trip and begins the next at its price.
    """
    won = lost = position = cash = 0
    for bought, ticks, lots in zip(
        (side == BUY for side in whole(fills.side)),
        whole(fills.ticks),
        whole(fills.lots),
        strict=True,
    ):
        signed = lots if bought else -lots
        after = position + signed
        if position and _sign(after) != _sign(position):
            result = cash + position * ticks
            won, lost = won + (result > 0), lost + (result < 0)
            cash = -after * ticks
        else:
            cash -= signed * ticks
        position = after
    return won, lost


def _moves(fills: FillColumns) -> "zip[tuple[int, bool, int]]":
    bought = [side == BUY for side in whole(fills.side)]
    return zip(whole(fills.recv_ns), bought, whole(fills.lots), strict=True)


def _sign(position: int) -> int:
    return (position > 0) - (position < 0)
