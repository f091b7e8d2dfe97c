"""Spell the frames of streams, from rows to the whole message."""

from collections.abc import Iterable
from typing import Any

from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.orders import Order, Trade
from tests.venues.lighter.shapes import accounts, books

Words = dict[str, Any]


def height(exchange: Exchange) -> Words:
    """Spell the block's height."""
    return {
        "channel": "height",
        "height": exchange.block,
        "timestamp": exchange.now_ms,
        "type": "update/height",
    }


def public_trades(exchange: Exchange, kind: str, market_id: int, made: Iterable[Trade]) -> Words:
    """Spell a market's trades, the newest first."""
    market = exchange.floors[market_id].market
    rows = [books.trade(market, trade) for trade in made]
    return books.trades(kind, market_id, rows[::-1], exchange.nonce)


def orders(exchange: Exchange, kind: str, account: int, changed: Iterable[Order]) -> Words:
    """Spell an account's orders by market."""
    rows: dict[str, list[Words]] = {}
    for order in changed:
        market = exchange.floors[order.market_id].market
        rows.setdefault(str(order.market_id), []).append(accounts.order(market, order))
    return {
        "channel": f"account_all_orders:{account}",
        "orders": rows,
        "type": f"{kind}/account_all_orders",
    }


def own_trades(exchange: Exchange, kind: str, account: int, made: Iterable[Trade]) -> Words:
    """Spell an account's trades by market."""
    rows: dict[str, list[Words]] = {}
    for trade in made:
        market = exchange.floors[trade.market_id].market
        rows.setdefault(str(trade.market_id), []).append(books.trade(market, trade))
    return {
        "channel": f"account_all_trades:{account}",
        "trades": rows,
        "type": f"{kind}/account_all_trades",
    }


def positions(exchange: Exchange, kind: str, account: int, markets: Iterable[int]) -> Words:
    """Spell an account's positions in some markets."""
    owner = exchange.accounts[account]
    held = owner.positions
    rows = {str(m): accounts.position(exchange, owner, m, held[m]) for m in sorted(markets)}
    return {
        "type": f"{kind}/account_all_positions",
        "channel": f"account_all_positions:{account}",
        "positions": rows,
        "shares": [],
        "last_funding_round": None,
        "last_funding_discount": None,
    }


def assets(exchange: Exchange, kind: str, account: int) -> Words:
    """Spell what an account has."""
    held = accounts.assets(exchange, exchange.accounts[account])
    return {
        "assets": {str(row["asset_id"]): row for row in held},
        "channel": f"account_all_assets:{account}",
        "timestamp": exchange.now_ms,
        "type": f"{kind}/account_all_assets",
    }


def user_stats(exchange: Exchange, kind: str, account: int) -> Words:
    """Spell what an account is worth."""
    return {
        "channel": f"user_stats:{account}",
        "stats": accounts.stats(exchange, exchange.accounts[account]),
        "timestamp": exchange.now_ms,
        "type": f"{kind}/user_stats",
    }


def transactions(kind: str, account: int, rows: list[Words]) -> Words:
    """Spell what became of an account's transactions."""
    return {"channel": f"account_tx:{account}", "txs": rows, "type": f"{kind}/account_tx"}
