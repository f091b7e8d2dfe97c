"""A signal that is no number never brings a quote nearer, makes it larger, or takes."""

import math
from decimal import Decimal
from functools import reduce

import pytest

from connectors.model.events import BUY, SELL
from connectors.model.kernel import dump, restore
from connectors.model.orders import LEVELS
from runner.settings import Gates
from runner.wiring.markets import market_of
from strategies.desk import Desk, Quotes
from strategies.holding import adopt
from strategies.quoting import decide
from tests.deploys import settings_for
from tests.strategies.deployments import remember
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, leaves, show

GATES = tuple(f"gates.{n}.enabled=true" for n in Gates.model_fields if n != "name")
READ = ("senses", "volatility", "holding")
LATER_NS = NOW_NS + 7200 * SECOND_NS


def watched(*words: str) -> Desk:
    """Return a desk with a position that has seen a market for an hour."""
    settings = settings_for("market=btc", *words)
    desk = market_of("btc", 0, settings, Decimal(100_000), NOW_NS).desk
    desk.orders.position_lots = desk.params.order_lots
    for k in range(120):
        show(desk, MID_TICKS - 1 + k % 3, MID_TICKS + 1 + k % 3, NOW_NS + k * 60 * SECOND_NS)
    adopt(desk.holding, desk.orders.position_lots, float(MID_TICKS), NOW_NS)
    remember(desk, 1.0, 1.0)
    return desk


@pytest.fixture(scope="module")
def pair() -> tuple[Desk, Desk]:
    """Return the same market without gates and with all."""
    return watched(), watched(*GATES)


def decided(desk: Desk, path: str, to: float) -> Quotes:
    """Decide with a float, or all of a column of them, set to this; leave the desk as it was."""
    kept = {part: dump(getattr(desk, part)) for part in (*READ, "gates", "quotes")}
    *owners, name = path.split(".")
    target = reduce(getattr, owners, desk)
    old = getattr(target, name)
    setattr(target, name, to if isinstance(old, float) else [to] * len(old))
    decide(desk, LATER_NS)
    quotes = Quotes()
    restore(quotes, dump(desk.quotes))
    for part, value in kept.items():
        restore(getattr(desk, part), value)
    return quotes


def floats(desk: Desk) -> list[str]:
    """Return the path of every float that signals keep."""
    found = []
    for part in READ:
        for path, value in leaves(getattr(desk, part), part):
            first = value[0] if isinstance(value, list | memoryview) else value
            if isinstance(first, float):
                found.append(path)
    return found


@pytest.mark.parametrize("to", [math.nan, math.inf, -math.inf], ids=str)
def test_no_signal_that_is_no_number_loosens_a_gate(pair: tuple[Desk, Desk], to: float) -> None:
    paths = floats(pair[0])
    assert len(paths) > 30
    for path in paths:
        free, gated = (decided(desk, path, to) for desk in pair)
        assert abs(gated.take_lots) <= pair[1].params.order_lots, path
        for side in (BUY, SELL):
            k, sign = side * LEVELS, 1 - 2 * side
            assert gated.lots[k] <= free.lots[k], path
            if gated.lots[k] > 0:
                assert sign * gated.ticks[k] <= sign * free.ticks[k], path
