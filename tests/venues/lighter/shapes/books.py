"""Spell books, tickers and trades."""

from typing import Any

from tests.venues.lighter.exchange import Floor
from tests.venues.lighter.markets import Market, usdc
from tests.venues.lighter.orders import Order, Party, Trade

Words = dict[str, Any]


def levels(market: Market, rows: list[tuple[int, int]]) -> list[Words]:
    """Spell (ticks, lots) rows; no lots: the level is gone."""
    return [{"price": market.price(ticks), "size": market.size(lots)} for ticks, lots in rows]


def book(
    kind: str,
    floor: Floor,
    rows: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    nonces: tuple[int, int],
    offset: int,
    now_ns: int,
) -> Words:
    """Spell a snapshot or an update; `rows` are bids and asks, `nonces` the first and the last."""
    market = floor.market
    return {
        "channel": f"order_book:{market.market_id}",
        "last_updated_at": now_ns // 1_000,
        "offset": offset,
        "order_book": {
            "code": 0,
            "asks": levels(market, rows[1]),
            "bids": levels(market, rows[0]),
            "offset": offset,
            "nonce": nonces[1],
            "last_updated_at": now_ns // 1_000,
            "begin_nonce": nonces[0],
        },
        "timestamp": now_ns // 1_000_000,
        "type": f"{kind}/order_book",
    }


def ticker(kind: str, floor: Floor, nonce: int, now_ns: int) -> Words:
    """Spell the best prices; a side that is empty has empty words."""
    market = floor.market
    best = [_best(floor, is_ask) for is_ask in (True, False)]
    return {
        "channel": f"ticker:{market.market_id}",
        "last_updated_at": now_ns // 1_000,
        "nonce": nonce,
        "ticker": {
            "s": market.symbol,
            "a": best[0],
            "b": best[1],
            "last_updated_at": now_ns // 1_000,
        },
        "timestamp": now_ns // 1_000_000,
        "type": f"{kind}/ticker",
    }


def _best(floor: Floor, is_ask: bool) -> Words:
    rows = floor.book.side(is_ask).levels(1)
    return levels(floor.market, rows)[0] if rows else {"price": "", "size": ""}


def trades(kind: str, market_id: int, rows: list[Words], nonce: int) -> Words:
    """Spell the public tape; liquidations stand apart."""
    ordinary = [row for row in rows if row["type"] == "trade"]
    return {
        "channel": f"trade:{market_id}",
        "liquidation_trades": [row for row in rows if row["type"] != "trade"],
        "nonce": nonce,
        "trades": ordinary,
        "type": f"{kind}/trade",
    }


def trade(market: Market, made: Trade) -> Words:
    """Spell a trade. What is zero of fees, and a sign that did not change, is left out."""
    ask, bid = (made.maker, made.taker) if made.is_maker_ask else (made.taker, made.maker)
    words: Words = {
        "trade_id": made.trade_id,
        "trade_id_str": str(made.trade_id),
        "tx_hash": made.tx_hash,
        "type": made.kind,
        "market_id": made.market_id,
        "size": market.size(made.lots),
        "price": market.price(made.ticks),
        "usd_amount": usdc(made.micro),
        "ask_id": ask.index,
        "ask_id_str": str(ask.index),
        "bid_id": bid.index,
        "bid_id_str": str(bid.index),
        "ask_client_id": ask.client_index,
        "ask_client_id_str": str(ask.client_index),
        "bid_client_id": bid.client_index,
        "bid_client_id_str": str(bid.client_index),
        "ask_account_id": ask.account,
        "bid_account_id": bid.account,
        "is_maker_ask": made.is_maker_ask,
        "block_height": made.block,
        "timestamp": made.at_ns // 1_000_000,
        "transaction_time": made.at_ns // 1_000,
    }
    words |= _party("taker", market, made.taker)
    return words | _party("maker", market, made.maker)


def _party(role: str, market: Market, party: Party) -> Words:
    words: Words = {
        f"{role}_position_size_before": market.size(party.before.position_lots),
        f"{role}_entry_quote_before": usdc(party.before.entry_micro),
        f"{role}_initial_margin_fraction_before": party.before.margin_1e4,
    }
    if party.fee_1e6:
        words[f"{role}_fee"] = party.fee_1e6
    if party.sign_changed:
        words[f"{role}_position_sign_changed"] = True
    return words


def resting(market: Market, order: Order) -> Words:
    """Spell an order of the public book."""
    return {
        "order_index": order.index,
        "order_id": str(order.index),
        "owner_account_index": order.account,
        "initial_base_amount": market.size(order.lots),
        "remaining_base_amount": market.size(order.open_lots),
        "price": market.price(order.ticks),
        "order_expiry": order.expiry_ms,
        "transaction_time": order.created_ns // 1_000,
    }
