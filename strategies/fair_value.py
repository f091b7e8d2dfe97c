"""Say what the market is worth: mid, or a price inside the touch, and what signals add to it.

::

    fair = price + cap(beta_imbalance * imbalance) + cap(beta_flow * flow)      [bps of mid]

`price` is 0 for mid, the weighted mid's or the micro-price's offset otherwise. Each part is capped
by itself, their sum once more, and all are kept apart, so that a decision can say where it leaned.
A signal that is not ready adds nothing.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.signals import order_flow
from strategies.units import tick_bps

MID = 0
WEIGHTED = 1
MICRO = 2
"""Prices."""


@kernel
def value(desk: Desk) -> None:
    """Write the fair value of `quotes` and its parts, in bps from mid."""
    knobs = desk.params.reference
    quotes = desk.quotes
    quotes.fair_price_bps = 0.0 if knobs.price == MID else _price_bps(desk)
    imbalance = desk.signals.imbalance
    quotes.fair_imbalance_bps = capped(knobs.imbalance_bps * imbalance, knobs.imbalance_cap_bps)
    quotes.fair_flow_bps = 0.0
    flow = desk.senses.order_flow
    if knobs.flow_bps != 0.0 and order_flow.is_ready(flow):
        part = knobs.flow_bps * order_flow.score(flow)
        quotes.fair_flow_bps = capped(part, knobs.flow_cap_bps)
    whole = quotes.fair_price_bps + quotes.fair_imbalance_bps + quotes.fair_flow_bps
    quotes.fair_bps = capped(whole, knobs.most_bps)
    if quotes.fair_bps != whole:
        quotes.reasons[BUY] |= why.FAIR_CAPPED
        quotes.reasons[SELL] |= why.FAIR_CAPPED


@kernel
def capped(value: float, most: float) -> float:
    """Return the value within +-`most`; one that is no number is no opinion: 0."""
    if -most <= value <= most:
        return value
    if value > most:
        return most
    return -most if value < -most else 0.0


@kernel
def _price_bps(desk: Desk) -> float:
    """Return the offset of the price that the reference names; a micro-price needs its table."""
    micro = desk.senses.microprice
    if desk.params.reference.price == WEIGHTED:
        return micro.weighted_ticks * tick_bps(desk.signals)
    if not micro.fitted:
        desk.quotes.reasons[BUY] |= why.NO_MICROPRICE
        desk.quotes.reasons[SELL] |= why.NO_MICROPRICE
    return micro.offset_ticks * tick_bps(desk.signals)
