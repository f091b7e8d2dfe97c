"""Take one account row: remember a fill, count a refusal, move the working orders."""

from connectors.model.events import FILLED, LIQUIDATION, MAKER, REJECTED
from connectors.model.kernel import kernel
from connectors.model.orders import apply
from runner.engine.logs import FillLog, log_fill
from strategies.desk import Desk
from strategies.holding import take_fill
from strategies.senses import observe_fill
from strategies.trades import count_fill, count_taken


@kernel
def take_account_row(
    desk: Desk,
    fills: FillLog,
    kind: int,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    code: int,
    trade_id: int,
    venue_ns: int,
    now_ns: int,
) -> None:
    """Apply one row of the account at the batch's stamp `now_ns`."""
    if kind == FILLED:
        log_fill(fills, desk, client_id, side, ticks, lots, code, trade_id, venue_ns, now_ns)
        count_fill(desk.trades, side, ticks, lots, now_ns)
        take_fill(desk.holding, side, ticks, lots, now_ns)
        if code == LIQUIDATION:
            desk.trades.liquidated += 1
        if code != MAKER:
            count_taken(desk.trades, ticks, lots)
        else:
            observe_fill(desk.senses, desk.params.senses, side, ticks, now_ns)
    elif kind == REJECTED:
        desk.tally.rejected += 1
    apply(desk.orders, kind, client_id, side, ticks, lots, code, now_ns)
