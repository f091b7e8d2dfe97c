"""Inventory is measured from its target: flat for a perpetual, a share of the wallet for spot."""

import pytest

from strategies.inventory import inventory_clips, target_lots
from tests.support import new_desk


@pytest.mark.parametrize("position", [-37, 0, 50])
def test_a_perpetual_leans_towards_flat(position: int) -> None:
    desk = new_desk(order_lots=10)
    desk.orders.position_lots = position
    desk.orders.cash_tick_lots = 10**12
    assert target_lots(desk.params, desk.orders, 1_000_000.0) == 0.0
    assert inventory_clips(desk.params, desk.orders, 0.0) == position / 10


@pytest.mark.parametrize(
    ("frac", "position", "cash", "target"),
    [(0.5, 1000, 500 * 10**6, 750.0), (0.5, 0, 1000 * 10**6, 500.0), (1.0, 3, 0, 3.0)],
)
def test_a_wallet_leans_towards_its_share_in_base(
    frac: float, position: int, cash: int, target: float
) -> None:
    desk = new_desk(target_base_frac=frac, order_lots=1)
    desk.orders.position_lots, desk.orders.cash_tick_lots = position, cash
    found = target_lots(desk.params, desk.orders, 1_000_000.0)
    assert found == target
    assert inventory_clips(desk.params, desk.orders, found) == position - target
