"""Make random scripts for the exchange: a narrow market, and every kind of order in it."""

import random

from connectors.model import events as ev
from connectors.model.orders import ID_STRIDE, SLOTS
from connectors.sim.exchange import IOC, POST_ONLY, REDUCE_ONLY
from tests.connectors.sim.exchange_drive import Op, amend, cancel, place

LOW = 95
HIGH = 105
FLAGS = (0, 0, POST_ONLY, POST_ONLY, POST_ONLY, POST_ONLY, IOC, REDUCE_ONLY, IOC | REDUCE_ONLY)


def random_script(seed: int, length: int) -> list[Op]:
    """Return a script that opens with a snapshot; stamps often coincide."""
    draw = random.Random(seed)
    script = snapshot(draw, 1)
    sent: list[int] = []
    now_ns = 1
    while len(script) < length:
        now_ns += draw.choice((0, 0, 0, 1, 2, 5))
        choice = draw.random()
        if choice < 0.45:
            script.append(random_level(draw, now_ns))
        elif choice < 0.65:
            kind = draw.choice((ev.TRADE_BUY, ev.TRADE_SELL))
            script.append(Op(kind, draw.randint(LOW, HIGH), draw.randint(0, 15), now_ns))
        elif choice < 0.84:
            script.append(random_order(draw, now_ns, sent))
        elif choice < 0.94:
            script.append(random_amend(draw, now_ns, sent))
        elif choice < 0.98:
            known = draw.choice(sent) if sent and draw.random() < 0.9 else 7
            script.append(cancel(known, now_ns))
        elif choice < 0.995:
            script.extend(snapshot(draw, now_ns))
        else:
            script.append(Op(ev.GAP, 0, 0, now_ns))
    return script


def random_level(draw: random.Random, now_ns: int) -> Op:
    """Return a depth row; now and then it crosses the market, as rows inside a message do."""
    kind = draw.choice((ev.BID, ev.ASK))
    middle = (LOW + HIGH) // 2 + draw.choice((-1, 0, 0, 0, 1))
    if kind == ev.BID:
        ticks = draw.randint(LOW, middle)
    else:
        ticks = draw.randint(middle, HIGH)
    return Op(kind, ticks, draw.choice((0, 0, 1, 3, 8, 20)), now_ns)


def random_order(draw: random.Random, now_ns: int, sent: list[int]) -> Op:
    """Return a new order, rarely under an id that was sent before."""
    slot = draw.randrange(8)
    client_id = (len(sent) + 1) * ID_STRIDE + slot
    if sent and draw.random() < 0.05:
        client_id = draw.choice(sent)
    sent.append(client_id)
    return place(
        client_id,
        draw.randrange(2),
        draw.randint(LOW, HIGH),
        draw.randint(0, 12),
        now_ns,
        draw.choice(FLAGS),
    )


def random_amend(draw: random.Random, now_ns: int, sent: list[int]) -> Op:
    """Return new terms for a recent order, often at a price where it may be."""
    known = draw.choice(sent[-8:]) if sent and draw.random() < 0.9 else 7
    return amend(known, draw.randrange(2), draw.randint(LOW, HIGH), draw.randint(0, 16), now_ns)


def snapshot(draw: random.Random, now_ns: int) -> list[Op]:
    """Return the rows that clear the book and show it again."""
    rows = [Op(ev.CLEAR_BIDS, 0, 0, now_ns), Op(ev.CLEAR_ASKS, 0, 0, now_ns)]
    middle = (LOW + HIGH) // 2
    for distance in range(5):
        if draw.random() < 0.8:
            rows.append(Op(ev.BID, middle - distance, draw.randint(1, 20), now_ns))
        if draw.random() < 0.8:
            rows.append(Op(ev.ASK, middle + 1 + distance, draw.randint(1, 20), now_ns))
    return rows


assert SLOTS >= 8
