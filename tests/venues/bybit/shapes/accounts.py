"""Spell an account's orders, executions, positions, wallet and log."""

from decimal import Decimal
from typing import Any

from tests.venues.bybit.accounts import ISOLATED, Account, Entry
from tests.venues.bybit.exchange import Exchange
from tests.venues.bybit.margin import held_of, worth
from tests.venues.bybit.markets import SETTLE, Market, spelled, usdt
from tests.venues.bybit.orders import Execution, Order, Position, side_word

Words = dict[str, Any]


def order(market: Market, it: Order, is_stream: bool = False) -> Words:
    """Spell an order; a stream has a few words more."""
    words: Words = {
        "symbol": it.symbol,
        "orderId": it.order_id,
        "orderLinkId": it.link_id,
        "blockTradeId": "",
        "side": it.side,
        "orderType": "Market" if it.is_market else "Limit",
        "price": market.short(it.ticks),
        "qty": market.size(it.lots),
        "timeInForce": str(it.tif),
        "orderStatus": str(it.status),
        "cancelType": it.cancel_type,
        "rejectReason": it.reason,
        "avgPrice": average(market, it.filled_value, it.filled_lots),
        "leavesQty": market.size(it.open_lots),
        "leavesValue": usdt(market.value(it.ticks, it.open_lots)),
        "cumExecQty": market.size(it.filled_lots),
        "cumExecValue": usdt(it.filled_value),
        "cumExecFee": usdt(it.fee),
        "cumFeeDetail": {SETTLE: usdt(it.fee)} if it.filled_lots else {},
        "positionIdx": it.position_idx,
        "reduceOnly": it.reduce_only,
        "closeOnTrigger": it.close_on_trigger,
        "createType": it.create_type,
        "smpType": str(it.smp),
        "smpGroup": 0,
        "smpOrderId": "",
        "lastPriceOnCreated": market.short(it.last_ticks),
        "createdTime": ms(it.created_ns),
        "updatedTime": ms(it.updated_ns),
        **UNUSED,
    }
    return {"category": "linear", "feeCurrency": SETTLE, **words} if is_stream else words


UNUSED: Words = {
    "isLeverage": "",
    "stopOrderType": "",
    "orderIv": "",
    "triggerPrice": "",
    "takeProfit": "",
    "stopLoss": "",
    "tpslMode": "",
    "ocoTriggerBy": "",
    "tpLimitPrice": "",
    "slLimitPrice": "",
    "tpTriggerBy": "",
    "slTriggerBy": "",
    "triggerDirection": 0,
    "triggerBy": "",
    "placeType": "",
    "slippageToleranceType": "UNKNOWN",
    "slippageTolerance": "0",
    "extraFees": "",
}
"""What orders say that have no trigger."""


def ms(at_ns: int) -> str:
    """Spell a moment."""
    return str(at_ns // 1_000_000)


def average(market: Market, value: int, lots: int) -> str:
    """Spell an average price; nothing where there is none."""
    if not lots:
        return ""
    exact = Decimal(value) / (Decimal(abs(lots)) * market.unit)
    return f"{exact.scaleb(-market.tick_decimals):.8f}".rstrip("0").rstrip(".")


def execution(market: Market, it: Execution, is_stream: bool = False) -> Words:
    """Spell an execution or a funding payment."""
    of = it.order
    is_funding = it.kind == "Funding"
    words: Words = {
        "symbol": it.symbol,
        "orderId": of.order_id if of else it.exec_id,
        "orderLinkId": of.link_id if of else "",
        "side": side_word(it.is_ask),
        "orderPrice": market.short(of.ticks) if of else "0",
        "orderQty": market.size(of.lots) if of else "0",
        "leavesQty": market.size(it.left_lots),
        "createType": of.create_type if of else "",
        "orderType": "UNKNOWN" if is_funding else ("Market" if of and of.is_market else "Limit"),
        "stopOrderType": "UNKNOWN",
        "execFee": usdt(it.fee),
        "execFeeV2": "",
        "feeCurrency": SETTLE,
        "execId": it.exec_id,
        "execPrice": market.short(it.ticks),
        "execQty": market.size(it.lots),
        "execType": it.kind,
        "execValue": usdt(market.value(it.ticks, it.lots)),
        "execTime": ms(it.at_ns),
        "isMaker": it.is_maker,
        "feeRate": usdt(it.rate_1e8),
        "tradeIv": "",
        "markIv": "",
        "markPrice": market.short(it.mark_ticks),
        "indexPrice": market.short(it.index_ticks),
        "underlyingPrice": "",
        "blockTradeId": "",
        "closedSize": market.size(it.closed_lots),
        "seq": it.seq,
        "extraFees": "",
    }
    return {"category": "linear", "isLeverage": "0", **words} if is_stream else words


def execution_fast(market: Market, it: Execution) -> Words:
    """Spell an execution as the fast topic does: no fee, no left size."""
    of = it.order
    return {
        "category": "linear",
        "symbol": it.symbol,
        "execId": it.exec_id,
        "execPrice": market.short(it.ticks),
        "execQty": market.size(it.lots),
        "orderId": of.order_id if of else "",
        "isMaker": it.is_maker,
        "orderLinkId": of.link_id if of else "",
        "side": side_word(it.is_ask),
        "execTime": ms(it.at_ns),
        "seq": it.seq,
    }


def position(
    exchange: Exchange, account: Account, symbol: str, idx: int, is_stream: bool = False
) -> Words:
    """Spell a position, flat or not."""
    held: Position = account.position(symbol, idx)
    floor = exchange.floors[symbol]
    market, of = floor.market, held_of(exchange, account, symbol, held)
    tier = market.tier(of.value)
    price = average(market, held.entry, held.lots)
    words: Words = {
        "positionIdx": idx,
        "riskId": tier.risk_id,
        "riskLimitValue": str(tier.limit_usdt),
        "symbol": symbol,
        "side": side_word(held.lots < 0) if held.lots else "",
        "size": market.size(abs(held.lots)),
        "entryPrice" if is_stream else "avgPrice": price or "0",
        "positionValue": usdt(held.entry) if held.lots else "",
        "tradeMode": int(account.margin_mode == ISOLATED),
        "positionStatus": "Normal",
        "autoAddMargin": 0,
        "adlRankIndicator": adl_rank(held, of.unrealized),
        "leverage": leverage(account.leverage(symbol, idx == 2 or held.lots < 0)),
        "positionBalance": usdt(of.balance),
        "markPrice": market.short(floor.mark_ticks),
        "liqPrice": market.short(of.liquidation_ticks) if of.liquidation_ticks else "",
        "bustPrice": market.short(of.bankruptcy_ticks) if of.bankruptcy_ticks else "",
        "positionIM": usdt(of.initial) if held.lots else "",
        "positionMM": usdt(of.maintenance) if held.lots else "",
        "positionIMByMp": usdt(of.initial) if held.lots else "",
        "positionMMByMp": usdt(of.maintenance) if held.lots else "",
        "unrealisedPnl": usdt(of.unrealized) if held.lots else "",
        "curRealisedPnl": usdt(held.realized_now),
        "cumRealisedPnl": usdt(held.realized),
        "sessionAvgPrice": "",
        "seq": held.seq,
        "createdTime": ms(held.created_ns),
        "updatedTime": ms(held.updated_ns),
        "isReduceOnly": False,
        "tpslMode": "Full",
        "takeProfit": "",
        "stopLoss": "",
        "trailingStop": "0",
        "mmrSysUpdatedTime": "",
        "leverageSysUpdatedTime": "",
    }
    return {"category": "linear", **words} if is_stream else words


def leverage(leverage_1e2: int) -> str:
    """Spell a leverage."""
    return spelled(leverage_1e2, 2).rstrip("0").rstrip(".")


def adl_rank(held: Position, unrealized: int) -> int:
    """Return the place in the queue of automatic deleveraging: 0 flat, 1 to 5 by profit."""
    if not held.lots or not held.entry:
        return 0
    return max(1, min(5, 2 + unrealized * 100 // held.entry))


def wallet(exchange: Exchange, account: Account) -> Words:
    """Spell a unified wallet. In isolated margin the account's totals are empty."""
    of = worth(exchange, account)
    is_isolated = account.margin_mode == ISOLATED
    totals = {
        "accountIMRate": rate(of.initial, of.equity),
        "accountMMRate": rate(of.maintenance, of.equity),
        "totalMarginBalance": usdt(of.equity),
        "totalAvailableBalance": usdt(of.available),
        "totalInitialMargin": usdt(of.initial),
        "totalMaintenanceMargin": usdt(of.maintenance),
    }
    return {
        "accountType": "UNIFIED",
        "accountLTV": "",
        "totalEquity": usdt(of.equity),
        "totalWalletBalance": usdt(of.wallet),
        "totalPerpUPL": usdt(of.unrealized),
        **({name: "" for name in totals} if is_isolated else totals),
        "coin": [
            {
                "coin": SETTLE,
                "equity": usdt(of.equity),
                "usdValue": usdt(of.equity),
                "walletBalance": usdt(of.wallet),
                "availableToWithdraw": "",
                "availableToBorrow": "",
                "borrowAmount": "0",
                "spotBorrow": "0",
                "accruedInterest": "0",
                "totalOrderIM": usdt(of.order_initial),
                "totalPositionIM": usdt(of.position_initial),
                "totalPositionMM": usdt(of.maintenance),
                "unrealisedPnl": usdt(of.unrealized),
                "cumRealisedPnl": usdt(account.realized),
                "locked": "0",
                "bonus": "0",
                "collateralSwitch": True,
                "marginCollateral": True,
                "spotHedgingQty": "0",
            }
        ],
    }


def rate(part: int, whole: int) -> str:
    """Spell a share with four decimals."""
    return f"{Decimal(part) / Decimal(whole):.4f}" if whole > 0 else "0"


def entry(market: Market | None, it: Entry) -> Words:
    """Spell a line of the transaction log."""
    made = it.execution
    return {
        "id": f"{it.number}_{it.symbol or SETTLE}",
        "symbol": it.symbol,
        "category": "linear" if it.symbol else "",
        "side": side_word(made.is_ask) if made else "None",
        "transactionTime": ms(it.at_ns),
        "type": it.kind,
        "transSubType": "",
        "qty": market.size(made.lots) if market and made else "0",
        "size": market.size(it.size_lots) if market else "0",
        "currency": SETTLE,
        "tradePrice": market.short(made.ticks) if market and made else "",
        "funding": usdt(it.funding) if it.funding else "",
        "fee": "0" if it.funding or made is None else usdt(made.fee),
        "cashFlow": usdt(it.cash_flow),
        "change": usdt(it.change),
        "cashBalance": usdt(it.balance),
        "feeRate": usdt(made.rate_1e8) if made else "",
        "bonusChange": "",
        "tradeId": made.exec_id if made else "",
        "orderId": made.order.order_id if made and made.order else "",
        "orderLinkId": made.order.link_id if made and made.order else "",
        "extraFees": "",
    }
