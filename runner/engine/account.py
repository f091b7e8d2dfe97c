"""Hold the markets of a merged replay inside the limits of the account, as live does.

The same rules as `runner.engine.portfolio`, over the desks themselves. Money is in whole units that
divide what a half tick times a lot is worth in any market; beyond `MOST` it is not counted further.
An order that is withheld keeps its slot until its market's next batch, where its refusal is first.
"""

from collections.abc import Sequence
from typing import Annotated

from connectors.model.errors import Refusal
from connectors.model.events import AMEND, AMEND_REJECTED, BUY, CANCEL, PLACE, REJECTED, SELL
from connectors.model.kernel import Ints, kernel, state
from connectors.model.orders import FREE, SLOTS, Commands
from runner.engine.brakes import Brakes
from runner.engine.intake import take_account_row
from runner.engine.logs import FillLog
from runner.engine.peg import is_off_peg
from runner.engine.pools import KINDS
from runner.engine.watchdog import WATCH_NS
from strategies.desk import Desk
from strategies.hedge_state import HedgeGroup, Part
from strategies.hedging import closes
from strategies.routing.offer import Offer
from strategies.trades import DAY_NS

MOST = 1 << 61
"""The largest amount that is told from larger ones."""
WITHHELD = -1
"""What a command is marked with that a limit of the account refused."""
ACCOUNT_LIMIT = int(Refusal.ACCOUNT_LIMIT)

POOLS = len(KINDS)

LOSS = 1
DRAWDOWN = 2
"""Which limit has stopped all markets (0: none)."""
STOPS = {LOSS: "max_daily_loss_quote", DRAWDOWN: "max_drawdown_quote"}


@state
class Account:
    """Limits over all markets (0: off), then the UTC day's best result and what stopped them all.

    The arrays have a limit for each kind of pool; those of `most_` are one market's part.
    `look_ns` is when the result is looked at next. `turn` is the market whose decision is due,
    `holder`, counted from one, whose exchange has the shared wallet.
    """

    is_on: bool
    max_gross: Annotated[Ints, POOLS]
    max_net: Annotated[Ints, POOLS]
    max_capital: Annotated[Ints, POOLS]
    most_gross: Annotated[Ints, POOLS]
    most_capital: Annotated[Ints, POOLS]
    max_open_orders: int
    max_mark_age_ns: int
    max_daily_loss: int
    max_drawdown: int

    look_ns: int
    day: int
    peak: int
    stopped_by: int
    stopped_ns: int
    turn: int
    holder: int


@state
class Stake:
    """One market's part. `half_tick_lot` is what a half tick times a lot is worth (0: not known).

    `capital_half_tick_lot` is what of that it binds, in units of its own. `pools` has the number of
    its pool of each kind.
    `won_half_tick_lots` is the result of the UTC day `day`.
    `unsent` orders of `unsent_lots` a side are on the desk and have not left. `is_over`: the tape
    has ended, and its last mark stays.

    `pegged_by` are the markets, counted from one, whose mids tell what base and quote are worth (0:
    none); such a market has par and two distances from it, and whether it `is_off_peg` by them.
    `is_off_by_rate`: a currency of the market is, as its configured rate says.

    `hedged_by` is the market, counted from one, that hedges this one, or that it is itself; a lot
    here is `weight_grains` there. `is_unhedged`: more than its budget is, of all that it hedges.

    `joins` is the first market, counted from one, of those that hedge together with this one, or
    this one itself (0: it hedges alone, or not). The first has what their `group` remembers.
    """

    half_tick_lot: int
    capital_half_tick_lot: int
    pools: Annotated[Ints, POOLS]
    mark_half_ticks: int
    marked_ns: int
    unsent: int
    unsent_lots: Annotated[Ints, 2]
    withheld: int
    day: int
    won_half_tick_lots: int
    is_over: bool
    pegged_by: Annotated[Ints, 2]
    par_half_ticks: int
    depeg_half_ticks: int
    release_half_ticks: int
    is_off_peg: bool
    is_off_by_rate: bool
    hedged_by: int
    weight_grains: int
    is_unhedged: bool
    joins: int
    offer: Offer
    part: Part
    group: HedgeGroup


@kernel
def withhold(
    account: Account,
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    commands: Commands,
    m: int,
    now_ns: int,
) -> None:
    """Mark each order of market `m` that a limit of the account refuses, in order of sending."""
    stake = stakes[m]
    for k in range(commands.count):
        if commands.kind[k] != CANCEL and commands.refused[k] == 0:
            stake.unsent += 1 if commands.kind[k] == PLACE else 0
            stake.unsent_lots[commands.side[k]] += _added_lots(desks[m], commands, k)
    for k in range(commands.count):
        if commands.kind[k] == CANCEL or commands.refused[k] != 0:
            continue
        side, lots = commands.side[k], _added_lots(desks[m], commands, k)
        if lots > 0 and is_refused(account, stakes, desks, m, side, lots, now_ns):
            commands.refused[k] = WITHHELD
            stake.withheld += 1
        else:
            stake.unsent -= 1 if commands.kind[k] == PLACE else 0
            stake.unsent_lots[side] -= lots


@kernel
def _added_lots(desk: Desk, commands: Commands, k: int) -> int:
    """Return what a command that was let pass has added to the open lots."""
    if commands.kind[k] == PLACE:
        return commands.lots[k]
    return max(0, commands.lots[k] - desk.orders.lots[commands.client_id[k] % SLOTS])


@kernel
def tell_withheld(
    stake: Stake, desk: Desk, commands: Commands, fills: FillLog, now_ns: int
) -> None:
    """Let the desk know of the orders that its last turn withheld."""
    if stake.unsent == 0 and stake.unsent_lots[BUY] == 0 and stake.unsent_lots[SELL] == 0:
        return
    for k in range(commands.count):
        if commands.refused[k] == WITHHELD:
            take_account_row(
                desk,
                fills,
                AMEND_REJECTED if commands.kind[k] == AMEND else REJECTED,
                commands.client_id[k],
                commands.side[k],
                commands.ticks[k],
                commands.lots[k],
                ACCOUNT_LIMIT,
                0,
                now_ns,
                now_ns,
            )
    stake.unsent = 0
    stake.unsent_lots[BUY] = 0
    stake.unsent_lots[SELL] = 0


@kernel
def is_refused(
    account: Account,
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    m: int,
    side: int,
    lots: int,
    now_ns: int,
) -> bool:
    """Tell whether an order of market `m`, not counted yet, would break a limit."""
    if _side_lots(stakes[m], desks[m], side) + lots <= 0:
        return False
    if closes(desks[m], side, lots + _open_lots(stakes[m], desks[m], side)):
        return False
    if _is_held_by_peg(account, stakes, desks, m, now_ns):
        return True
    if account.max_open_orders > 0 and _open_orders(stakes, desks) >= account.max_open_orders:
        return True
    for kind in range(POOLS):
        is_on = account.max_gross[kind] > 0 or account.max_net[kind] > 0
        if not is_on and account.max_capital[kind] == 0:
            continue
        if _breaks(account, stakes, desks, kind, m, side, lots, now_ns):
            return True
    return False


@kernel
def _is_held_by_peg(
    account: Account, stakes: Sequence[Stake], desks: Sequence[Desk], m: int, now_ns: int
) -> bool:
    """Tell whether a currency of market `m` is off its peg, or nobody knows."""
    if stakes[m].is_off_by_rate:
        return True
    for k in range(2):
        n = stakes[m].pegged_by[k] - 1
        if n >= 0:
            _look_at_peg(stakes[n], desks[n])
            is_old = now_ns - stakes[n].marked_ns > account.max_mark_age_ns
            is_known = stakes[n].marked_ns > 0 and (stakes[n].is_over or not is_old)
            if stakes[n].is_off_peg or not is_known:
                return True
    return False


@kernel
def _look_at_peg(stake: Stake, desk: Desk) -> None:
    """Hold the mark of a market that trades a pegged currency against its par."""
    _mark(stake, desk)
    if stake.mark_half_ticks > 0:
        away = abs(stake.mark_half_ticks - stake.par_half_ticks)
        stake.is_off_peg = is_off_peg(
            stake.is_off_peg, away, stake.depeg_half_ticks, stake.release_half_ticks
        )


@kernel
def _breaks(
    account: Account,
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    kind: int,
    m: int,
    side: int,
    lots: int,
    now_ns: int,
) -> bool:
    """Tell whether an order would break a limit of its market's pool of a kind."""
    longs = 0
    shorts = 0
    gross = 0
    capital = 0
    for n in range(len(stakes)):
        added = lots if n == m else 0
        bought = _side_lots(stakes[n], desks[n], BUY) + (added if side == BUY else 0)
        sold = _side_lots(stakes[n], desks[n], SELL) + (added if side == SELL else 0)
        is_exposed = n == m or bought > 0 or sold > 0
        if not is_exposed or stakes[n].pools[kind] != stakes[m].pools[kind]:
            continue
        _mark(stakes[n], desks[n])
        if not _is_known(stakes[n], now_ns, account.max_mark_age_ns):
            return True
        long = _worth(stakes[n], stakes[n].half_tick_lot, bought)
        short = _worth(stakes[n], stakes[n].half_tick_lot, sold)
        bound = _worth(stakes[n], stakes[n].capital_half_tick_lot, max(bought, sold))
        longs = min(MOST, longs + long)
        shorts = min(MOST, shorts + short)
        gross = min(MOST, gross + max(long, short))
        capital = min(MOST, capital + bound)
        if n == m and _passes(max(long, short), account.most_gross[kind]):
            return True
        if n == m and _passes(bound, account.most_capital[kind]):
            return True
    if _passes(gross, account.max_gross[kind]) or _passes(capital, account.max_capital[kind]):
        return True
    return _passes(longs if side == BUY else shorts, account.max_net[kind])


@kernel
def _passes(amount: int, most: int) -> bool:
    """Tell whether an amount is above a limit (0: none)."""
    return 0 < most < amount


@kernel
def look_when_due(
    account: Account,
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    now_ns: int,
) -> None:
    """Look at the result of all markets at each moment up to now at which live's watch does."""
    if now_ns < account.look_ns:
        return
    if account.look_ns == 0:
        account.look_ns = now_ns
    _look(account, stakes, desks, account.look_ns)
    passed = (now_ns - account.look_ns) // WATCH_NS
    if passed > 0:
        account.look_ns += passed * WATCH_NS
        _look(account, stakes, desks, account.look_ns)
    account.look_ns += WATCH_NS


@kernel
def _look(
    account: Account,
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    now_ns: int,
) -> None:
    """Mark every market, and stop all where their result has reached a limit."""
    day = now_ns // DAY_NS
    result = 0
    for n in range(len(stakes)):
        _mark(stakes[n], desks[n])
        if stakes[n].par_half_ticks > 0:
            _look_at_peg(stakes[n], desks[n])
        result += _result(stakes[n], day)
    if day != account.day:
        account.day = day
        account.peak = 0
    account.peak = max(account.peak, result)
    if account.stopped_by != 0:
        return
    if account.max_daily_loss > 0 and -result >= account.max_daily_loss:
        account.stopped_by = LOSS
    elif account.max_drawdown > 0 and account.peak - result >= account.max_drawdown:
        account.stopped_by = DRAWDOWN
    if account.stopped_by != 0:
        account.stopped_ns = now_ns
        for n in range(len(desks)):
            desks[n].stopping = True
            desks[n].orders.changed = True


@kernel
def won_today(brakes: Brakes) -> int:
    """Return what a market has won since its day began, in half ticks times lots."""
    return brakes.equity_half_tick_lots - brakes.opening_half_tick_lots


@kernel
def note_result(stake: Stake, day: int, won_half_tick_lots: int) -> None:
    """Take what a decision's look at the money has found."""
    stake.day = day
    stake.won_half_tick_lots = won_half_tick_lots


@kernel
def _result(stake: Stake, day: int) -> int:
    """Return what the market has won since the UTC day began, open position at the mark."""
    if stake.day != day or stake.half_tick_lot == 0:
        return 0
    most = (MOST >> 6) // stake.half_tick_lot
    return max(-most, min(most, stake.won_half_tick_lots)) * stake.half_tick_lot


@kernel
def _mark(stake: Stake, desk: Desk) -> None:
    """Take the mark if there is a sound one."""
    if desk.signals.sound:
        stake.mark_half_ticks = desk.signals.mid_half_ticks
        stake.marked_ns = desk.signals.seen_ns


@kernel
def _is_known(stake: Stake, now_ns: int, most_age_ns: int) -> bool:
    """Tell whether the mark may be relied on."""
    if stake.marked_ns <= 0 or stake.half_tick_lot == 0:
        return False
    return stake.is_over or now_ns - stake.marked_ns <= most_age_ns


@kernel
def _side_lots(stake: Stake, desk: Desk, side: int) -> int:
    """Return what is long once every open buy is filled, or short once every open sell is."""
    signed = desk.orders.position_lots if side == BUY else -desk.orders.position_lots
    return signed + _open_lots(stake, desk, side)


@kernel
def _open_lots(stake: Stake, desk: Desk, side: int) -> int:
    """Return what is open on a side and has left."""
    return desk.orders.exposed_lots[side] - stake.unsent_lots[side]


@kernel
def _worth(stake: Stake, half_tick_lot: int, lots: int) -> int:
    """Return what so many lots are worth at the mark; less than none are none."""
    a_lot = stake.mark_half_ticks * half_tick_lot
    if lots <= 0 or a_lot <= 0:
        return 0
    return lots * a_lot if lots <= MOST // a_lot else MOST


@kernel
def _open_orders(stakes: Sequence[Stake], desks: Sequence[Desk]) -> int:
    """Return how many orders are not proven to be over, of all markets."""
    count = 0
    for n in range(len(stakes)):
        for slot in range(SLOTS):
            if desks[n].orders.status[slot] != FREE:
                count += 1
        count -= stakes[n].unsent
    return count
