"""Carry transactions out, one at a time. What fails here has still used its nonce."""

from tests.venues.lighter import errors
from tests.venues.lighter.accounts import Account
from tests.venues.lighter.exchange import AccountNews, Exchange
from tests.venues.lighter.matching import enter as enter_market
from tests.venues.lighter.matching import match, refusal
from tests.venues.lighter.orders import Kind, Order, Status, Stp, TimeInForce
from tests.venues.lighter.transactions import Attribute, Tx, TxType

IMMEDIATE, SCHEDULED, ABORT = 0, 1, 2


def execute(exchange: Exchange, tx: Tx) -> int:
    """Carry a transaction out; return the code of what it failed of, or 0."""
    account = exchange.accounts[tx.account]
    key = account.keys[tx.key]
    if tx.nonce < key.least_nonce:
        return errors.INVALID_NONCE
    if tx.expired_at_ms <= exchange.now_ms:
        return errors.INVALID_EXPIRY
    key.least_nonce = tx.nonce + 1
    match tx.kind:
        case TxType.CREATE:
            return _create(exchange, tx)
        case TxType.CANCEL:
            return _cancel(exchange, account, tx)
        case TxType.CANCEL_ALL:
            return _cancel_all(exchange, account, tx)
        case TxType.MODIFY:
            return _modify(exchange, account, tx)
        case TxType.LEVERAGE:
            return _leverage(exchange, account, tx)


def new_order(exchange: Exchange, tx: Tx, index: int) -> Order:
    """Return the order that a transaction asks for."""
    f = tx.fields
    return Order(
        index=index,
        client_index=f["ClientOrderIndex"],
        market_id=f["MarketIndex"],
        account=tx.account,
        is_ask=bool(f["IsAsk"]),
        ticks=f["Price"],
        lots=f["BaseAmount"],
        open_lots=f["BaseAmount"],
        kind=Kind(f["Type"]),
        tif=TimeInForce(f["TimeInForce"]),
        created_ns=exchange.now_ns,
        updated_ns=exchange.now_ns,
        expiry_ms=f["OrderExpiry"],
        nonce=tx.nonce,
        api_key=tx.key,
        stp=Stp(tx.attributes.get(Attribute.STP, Stp.EXPIRE_MAKER)),
        reduce_only=bool(f["ReduceOnly"]),
        tx_hash=tx.tx_hash,
    )


def target(account: Account, tx: Tx) -> Order | None:
    """Return the order that a cancel or a modify means, by either of its indexes."""
    index = tx.fields["Index"]
    order = account.by_client.get(index) or account.orders.get(index)
    return order if order is not None and order.market_id == tx.fields["MarketIndex"] else None


def _create(exchange: Exchange, tx: Tx) -> int:
    floor = exchange.floors[tx.fields["MarketIndex"]]
    if floor.market.status != "active":
        return errors.MARKET_STATUS
    index = exchange.next_index(tx.fields["MarketIndex"], bool(tx.fields["IsAsk"]))
    enter_market(exchange, new_order(exchange, tx, index))
    return 0


def _cancel(exchange: Exchange, account: Account, tx: Tx) -> int:
    order = target(account, tx)
    if order is None or not order.is_open:
        return errors.INACTIVE_CANCEL
    exchange.end(order, Status.CANCELED)
    return 0


def _cancel_all(exchange: Exchange, account: Account, tx: Tx) -> int:
    if tx.fields["TimeInForce"] == SCHEDULED:
        if account.cancel_all_ms:
            return errors.QUEUED_CANCEL_ALL
        account.cancel_all_ms = tx.fields["Time"]
    elif tx.fields["TimeInForce"] == ABORT:
        account.cancel_all_ms = 0
    else:
        cancel_everything(exchange, account, tx.market_id)
    exchange.tell(AccountNews(account.index, "cancel-all"))
    return 0


def cancel_everything(exchange: Exchange, account: Account, market_id: int | None = None) -> None:
    """End all orders of an account, in one market or in all."""
    for order in account.live_orders(market_id):
        exchange.end(order, Status.CANCELED)


def _modify(exchange: Exchange, account: Account, tx: Tx) -> int:
    order = target(account, tx)
    if order is None or not order.is_open:
        return errors.INACTIVE_ORDER
    version = tx.attributes.get(Attribute.ORDER_VERSION)
    if version is not None:
        if version <= order.version:
            return errors.INACTIVE_ORDER
        order.version = version
    left = tx.fields["BaseAmount"] - order.filled_lots
    if left <= 0:
        order.lots = order.filled_lots
        exchange.end(order, Status.FILLED)
        return 0
    exchange.unrest(order)
    order.ticks, order.lots, order.open_lots = tx.fields["Price"], tx.fields["BaseAmount"], left
    order.nonce = tx.nonce
    refused = refusal(exchange, order)
    if refused:
        exchange.end(order, refused)
        return 0
    exchange.touched(order)
    match(exchange, order)
    return 0


def _leverage(exchange: Exchange, account: Account, tx: Tx) -> int:
    held = account.position(tx.fields["MarketIndex"])
    held.margin_1e4 = tx.fields["InitialMarginFraction"]
    held.margin_mode = tx.fields["MarginMode"]
    exchange.tell(AccountNews(account.index, "leverage"))
    return 0
