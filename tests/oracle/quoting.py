"""Quote by the oracle's rule on our side: take answers, book fills, send orders."""

from typing import Any

from connectors.model.book import Book
from connectors.model.events import (
    ACCEPTED,
    CANCEL,
    CANCEL_REJECTED,
    CANCELLED,
    FILLED,
    MAKER,
    PLACE,
    POST_ONLY,
    IntColumn,
)
from connectors.model.orders import ID_STRIDE, LEVELS, SLOTS
from connectors.sim.exchange import Exchange, submit
from strategies.desk import Desk
from tests.oracle import rule
from tests.oracle.rule import action, wanted_ticks

Table = Any
"""Two-dimensional array of integers or floats."""


def see(desk: Desk, book: Book, account: Table, now_ns: int, step: Table, cash: Table) -> None:
    """Write down a step: the touch, zero where a side is empty, and the account."""
    step[rule.NOW_NS] = now_ns
    step[rule.BID_TICKS] = book.best_bid_ticks if book.bid_levels > 0 else 0
    step[rule.ASK_TICKS] = book.best_ask_ticks if book.ask_levels > 0 else 0
    step[rule.POSITION_LOTS] = desk.orders.position_lots
    step[rule.FILLS] = int(account[2])
    cash[0] = account[0]
    cash[1] = account[1]


def take_report(
    exchange: Exchange, r: int, money: Table, account: Table, status: Table, placed: Table
) -> None:
    """Take one answer of the exchange: what is known of the order's place, and how it ended."""
    x = exchange.reports
    kind = x.kind[r]
    slot = x.client_id[r] % SLOTS
    number = x.client_id[r] // ID_STRIDE
    if kind == ACCEPTED:
        status[slot, 0] = rule.WORKING
    elif kind != CANCEL_REJECTED:
        status[slot, 0] = rule.FREE
        placed[number, rule.END_NS] = x.venue_ns[r]
        placed[number, rule.END] = rule.CANCELLED if kind == CANCELLED else rule.REFUSED
        if kind == FILLED:
            placed[number, rule.END] = rule.FILLED
            placed[number, rule.EXEC_TICKS] = x.ticks[r]
            placed[number, rule.IS_MAKER] = x.code[r] == MAKER
            settle(money, account, x.side[r], x.ticks[r], x.lots[r], x.code[r] == MAKER)


def settle(money: Table, account: Table, side: int, ticks: int, lots: int, is_maker: bool) -> None:
    """Book a fill into cash, fees and the count, in the order of hftbacktest's own arithmetic."""
    price = ticks * money[0]
    amount = money[1] * lots / price if money[4] > 0.0 else money[1] * price * lots
    account[0] -= amount * (1.0 - 2.0 * side)
    account[1] += (money[2] if is_maker else money[3]) * amount
    account[2] += 1.0


def decide(
    exchange: Exchange,
    grid: IntColumn,
    step: IntColumn,
    position: int,
    status: Table,
    placed: Table,
    count: int,
) -> int:
    """Send what the rule asks for; return how many orders there have been."""
    levels = grid[rule.LEVELS]
    bid, ask = step[rule.BID_TICKS], step[rule.ASK_TICKS]
    for place in range(2 * levels):
        side = place // levels
        slot = 2 * (side * LEVELS + place % levels)
        wanted = wanted_ticks(grid, side, place % levels, bid, ask, position)
        todo = action(grid, status[slot, 0], status[slot, 1], wanted)
        if todo == rule.CANCEL:
            number = status[slot, 2]
            status[slot, 0] = rule.PENDING
            placed[number, rule.CANCEL_NS] = step[rule.NOW_NS]
            client_id = number * ID_STRIDE + slot
            submit(exchange, CANCEL, client_id, side, 0, 0, 0, step[rule.NOW_NS])
        elif todo == rule.PLACE:
            count += 1
            send(exchange, grid, side, slot, wanted, count, step[rule.NOW_NS], status, placed)
    return count


def send(
    exchange: Exchange,
    grid: IntColumn,
    side: int,
    slot: int,
    ticks: int,
    number: int,
    now_ns: int,
    status: Table,
    placed: Table,
) -> None:
    """Send an order and write it down."""
    status[slot, 0] = rule.PENDING
    status[slot, 1] = ticks
    status[slot, 2] = number
    placed[number, rule.PLACED_SIDE] = side
    placed[number, rule.PLACED_TICKS] = ticks
    placed[number, rule.SENT_NS] = now_ns
    flags = POST_ONLY if grid[rule.IS_POST_ONLY] > 0 else 0
    lots = grid[rule.ORDER_LOTS]
    submit(exchange, PLACE, number * ID_STRIDE + slot, side, ticks, lots, flags, now_ns)
