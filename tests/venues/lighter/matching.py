"""Match orders by price, then time: who gives way, what trades, and what becomes of the rest."""

from dataclasses import replace

from tests.venues.lighter.exchange import Exchange, Floor, TradeNews
from tests.venues.lighter.margin import may_grow
from tests.venues.lighter.orders import Kind, Order, Party, Status, Stp, TimeInForce, Trade
from tests.venues.lighter.wallets import can_give, exchange_assets


def enter(exchange: Exchange, order: Order) -> None:
    """Let an order into the market: it is refused, trades, rests, or several of these."""
    account = exchange.accounts[order.account]
    if not account.is_crowd:
        account.remember(order)
    refused = refusal(exchange, order)
    if refused:
        exchange.end(order, refused)
        return
    exchange.touched(order)
    match(exchange, order)


def match(exchange: Exchange, order: Order, kind: str = "trade") -> None:
    """Trade an order against the book, then let it rest or end it."""
    floor = exchange.floors[order.market_id]
    other = floor.book.side(not order.is_ask)
    while order.is_open and order.open_lots:
        maker = other.first(order.ticks)
        if maker is None:
            break
        if maker.account == order.account and not order.is_foreign:
            _give_way(exchange, maker, order)
        else:
            trade_with(exchange, maker, order, kind)
    if not order.is_open:
        return
    if order.kind == Kind.MARKET:
        exchange.end(order, Status.SLIPPAGE if other.best_ticks is not None else Status.LIQUIDITY)
    elif order.tif == TimeInForce.IOC:
        exchange.end(order, Status.CANCELED)
    else:
        exchange.rest(order)


def refusal(exchange: Exchange, order: Order) -> str:
    """Return the status with which an order ends before it comes to the book; empty: it may."""
    floor = exchange.floors[order.market_id]
    held = exchange.accounts[order.account].position(order.market_id).lots
    if order.reduce_only:
        order.open_lots = min(order.open_lots, max(0, held if order.is_ask else -held))
        if not order.open_lots:
            return Status.REDUCE_ONLY
    if order.tif == TimeInForce.POST_ONLY and floor.book.crosses(order.is_ask, order.ticks):
        return Status.POST_ONLY
    if floor.market.is_spot:
        return "" if can_give(exchange, order) else Status.BALANCE
    if not may_grow(exchange, order):
        return Status.MARGIN
    return ""


def _give_way(exchange: Exchange, maker: Order, taker: Order) -> None:
    match taker.stp:
        case Stp.EXPIRE_MAKER:
            exchange.end(maker, Status.SELF_TRADE)
        case Stp.EXPIRE_TAKER:
            exchange.end(taker, Status.SELF_TRADE)
        case Stp.EXPIRE_BOTH:
            exchange.end(maker, Status.SELF_TRADE)
            exchange.end(taker, Status.SELF_TRADE)
        case Stp.REDUCE:
            lots = min(maker.open_lots, taker.open_lots)
            for order in (maker, taker):
                _shrink(exchange, order, lots)


def _shrink(exchange: Exchange, order: Order, lots: int) -> None:
    if order.open_lots <= lots:
        exchange.end(order, Status.SELF_TRADE)
        return
    order.open_lots -= lots
    exchange.floors[order.market_id].book.touch(order)
    exchange.touched(order)


def trade_with(exchange: Exchange, maker: Order, taker: Order, kind: str = "trade") -> None:
    """Let two orders trade at the maker's price as far as both go."""
    floor = exchange.floors[maker.market_id]
    lots = min(maker.open_lots, taker.open_lots)
    if maker.reduce_only:
        held = exchange.accounts[maker.account].position(maker.market_id).lots
        lots = min(lots, max(0, held if maker.is_ask else -held))
        if not lots:
            exchange.end(maker, Status.REDUCE_ONLY)
            return
    exchange.trade_id += 1
    exchange.nonce += 1
    trade = Trade(
        trade_id=exchange.trade_id,
        market_id=maker.market_id,
        ticks=maker.ticks,
        lots=lots,
        is_maker_ask=maker.is_ask,
        maker=_party(exchange, floor, maker, is_maker=True),
        taker=_party(exchange, floor, taker, is_maker=False),
        at_ns=exchange.now_ns,
        block=exchange.block,
        tx_hash=taker.tx_hash,
        kind=kind,
    )
    book_trade(exchange, trade)
    for order in (maker, taker):
        _filled(exchange, order, lots, trade.micro)


def book_trade(exchange: Exchange, trade: Trade) -> None:
    """Move both positions and their money, and tell of the trade."""
    floor = exchange.floors[trade.market_id]
    if floor.market.is_spot:
        _remember(exchange, trade)
        _note(floor, trade)
        exchange.tell(TradeNews(trade, *exchange_assets(exchange, trade)))
        return
    fees, changed = [], []
    for party, is_ask in ((trade.maker, trade.is_maker_ask), (trade.taker, not trade.is_maker_ask)):
        account = exchange.accounts[party.account]
        changed.append(
            account.book(trade.market_id, -trade.lots if is_ask else trade.lots, trade.ticks)
        )
        fees.append(account.charge(trade.micro, party.fee_1e6))
        account.earn_quota(trade.micro)
    told = replace(
        trade,
        maker=replace(trade.maker, sign_changed=changed[0]),
        taker=replace(trade.taker, sign_changed=changed[1]),
    )
    _remember(exchange, told)
    _note(floor, told)
    exchange.tell(TradeNews(told, fees[0], fees[1]))


def _remember(exchange: Exchange, trade: Trade) -> None:
    for index in {trade.maker.account, trade.taker.account}:
        if not exchange.accounts[index].is_crowd:
            exchange.accounts[index].trades.append(trade)


def _note(floor: Floor, trade: Trade) -> None:
    floor.trades.append(trade)
    floor.last_ticks = trade.ticks
    floor.high_ticks = max(floor.high_ticks or trade.ticks, trade.ticks)
    floor.low_ticks = min(floor.low_ticks or trade.ticks, trade.ticks)
    floor.traded_lots += trade.lots
    floor.traded_micro += trade.micro
    floor.trades_made += 1


def _filled(exchange: Exchange, order: Order, lots: int, micro: int) -> None:
    order.open_lots -= lots
    order.filled_lots += lots
    order.filled_micro += micro
    if order.open_lots:
        exchange.floors[order.market_id].book.touch(order)
        exchange.touched(order)
    else:
        exchange.end(order, Status.FILLED)


def _party(exchange: Exchange, floor: Floor, order: Order, is_maker: bool) -> Party:
    account = exchange.accounts[order.account]
    fee = account.tier.maker_1e6 if is_maker else account.tier.taker_1e6
    fee *= floor.market.has_fees
    before = account.before(order.market_id, floor.market.initial_margin_1e4)
    return Party(order.account, order.index, order.client_index, fee, before)
