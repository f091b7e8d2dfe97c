"""Say what the market is worth: mid, or a price inside the touch, and what signals add to it.

::

    fair = price + cap(beta_imbalance * imbalance) + cap(beta_flow * flow) + cap(lead)  [bps of mid]

`price` is 0 for mid, the weighted mid's or the micro-price's offset otherwise; `lead` is what mid
lacks to stand to a leading market as it usually does. Each part is capped by itself, their sum once
more, and all are kept apart, so that a decision can say where it leaned. A signal that is not ready
adds nothing.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.signals import lead, order_flow
from strategies.units import tick_bps

MID = 0
WEIGHTED = 1
MICRO = 2
"""Prices."""


@kernel
def value(desk: Desk, now_ns: int) -> None:
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
    quotes.fair_lead_bps = _lead_bps(desk, now_ns) if desk.params.senses.lead.on else 0.0
    parts = quotes.fair_imbalance_bps + quotes.fair_flow_bps + quotes.fair_lead_bps
    whole = quotes.fair_price_bps + parts
    quotes.fair_bps = capped(whole, knobs.most_bps)
    if quotes.fair_bps != whole:
        _tell(desk, why.FAIR_CAPPED)


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
        _tell(desk, why.NO_MICROPRICE)
    return micro.offset_ticks * tick_bps(desk.signals)


@kernel
def _lead_bps(desk: Desk, now_ns: int) -> float:
    """Return what the lead adds; without a fresh one and a basis, nothing, and the reason."""
    knobs = desk.params.senses.lead
    seen = desk.senses.lead
    if not lead.is_fresh(seen, knobs, now_ns):
        _tell(desk, why.LEAD_STALE)
        return 0.0
    if not lead.is_ready(seen):
        _tell(desk, why.LEAD_WARMING)
        return 0.0
    offset_bps = lead.offset_bps(seen)
    part = capped(offset_bps, desk.params.reference.lead_cap_bps)
    if part != offset_bps:
        _tell(desk, why.FAIR_CAPPED)
    return part


@kernel
def _tell(desk: Desk, reason: int) -> None:
    desk.quotes.reasons[BUY] |= reason
    desk.quotes.reasons[SELL] |= reason
