"""Match orders by price, then time: who gives way, what trades, and what becomes of the rest."""

from tests.venues.bybit import orders
from tests.venues.bybit.exchange import Exchange, ExecutionNews, Floor, TradeNews
from tests.venues.bybit.ledger import note
from tests.venues.bybit.margin import may_grow
from tests.venues.bybit.orders import Execution, Order, Smp, Status, Tif, Trade, Why


def enter(exchange: Exchange, order: Order) -> None:
    """Let an order into the market: it is refused, trades, rests, or several of these."""
    refused = refusal(exchange, order)
    if refused is not None:
        exchange.end(order, refused)
        return
    exchange.touched(order)
    match(exchange, order)


def match(exchange: Exchange, order: Order, kind: str = "Trade") -> None:
    """Trade an order against the book, then let it rest or end it."""
    other = exchange.floors[order.symbol].book.side(not order.is_ask)
    while order.is_open and order.open_lots:
        maker = other.first(order.ticks)
        if maker is None:
            break
        if maker.account == order.account and order.smp is not Smp.NONE:
            _give_way(exchange, maker, order)
        else:
            trade_with(exchange, maker, order, kind)
    if not order.is_open:
        return
    if order.tif in (Tif.IOC, Tif.FOK):
        exchange.end(order, orders.NOT_FULL if order.filled_lots else orders.NOT_AT_ONCE)
    else:
        exchange.rest(order)


def refusal(exchange: Exchange, order: Order) -> Why | None:
    """Return how an order ends before it comes to the book; None: it may."""
    floor = exchange.floors[order.symbol]
    if order.reduce_only:
        order.open_lots = min(order.open_lots, reducible(exchange, order))
        if not order.open_lots:
            return orders.REDUCE_ONLY
    if order.tif is Tif.POST_ONLY and floor.book.crosses(order.is_ask, order.ticks):
        return orders.POST_ONLY
    if order.tif is Tif.FOK and _takeable(floor, order) < order.open_lots:
        return orders.NOT_FULL
    return None if may_grow(exchange, order) else orders.NO_MARGIN


def reducible(exchange: Exchange, order: Order) -> int:
    """Return how many lots of a position an order may close."""
    held = exchange.accounts[order.account].position(order.symbol, order.position_idx).lots
    return max(0, held if order.is_ask else -held)


def _takeable(floor: Floor, order: Order) -> int:
    side = floor.book.side(not order.is_ask)
    sign = -1 if order.is_ask else 1
    return sum(lots for ticks, lots in side.levels() if sign * ticks <= sign * order.ticks)


def _give_way(exchange: Exchange, maker: Order, taker: Order) -> None:
    if taker.smp in (Smp.MAKER, Smp.BOTH):
        exchange.end(maker, orders.BY_SMP)
    if taker.smp in (Smp.TAKER, Smp.BOTH):
        exchange.end(taker, orders.BY_SMP)


def trade_with(
    exchange: Exchange, maker: Order, taker: Order, kind: str = "Trade", most: int | None = None
) -> None:
    """Let two orders trade at the maker's price, as far as both go or up to `most` lots."""
    lots = min(maker.open_lots, taker.open_lots, most or maker.open_lots)
    if maker.reduce_only:
        lots = min(lots, reducible(exchange, maker))
        if not lots:
            exchange.end(maker, orders.REDUCE_ONLY)
            return
    floor = exchange.floors[maker.symbol]
    floor.seq += 1
    taken = _book(exchange, floor, taker, maker.ticks, lots, False, kind)
    made = _book(exchange, floor, maker, maker.ticks, lots, True, kind)
    _note(floor, exchange, taken, taker)
    for order, execution in ((maker, made), (taker, taken)):
        exchange.tell(ExecutionNews(order.account, execution))
    for order, execution in ((maker, made), (taker, taken)):
        _filled(exchange, floor, order, execution)


def _book(
    exchange: Exchange,
    floor: Floor,
    order: Order,
    ticks: int,
    lots: int,
    is_maker: bool,
    kind: str,
) -> Execution:
    """Move one side's position and money."""
    account = exchange.accounts[order.account]
    value = floor.market.value(ticks, lots)
    signed = -lots if order.is_ask else lots
    before = abs(account.position(order.symbol, order.position_idx).lots)
    closed, gained = account.book(order.symbol, order.position_idx, signed, value)
    rate = account.vip.maker_1e6 if is_maker else account.vip.taker_1e6
    fee = account.charge(value, rate)
    held = account.position(order.symbol, order.position_idx)
    held.seq, held.updated_ns = floor.seq, exchange.now_ns
    held.created_ns = held.created_ns or exchange.now_ns
    floor.open_lots += abs(held.lots) - before
    execution = Execution(
        number=exchange.next_number(),
        symbol=order.symbol,
        kind=kind,
        is_ask=order.is_ask,
        ticks=ticks,
        lots=lots,
        fee=fee,
        rate_1e8=rate * 100,
        at_ns=exchange.now_ns,
        seq=floor.seq,
        is_maker=is_maker,
        closed_lots=closed,
        left_lots=order.open_lots - lots,
        mark_ticks=floor.mark_ticks,
        index_ticks=floor.index_ticks,
        order=order,
    )
    if not account.is_crowd:
        account.executions.append(execution)
        note(account, execution, exchange.next_number(), gained, held.lots)
    return execution


def _note(floor: Floor, exchange: Exchange, taken: Execution, taker: Order) -> None:
    """Write a trade on the public tape."""
    trade = Trade(
        taken.number, taken.symbol, taken.ticks, taken.lots, taker.is_ask, taken.at_ns, taken.seq
    )
    value = floor.market.value(taken.ticks, taken.lots)
    floor.direction = _direction(floor, taken.ticks)
    floor.trades.append(trade)
    floor.last_ticks = taken.ticks
    floor.high_ticks = max(floor.high_ticks or taken.ticks, taken.ticks)
    floor.low_ticks = min(floor.low_ticks or taken.ticks, taken.ticks)
    floor.traded_lots += taken.lots
    floor.traded_value += value
    minute = taken.at_ns // 60_000_000_000
    row = floor.candles.setdefault(minute, [taken.ticks] * 4 + [0, 0])
    row[1], row[2] = max(row[1], taken.ticks), min(row[2], taken.ticks)
    row[3], row[4], row[5] = taken.ticks, row[4] + taken.lots, row[5] + value
    exchange.tell(TradeNews(trade))


def _direction(floor: Floor, ticks: int) -> str:
    if ticks == floor.last_ticks:
        return floor.direction if floor.direction.startswith("Zero") else f"Zero{floor.direction}"
    return "PlusTick" if ticks > floor.last_ticks else "MinusTick"


def _filled(exchange: Exchange, floor: Floor, order: Order, execution: Execution) -> None:
    order.open_lots -= execution.lots
    order.filled_lots += execution.lots
    order.filled_value += floor.market.value(execution.ticks, execution.lots)
    order.fee += execution.fee
    if order.open_lots:
        order.status = Status.PARTIAL
        floor.book.touch(order)
        exchange.touched(order)
    elif order.filled_lots < order.lots and order.reduce_only:
        exchange.end(order, orders.REDUCE_ONLY)
    else:
        exchange.end(order, orders.FILLED)
