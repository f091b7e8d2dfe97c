"""Inventory is measured from its target: flat for a perpetual, a share of the wallet for spot."""

import pytest

from connectors.model.events import BUY, SELL
from strategies.inventory import inventory_clips, room_lots, target_lots
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


@pytest.mark.parametrize(
    ("position", "rooms"), [(0, (100, 80)), (100, (0, 180)), (-90, (190, -10))]
)
def test_a_perpetual_has_room_up_to_its_limits(position: int, rooms: tuple[int, int]) -> None:
    desk = new_desk(max_position_lots=100, min_position_lots=-80)
    desk.orders.position_lots = position
    assert tuple(room_lots(desk.params, desk.orders, side, 10) for side in (BUY, SELL)) == rooms


@pytest.mark.parametrize(
    ("cash", "ticks", "buys"),
    [(999, 10, 60), (600, 10, 60), (599, 10, 59), (0, 10, 0), (50, 0, 50)],
)
def test_a_wallet_buys_no_more_than_it_can_pay_and_sells_what_it_holds(
    cash: int, ticks: int, buys: int
) -> None:
    desk = new_desk(is_spot=True, max_position_lots=100, min_position_lots=0)
    desk.orders.position_lots, desk.orders.cash_tick_lots = 40, cash
    assert room_lots(desk.params, desk.orders, BUY, ticks) == buys
    assert room_lots(desk.params, desk.orders, SELL, ticks) == 40
