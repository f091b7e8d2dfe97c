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
def send(hbt, asset, grid, number, side, ticks, tick_size, placed):
    """Send an order and write it down."""
    placed[number, rule.PLACED_SIDE] = side
    placed[number, rule.PLACED_TICKS] = ticks
    placed[number, rule.SENT_NS] = hbt.current_timestamp
    flags = hft.GTX if grid[rule.IS_POST_ONLY] else hft.GTC
    price, lots = ticks * tick_size, float(grid[rule.ORDER_LOTS])
    if side == 0:
        hbt.submit_buy_order(asset, number, price, lots, flags, hft.LIMIT, False)
    else:
        hbt.submit_sell_order(asset, number, price, lots, flags, hft.LIMIT, False)


@njit
def see(hbt, asset, step, cash):
    """Write down a step: the touch, zero where a side is empty, and the account."""
    depth = hbt.depth(asset)
    values = hbt.state_values(asset)
    bid, ask = depth.best_bid_tick, depth.best_ask_tick
    step[rule.NOW_NS] = hbt.current_timestamp
    step[rule.BID_TICKS] = bid if bid > 0 else 0
    step[rule.ASK_TICKS] = ask if 0 < ask < 1 << 40 else 0
    step[rule.POSITION_LOTS] = round(values.position)
    step[rule.FILLS] = values.num_trades
    cash[0] = values.balance
    cash[1] = values.fee


@njit
def drive(hbt, grid, tick_sizes, step_ns, steps, cash, placed, counts):
    """Fill each asset's tables of steps, cash and orders; return 0, or -1 - step on an error.

    `steps` and `cash` have a row a step, `placed` a row an order, from 1, and `counts` how many.
    The rule is asked with the position of all assets together.
    """
    assets = len(tick_sizes)
    number_at = np.zeros((assets, 2 * grid[rule.LEVELS]), np.int64)
    for k in range(steps.shape[1]):
        if hbt.elapse(step_ns) != 0:
            return -1 - k
        held = 0
        for asset in range(assets):
            see(hbt, asset, steps[asset, k], cash[asset, k])
            held += steps[asset, k, rule.POSITION_LOTS]
        for asset in range(assets):
            counts[asset] = decide(
                hbt,
                asset,
                grid,
                tick_sizes[asset],
                steps[asset, k],
                held,
                number_at[asset],
                placed[asset],
                counts[asset],
            )
    return 0


@njit
def decide(hbt, asset, grid, tick_size, step, held, number_at, placed, count):
    """Send what the rule asks for; return how many orders there have been."""
    levels = grid[rule.LEVELS]
    orders = hbt.orders(asset)
    bid, ask = step[rule.BID_TICKS], step[rule.ASK_TICKS]
    for place in range(2 * levels):
        side, level = place // levels, place % levels
        status, ticks = rule.FREE, 0
        if number_at[place] > 0:
            status, ticks = look(orders, number_at[place], tick_size, placed)
        wanted = wanted_ticks(grid, side, level, bid, ask, held)
        todo = action(grid, status, ticks, wanted)
        if todo == rule.CANCEL:
            hbt.cancel(asset, number_at[place], False)
            placed[number_at[place], rule.CANCEL_NS] = hbt.current_timestamp
        elif todo == rule.PLACE:
            count += 1
            number_at[place] = count
            send(hbt, asset, grid, count, side, wanted, tick_size, placed)
        elif status == rule.FREE:
            number_at[place] = 0
    hbt.clear_inactive_orders(asset)
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


def asset_of(case, k, events):
    """Return hftbacktest's asset for one stream of a case."""
    tick_size = float(case["tick_size"][k])
    asset = (
        hft.BacktestAsset()
        .data([events])
        .no_partial_fill_exchange()
        .trading_value_fee_model(float(case["maker_fee"]), float(case["taker_fee"]))
        .tick_size(tick_size)
        .lot_size(1.0)
        .last_trades_capacity(0)
    )
    low, high = case["roi_ticks"][k] * tick_size
    asset = asset.roi_lb(low).roi_ub(high)
    size = float(case["contract_size"][k])
    asset = asset.inverse_asset(size) if case["is_inverse"] else asset.linear_asset(size)
    if len(case["latencies"]):
        asset = asset.intp_order_latency(table_of(case["latencies"]))
    else:
        asset = asset.constant_order_latency(int(case["entry_ns"]), int(case["response_ns"]))
    return QUEUES[str(case["queue"])](asset, float(case["power_n"]))


def run(path: Path) -> None:
    """Run one case, and write what came of it and how long it took."""
    case = dict(np.load(path))
    events = [np.load(path.parent / str(name)) for name in case["events"]]
    assets = [asset_of(case, k, each) for k, each in enumerate(events)]
    steps = np.zeros((len(assets), int(case["steps"]), rule.STEP_COLUMNS), np.int64)
    cash = np.zeros((*steps.shape[:2], 2))
    most = steps.shape[1] * 2 * int(case["grid"][rule.LEVELS]) + 1
    placed = np.zeros((len(assets), most, rule.ORDER_COLUMNS), np.int64)
    counts = np.zeros(len(assets), np.int64)
    began = time.perf_counter()
    hbt = hft.ROIVectorMarketDepthBacktest(assets)
    tables = (steps, cash, placed, counts)
    ended = drive(hbt, case["grid"], case["tick_size"], int(case["step_ns"]), *tables)
    seconds = time.perf_counter() - began
    hbt.close()
    if ended < 0:
        raise SystemExit(f"{path.name}: hftbacktest ended at step {-1 - ended} of {steps.shape[1]}")
    for k, count in enumerate(counts):
        target = path.with_name(path.name.replace(".case.", f".{k}.theirs."))
        np.savez(
            target, steps=steps[k], cash=cash[k], placed=placed[k, : count + 1], seconds=seconds
        )


if __name__ == "__main__":
    for found in sorted(Path(sys.argv[1]).glob("*.case.npz")):
        run(found)
