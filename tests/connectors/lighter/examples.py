"""Make frames as Lighter sends them, with figures of our own."""

import json
from typing import Any

ACCOUNT = 4321
MS = 1_790_000_000_000
"""The venue's clock of the examples, in ms."""

Levels = list[tuple[str, str]]


def said(**fields: Any) -> bytes:
    """Return a frame. Its type comes last, as the venue writes it."""
    kind = fields.pop("type", None)
    return json.dumps(fields if kind is None else {**fields, "type": kind}).encode()


def book(
    kind: str,
    nonce: int,
    begin_nonce: int | None = None,
    bids: Levels | None = None,
    asks: Levels | None = None,
    market_id: int = 1,
    offset: int = 7,
    ms: int = MS,
) -> bytes:
    """Return a frame of a book: `kind` is subscribed or update."""
    inside: dict[str, Any] = {
        "code": 0,
        "asks": [{"price": price, "size": size} for price, size in asks or []],
        "bids": [{"price": price, "size": size} for price, size in bids or []],
        "offset": offset,
        "nonce": nonce,
    }
    if begin_nonce is not None:
        inside |= {"last_updated_at": ms * 1000 + 7, "begin_nonce": begin_nonce}
    return said(
        channel=f"order_book:{market_id}",
        offset=offset,
        order_book=inside,
        timestamp=ms,
        type=f"{kind}/order_book",
    )


def snapshot(nonce: int = 100, market_id: int = 1, **changes: Any) -> bytes:
    """Return a snapshot with two levels a side around 100,000."""
    sides: dict[str, Any] = {
        "bids": [("99999.9", "1.50000"), ("99999.0", "0.20000")],
        "asks": [("100000.1", "2.00000"), ("100000.4", "0.00020")],
    }
    return book("subscribed", nonce, 0, market_id=market_id, **{**sides, **changes})


def trade_row(trade_id: int, **changes: Any) -> dict[str, Any]:
    """Return a trade in which the taker sold."""
    return {
        "trade_id": trade_id,
        "tx_hash": "00ff",
        "type": "trade",
        "market_id": 1,
        "size": "0.01000",
        "price": "99999.9",
        "usd_amount": "999.999000",
        "ask_id": 281476929510102,
        "bid_id": 562947905631053,
        "ask_client_id": 0,
        "bid_client_id": 0,
        "ask_account_id": 11,
        "bid_account_id": 22,
        "is_maker_ask": False,
        "block_height": 227535535,
        "timestamp": MS,
        "taker_fee": 196,
        "maker_fee": 28,
        "transaction_time": MS * 1000 + 9,
        **changes,
    }


def trades(kind: str, *rows: dict[str, Any], market_id: int = 1, **fields: Any) -> bytes:
    """Return a frame of public trades."""
    return said(
        channel=f"trade:{market_id}",
        liquidation_trades=fields.get("liquidations"),
        nonce=5,
        trades=list(rows),
        type=f"{kind}/trade",
    )


def ticker(bid: tuple[str, str], ask: tuple[str, str], market_id: int = 1) -> bytes:
    """Return a frame of the top of a book."""
    return said(
        channel=f"ticker:{market_id}",
        last_updated_at=MS * 1000,
        nonce=9,
        ticker={
            "s": "BTC",
            "a": {"price": ask[0], "size": ask[1]},
            "b": {"price": bid[0], "size": bid[1]},
            "last_updated_at": MS * 1000,
        },
        timestamp=MS,
        type="update/ticker",
    )


def stats(market_id: int = 1, rate: str = "0.0012", **changes: Any) -> bytes:
    """Return a frame of a market's figures."""
    figures = {
        "symbol": "BTC",
        "market_id": market_id,
        "index_price": "100010.5",
        "mark_price": "100001.5",
        "open_interest": "254682552.638283",
        "current_funding_rate": rate,
        "funding_rate": "0.0010",
        "funding_timestamp": MS - 1000,
        "daily_price_change": 1.42,
        **changes,
    }
    return said(
        channel=f"market_stats:{market_id}",
        market_stats=figures,
        timestamp=MS,
        type="update/market_stats",
    )


def height(number: int = 5) -> bytes:
    """Return a frame of the chain's height."""
    return said(channel="height", height=number, timestamp=MS, type="update/height")


def order_row(client_id: int, status: str = "open", **changes: Any) -> dict[str, Any]:
    """Return a buy order of ours."""
    return {
        "order_index": 281476929510110,
        "client_order_index": client_id,
        "order_id": "281476929510110",
        "market_index": 1,
        "owner_account_index": ACCOUNT,
        "initial_base_amount": "0.00100",
        "price": "99999.0",
        "nonce": 3,
        "remaining_base_amount": "0.00100",
        "is_ask": False,
        "filled_base_amount": "0.00000",
        "filled_quote_amount": "0.000000",
        "type": "limit",
        "time_in_force": "post-only",
        "reduce_only": False,
        "order_expiry": MS + 600_000,
        "status": status,
        "updated_at": MS,
        "transaction_time": MS * 1000,
        **changes,
    }


def own(channel: str, kind: str, **fields: Any) -> bytes:
    """Return a frame of an account's channel."""
    return said(channel=f"{channel}:{ACCOUNT}", **fields, type=f"{kind}/{channel}")


def orders(kind: str, *rows: dict[str, Any]) -> bytes:
    """Return a frame of orders."""
    return own("account_all_orders", kind, orders={"1": list(rows)} if rows else {})


def own_trades(kind: str, *rows: dict[str, Any]) -> bytes:
    """Return a frame of our trades."""
    return own("account_all_trades", kind, trades={"1": list(rows)} if rows else {})


def position(kind: str, size: str, sign: int = 1) -> bytes:
    """Return a frame of positions."""
    row = {"market_id": 1, "symbol": "BTC", "sign": sign, "position": size}
    row["avg_entry_price"] = "99000.5"
    return own("account_all_positions", kind, positions={"1": row}, shares=[])


def spot_stats(market_id: int = 2048, kind: str = "subscribed", **changes: Any) -> bytes:
    """Return a frame of a spot market's figures."""
    figures = {
        "symbol": "ETH/USDC",
        "market_id": market_id,
        "index_price": "3000.10",
        "mid_price": "3000.25",
        "last_trade_price": "3000.30",
        "daily_base_token_volume": 12.5,
        **changes,
    }
    return said(
        channel=f"spot_market_stats:{market_id}",
        spot_market_stats=figures,
        timestamp=MS,
        type=f"{kind}/spot_market_stats",
    )


def assets(kind: str = "subscribed") -> bytes:
    """Return a frame of assets."""
    row = {"symbol": "USDC", "asset_id": 3, "balance": "40.000000", "locked_balance": "0.000000"}
    return own("account_all_assets", kind, assets={"3": row}, timestamp=MS)


def user_stats(kind: str, available: str = "39.168314") -> bytes:
    """Return a frame of an account's figures."""
    figures = {"available_balance": available, "collateral": "39.995369", "leverage": "0.41"}
    stats = {"account_trading_mode": 0, **figures, "cross_stats": figures}
    return own("user_stats", kind, stats=stats, timestamp=MS)


def transactions(kind: str, *rows: dict[str, Any]) -> bytes:
    """Return a frame of transactions."""
    return own("account_tx", kind, txs=list(rows))


PUBLIC = (
    snapshot(),
    book("update", 105, 100, bids=[("99999.9", "0.00000")], asks=[("100000.2", "1.00000")]),
    trades("subscribed", trade_row(10)),
    trades("update", trade_row(11), liquidations=[trade_row(12, type="liquidation")]),
    ticker(("99999.9", "1.00000"), ("", "")),
    stats(),
    spot_stats(kind="update"),
    height(),
    said(session_id="5f0c", type="connected"),
    said(type="ping"),
    said(type="pong"),
    said(type="shutdown", close_in_ms=3000),
    said(channel="order_book:1", type="unsubscribed"),
    said(error={"code": 30009, "message": "Too Many Websocket Messages"}),
)

PRIVATE = (
    orders("subscribed"),
    orders("update", order_row(2176), order_row(2177, "canceled-post-only")),
    own_trades("subscribed", trade_row(10, bid_account_id=ACCOUNT, bid_client_id=2176)),
    own_trades("update", trade_row(11, bid_account_id=ACCOUNT, bid_client_id=2176)),
    position("subscribed", "0.00000"),
    position("update", "0.01000"),
    assets(),
    user_stats("subscribed"),
    user_stats("update", "12.000000"),
    transactions("update", {"hash": "ab", "status": 2, "type": 14, "event_info": "{}"}),
    said(error={"code": 20001, "message": "invalid auth"}),
)
