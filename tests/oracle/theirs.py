"""Run every case of a folder in hftbacktest; started by the oracle's own environment.

Stands alone but for `rule.py` beside it: `python theirs.py FOLDER` reads each ``*.case.npz`` and
writes ``*.theirs.npz``. Sizes are whole lots in a contract of one lot's size, so that every queue
is counted in exact floats.
"""

import sys
import time
from pathlib import Path

import hftbacktest as hft
import numpy as np
import rule
from numba import njit

wanted_ticks = njit(rule.wanted_ticks)
action = njit(rule.action)


@njit
def look(orders, number, tick_size, placed):
    """Return what is known of an order and its price in ticks; write down how it ended."""
    order = orders.get(number)
    ended = 0
    if order.status == hft.FILLED:
        ended = rule.FILLED
        placed[number, rule.EXEC_TICKS] = round(order.exec_price / tick_size)
        placed[number, rule.IS_MAKER] = order.arr[0].maker
    elif order.status == hft.CANCELED:
        ended = rule.CANCELLED
    elif order.status == hft.EXPIRED:
        ended = rule.REFUSED
    if ended > 0:
        placed[number, rule.END] = ended
        placed[number, rule.END_NS] = order.exch_timestamp
        return rule.FREE, 0
    ticks = round(order.price / tick_size)
    return (rule.WORKING if order.cancellable else rule.PENDING), ticks


@njit
def send(hbt, grid, number, side, ticks, tick_size, placed):
    """Send an order and write it down."""
    placed[number, rule.PLACED_SIDE] = side
    placed[number, rule.PLACED_TICKS] = ticks
    placed[number, rule.SENT_NS] = hbt.current_timestamp
    flags = hft.GTX if grid[rule.IS_POST_ONLY] else hft.GTC
    price, lots = ticks * tick_size, float(grid[rule.ORDER_LOTS])
    if side == 0:
        hbt.submit_buy_order(0, number, price, lots, flags, hft.LIMIT, False)
    else:
        hbt.submit_sell_order(0, number, price, lots, flags, hft.LIMIT, False)


@njit
def see(hbt, step, cash):
    """Write down a step: the touch, zero where a side is empty, and the account."""
    depth = hbt.depth(0)
    values = hbt.state_values(0)
    bid, ask = depth.best_bid_tick, depth.best_ask_tick
    step[rule.NOW_NS] = hbt.current_timestamp
    step[rule.BID_TICKS] = bid if bid > 0 else 0
    step[rule.ASK_TICKS] = ask if 0 < ask < 1 << 40 else 0
    step[rule.POSITION_LOTS] = round(values.position)
    step[rule.FILLS] = values.num_trades
    cash[0] = values.balance
    cash[1] = values.fee


@njit
def drive(hbt, grid, tick_size, step_ns, steps, cash, placed):
    """Fill the tables of steps, cash and orders; return how many orders, or -1 - step on an error.

    `steps` and `cash` have a row a step, `placed` a row an order, from 1.
    """
    levels = grid[rule.LEVELS]
    number_at = np.zeros(2 * levels, np.int64)
    count = 0
    for k in range(len(steps)):
        if hbt.elapse(step_ns) != 0:
            return -1 - k
        see(hbt, steps[k], cash[k])
        orders = hbt.orders(0)
        bid, ask = steps[k, rule.BID_TICKS], steps[k, rule.ASK_TICKS]
        for place in range(2 * levels):
            side, level = place // levels, place % levels
            status, ticks = rule.FREE, 0
            if number_at[place] > 0:
                status, ticks = look(orders, number_at[place], tick_size, placed)
            wanted = wanted_ticks(grid, side, level, bid, ask, steps[k, rule.POSITION_LOTS])
            todo = action(grid, status, ticks, wanted)
            if todo == rule.CANCEL:
                hbt.cancel(0, number_at[place], False)
                placed[number_at[place], rule.CANCEL_NS] = hbt.current_timestamp
            elif todo == rule.PLACE:
                count += 1
                number_at[place] = count
                send(hbt, grid, count, side, wanted, tick_size, placed)
            elif status == rule.FREE:
                number_at[place] = 0
        hbt.clear_inactive_orders(0)
    return count


QUEUES = {
    "risk_averse": lambda asset, n: asset.risk_adverse_queue_model(),
    "power": lambda asset, n: asset.power_prob_queue_model(n),
    "power_2": lambda asset, n: asset.power_prob_queue_model2(n),
    "power_3": lambda asset, n: asset.power_prob_queue_model3(n),
    "log": lambda asset, n: asset.log_prob_queue_model(),
    "log_2": lambda asset, n: asset.log_prob_queue_model2(),
}


LATENCY = np.dtype([("req_ts", "i8"), ("exch_ts", "i8"), ("resp_ts", "i8"), ("_padding", "i8")])
KEPT = []
"""Tables that hftbacktest has been given by their address."""


def table_of(latencies):
    """Return a table of (sent, entry, response) in hftbacktest's form: three stamps."""
    table = np.zeros(len(latencies), LATENCY)
    for k, name in enumerate(LATENCY.names[:3]):
        table[name] = latencies[:, : k + 1].sum(axis=1)
    KEPT.append(table)
    return table


def asset_of(case, events):
    """Return hftbacktest's asset for a case."""
    asset = (
        hft.BacktestAsset()
        .data([events])
        .no_partial_fill_exchange()
        .trading_value_fee_model(float(case["maker_fee"]), float(case["taker_fee"]))
        .tick_size(float(case["tick_size"]))
        .lot_size(1.0)
        .last_trades_capacity(0)
    )
    low, high = case["roi_ticks"] * float(case["tick_size"])
    asset = asset.roi_lb(low).roi_ub(high)
    size = float(case["contract_size"])
    asset = asset.inverse_asset(size) if case["is_inverse"] else asset.linear_asset(size)
    if len(case["latencies"]):
        asset = asset.intp_order_latency(table_of(case["latencies"]))
    else:
        asset = asset.constant_order_latency(int(case["entry_ns"]), int(case["response_ns"]))
    return QUEUES[str(case["queue"])](asset, float(case["power_n"]))


def run(path: Path) -> None:
    """Run one case, and write what came of it and how long it took."""
    case = dict(np.load(path))
    events = np.load(path.parent / str(case["events"]))
    asset = asset_of(case, events)
    steps = np.zeros((int(case["steps"]), rule.STEP_COLUMNS), np.int64)
    cash = np.zeros((len(steps), 2))
    placed = np.zeros((len(steps) * 2 * int(case["grid"][rule.LEVELS]) + 1, 8), np.int64)
    began = time.perf_counter()
    hbt = hft.ROIVectorMarketDepthBacktest([asset])
    grid, tick_size = case["grid"], float(case["tick_size"])
    count = drive(hbt, grid, tick_size, int(case["step_ns"]), steps, cash, placed)
    seconds = time.perf_counter() - began
    hbt.close()
    if count < 0:
        raise SystemExit(f"{path.name}: hftbacktest ended at step {-1 - count} of {len(steps)}")
    target = path.with_name(path.name.replace(".case.", ".theirs."))
    np.savez(target, steps=steps, cash=cash, placed=placed[: count + 1], seconds=seconds)


if __name__ == "__main__":
    for found in sorted(Path(sys.argv[1]).glob("*.case.npz")):
        run(found)
