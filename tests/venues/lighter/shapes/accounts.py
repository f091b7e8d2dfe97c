"""Spell an account: its orders, positions, money, limits and what it has paid."""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from tests.venues.lighter.accounts import Account, Funding
from tests.venues.lighter.exchange import Exchange
from tests.venues.lighter.margin import Worth, liquidation_ticks, worth
from tests.venues.lighter.markets import ASSETS, Market, spelled, usdc
from tests.venues.lighter.orders import Kind, Order, Position, TimeInForce
from tests.venues.lighter.wallets import locked

Words = dict[str, Any]
USDC = 3

TIF_WORDS = {
    TimeInForce.IOC: "immediate-or-cancel",
    TimeInForce.GTT: "good-till-time",
    TimeInForce.POST_ONLY: "post-only",
}


def order(market: Market, made: Order) -> Words:
    """Spell an order of an account."""
    return {
        "order_index": made.index,
        "client_order_index": made.client_index,
        "order_id": str(made.index),
        "client_order_id": str(made.client_index),
        "market_index": made.market_id,
        "owner_account_index": made.account,
        "initial_base_amount": market.size(made.lots),
        "price": market.price(made.ticks),
        "nonce": made.nonce,
        "remaining_base_amount": market.size(made.open_lots),
        "is_ask": made.is_ask,
        "base_size": made.open_lots,
        "base_price": made.ticks,
        "filled_base_amount": market.size(made.filled_lots),
        "filled_quote_amount": usdc(made.filled_micro),
        "side": "sell" if made.is_ask else "buy",
        "type": "limit" if made.kind == Kind.LIMIT else "market",
        "time_in_force": TIF_WORDS[made.tif],
        "reduce_only": made.reduce_only,
        "trigger_price": market.price(0),
        "order_expiry": made.expiry_ms,
        "status": str(made.status),
        "trigger_status": "na",
        "trigger_time": 0,
        "parent_order_index": 0,
        "parent_order_id": "0",
        "to_trigger_order_id_0": "0",
        "to_trigger_order_id_1": "0",
        "to_cancel_order_id_0": "0",
        "integrator_fee_collector_index": "0",
        "integrator_taker_fee": "0",
        "integrator_maker_fee": "0",
        "block_height": made.block,
        "timestamp": made.updated_ns // 1_000_000,
        "created_at": made.created_ns // 1_000_000,
        "updated_at": made.updated_ns // 1_000_000,
        "transaction_time": made.updated_ns // 1_000,
    }


def position(exchange: Exchange, account: Account, market_id: int, held: Position) -> Words:
    """Spell a position; its margin fraction is percent."""
    floor = exchange.floors[market_id]
    market, lots = floor.market, abs(held.lots)
    value = lots * floor.mark_ticks
    gained = (value - held.entry_micro) * (1 if held.lots >= 0 else -1)
    margin = held.margin_1e4 or market.initial_margin_1e4
    return {
        "market_id": market_id,
        "symbol": market.symbol,
        "initial_margin_fraction": spelled(margin, 2),
        "open_order_count": len(held.open_orders),
        "pending_order_count": 0,
        "position_tied_order_count": 0,
        "sign": 1 if held.lots >= 0 else -1,
        "position": market.size(lots),
        "avg_entry_price": market.price(round(held.entry_micro / lots) if lots else 0),
        "position_value": usdc(value),
        "unrealized_pnl": usdc(gained),
        "realized_pnl": usdc(held.realized_micro),
        "liquidation_price": market.price(liquidation_ticks(exchange, account, market_id)),
        "total_funding_paid_out": usdc(held.funding_paid_micro),
        "margin_mode": held.margin_mode,
        "allocated_margin": "0.000000",
        "total_discount": "0.000000",
    }


def is_told(exchange: Exchange, market_id: int, held: Position) -> bool:
    """Tell whether a position is one of those that are told: of spot there is none."""
    return bool(held.lots or held.open_orders) and not exchange.floors[market_id].market.is_spot


def assets(exchange: Exchange, account: Account) -> list[Words]:
    """Spell what the account holds of each asset; its collateral is apart from that."""
    held = {USDC: Decimal(0)} | account.assets
    return [asset(exchange, account, asset_id) for asset_id in sorted(held)]


def asset(exchange: Exchange, account: Account, asset_id: int) -> Words:
    """Spell what the account has of one asset."""
    symbol, decimals = ASSETS[asset_id]
    amounts = account.assets.get(asset_id, Decimal(0)), locked(exchange, account, asset_id)
    balance, unfree = (f"{floored(amount, decimals):.{decimals}f}" for amount in amounts)
    return {
        "symbol": symbol,
        "asset_id": asset_id,
        "balance": balance,
        "locked_balance": unfree,
        "margin_mode": "disabled",
        "margin_balance": usdc(account.collateral_micro if asset_id == USDC else 0),
    }


def floored(amount: Decimal, decimals: int) -> Decimal:
    """Return an amount cut to so many decimals."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_FLOOR)


def stats(exchange: Exchange, account: Account) -> Words:
    """Spell what the account is worth and may still risk."""
    of = worth(exchange, account)
    words = _stats(of)
    return {"account_trading_mode": 0, **words, "cross_stats": words, "total_stats": words}


def _stats(of: Worth) -> Words:
    value = max(1, of.value)
    return {
        "available_balance": usdc(of.available),
        "buying_power": "0",
        "collateral": usdc(of.collateral),
        "leverage": spelled(100 * of.notional // value, 2),
        "margin_usage": spelled(10_000 * of.initial // value, 2),
        "portfolio_value": usdc(of.value),
    }


def account_detail(exchange: Exchange, account: Account) -> Words:
    """Spell an account as the `account` read does."""
    of = worth(exchange, account)
    held = {
        m: p
        for m, p in sorted(account.positions.items())
        if is_told(exchange, m, p) or p.margin_1e4
    }
    return {
        "code": 0,
        "account_type": 0,
        "index": account.index,
        "l1_address": f"0x{account.index:040x}",
        "cancel_all_time": account.cancel_all_ms,
        "total_order_count": len(account.live_orders()),
        "total_isolated_order_count": 0,
        "pending_order_count": 0,
        "available_balance": usdc(of.available),
        "status": 1,
        "collateral": usdc(account.collateral_micro),
        "transaction_time": exchange.now_ns // 1_000,
        "account_trading_mode": 0,
        "account_index": account.index,
        "name": "",
        "description": "",
        "can_invite": False,
        "referral_points_percentage": "",
        "can_rfq": False,
        "can_rfq_market_ids": None,
        "created_at": 0,
        "metadata": {"color": ""},
        "positions": [position(exchange, account, m, p) for m, p in held.items()],
        "assets": assets(exchange, account),
        "total_asset_value": usdc(of.value),
        "cross_asset_value": usdc(of.value),
        "cross_initial_margin_requirement": usdc(of.initial),
        "cross_maintenance_margin_requirement": usdc(of.maintenance),
        "shares": [],
        "pending_unlocks": [],
        "approved_integrators": [],
    }


def limits(account: Account) -> Words:
    """Spell the account's tier and fees."""
    tier = account.tier
    return {
        "code": 200,
        "max_llp_percentage": 100,
        "max_llp_amount": "0.000000",
        "user_tier": tier.name,
        "can_create_public_pool": False,
        "user_tier_name": tier.name,
        "current_maker_fee_tick": tier.maker_1e6,
        "current_taker_fee_tick": tier.taker_1e6,
        "leased_lit": "0.00000000",
        "effective_lit_stakes": "0.00000000",
        "user_tier_last_update": 0,
    }


def funding(market: Market, paid: Funding) -> Words:
    """Spell a payment of funding."""
    return {
        "timestamp": paid.at_ns // 1_000_000_000,
        "market_id": paid.market_id,
        "funding_id": paid.funding_id,
        "change": usdc(paid.change_micro),
        "rate": f"{paid.rate_1e6 * 1e-6:.6f}",
        "position_size": market.size(abs(paid.position_lots)),
        "position_side": "long" if paid.position_lots > 0 else "short",
        "discount": "0.000000",
    }
