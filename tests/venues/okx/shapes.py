"""Spell what the venue tells, in its own words: decimal texts, sizes in contracts."""

from typing import Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.margin import Held, Worth
from tests.venues.bybit.markets import SETTLE, Market, spelled, usdt
from tests.venues.bybit.orders import Execution, Order, Status, Tif
from tests.venues.okx.admission import limits_of, mode_of
from tests.venues.okx.markets import CONTRACTS, contracts, family_of

Words = dict[str, Any]
SWAP = "SWAP"
TYPES = {Tif.GTC: "limit", Tif.IOC: "ioc", Tif.FOK: "fok", Tif.POST_ONLY: "post_only"}
SOURCES = {
    "CancelByUser": "1",
    "CancelByDCP": "20",
    "CancelBySmp": "32",
    "CancelAllBeforeLiq": "3",
    "CancelByReduceOnly": "22",
    "CancelByCannotAffordOrderCost": "9",
    "EC_PostOnlyWillTakeLiquidity": "31",
    "EC_CancelForNoFullFill": "14",
    "EC_NoImmediateQtyToFill": "14",
}
"""Where a cancel comes from; the system, where nothing is said."""
CATEGORIES = {"CreateByUser": "normal", "CreateByLiq": "full_liquidation"}
SUBTYPES = {"BustTrade": ("106", "107"), "AdlTrade": ("127", "128"), "Trade": ("1", "2")}
"""Of trades, for buys and for sells."""
UNUSED = dict.fromkeys(
    (
        "algoClOrdId",
        "algoId",
        "attachAlgoClOrdId",
        "pxType",
        "pxUsd",
        "pxVol",
        "quickMgnType",
        "slOrdPx",
        "slTriggerPx",
        "slTriggerPxType",
        "source",
        "stpId",
        "tag",
        "tgtCcy",
        "tpOrdPx",
        "tpTriggerPx",
        "tpTriggerPxType",
    ),
    "",
)
"""Words of orders of other kinds."""


def side(is_ask: bool) -> str:
    """Return a side."""
    return "sell" if is_ask else "buy"


def state_of(order: Order) -> str:
    """Return where an order stands."""
    match order.status:
        case Status.NEW:
            return "live"
        case Status.PARTIAL:
            return "partially_filled"
        case Status.FILLED:
            return "filled"
        case _:
            return "canceled"


def source_of(order: Order) -> str:
    """Return where an order's cancel comes from."""
    if state_of(order) != "canceled":
        return ""
    return SOURCES.get(order.cancel_type) or SOURCES.get(order.reason, "0")


def order_row(
    market: Market, order: Order, account: Account, made: Execution | None = None
) -> Words:
    """Spell an order, with its last trade where the stream tells of one."""
    value = order.filled_value
    average = usdt(value * 10**market.size_decimals // order.filled_lots) if value else ""
    fill = _last_trade(market, made)
    return {
        **UNUSED,
        **fill,
        "accFillSz": contracts(order.filled_lots),
        "attachAlgoOrds": [],
        "avgPx": average,
        "cTime": str(order.created_ns // 1_000_000),
        "cancelSource": source_of(order),
        "cancelSourceReason": "",
        "category": CATEGORIES.get(order.create_type, "adl"),
        "ccy": "",
        "clOrdId": order.link_id,
        "fee": usdt(-order.fee),
        "feeCcy": SETTLE,
        "instId": order.symbol,
        "instType": SWAP,
        "isTpLimit": "false",
        "lever": leverage(account, order.symbol),
        "linkedAlgoOrd": {"algoId": ""},
        "ordId": str(order.number),
        "ordType": "market" if order.is_market else TYPES[order.tif],
        "pnl": "0",
        "posSide": "net",
        "px": "" if order.is_market else market.short(order.ticks),
        "rebate": "0",
        "rebateCcy": SETTLE,
        "reduceOnly": str(order.reduce_only).lower(),
        "side": side(order.is_ask),
        "state": state_of(order),
        "stpMode": "cancel_maker",
        "sz": contracts(order.lots),
        "tdMode": mode_of(account),
        "uTime": str(order.updated_ns // 1_000_000),
    }


def _last_trade(market: Market, made: Execution | None) -> Words:
    if made is None:
        names = ("fillPx", "fillTime", "tradeId", "execType", "fillFeeCcy")
        return {**dict.fromkeys(names, ""), "fillSz": "0", "fillFee": "0"}
    return {
        "fillPx": market.short(made.ticks),
        "fillSz": contracts(made.lots),
        "fillTime": str(made.at_ns // 1_000_000),
        "tradeId": str(made.number),
        "execType": "M" if made.is_maker else "T",
        "fillFee": usdt(-made.fee),
        "fillFeeCcy": SETTLE,
    }


def fill_row(market: Market, made: Execution) -> Words:
    """Spell a trade of a read."""
    order, at_ms = made.order, str(made.at_ns // 1_000_000)
    return {
        "instType": SWAP,
        "instId": made.symbol,
        "tradeId": str(made.number),
        "ordId": str(order.number) if order else "",
        "clOrdId": order.link_id if order else "",
        "billId": str(made.number),
        "subType": SUBTYPES[made.kind][made.is_ask],
        "tag": "",
        "fillPx": market.short(made.ticks),
        "fillSz": contracts(made.lots),
        "side": side(made.is_ask),
        "posSide": "net",
        "execType": "M" if made.is_maker else "T",
        "feeCcy": SETTLE,
        "fee": usdt(-made.fee),
        "ts": at_ms,
        "fillTime": at_ms,
    }


def bill_row(made: Execution) -> Words:
    """Spell a payment of funding."""
    paid = usdt(-made.fee)
    return {
        "billId": str(made.number),
        "instId": made.symbol,
        "instType": SWAP,
        "type": "8",
        "subType": "173" if made.fee > 0 else "174",
        "ccy": SETTLE,
        "pnl": paid,
        "balChg": paid,
        "ts": str(made.at_ns // 1_000_000),
    }


def leverage(account: Account, symbol: str) -> str:
    """Spell a market's leverage."""
    return str(account.leverage(symbol, False) // 100)


def position_row(floor: Floor, account: Account, held: Held) -> Words:
    """Spell a position."""
    market = floor.market
    position = account.position(market.symbol)
    lots = abs(position.lots)
    liquidation = held.liquidation_ticks
    return {
        "instId": market.symbol,
        "instType": SWAP,
        "mgnMode": mode_of(account),
        "posId": f"{account.uid}{market.base}",
        "posSide": "net",
        "pos": contracts(position.lots),
        "availPos": contracts(position.lots),
        "ccy": SETTLE,
        "avgPx": usdt(position.entry * 10**market.size_decimals // lots) if lots else "",
        "lever": leverage(account, market.symbol),
        "liqPx": market.short(liquidation) if lots and liquidation else "",
        "markPx": market.short(floor.mark_ticks),
        "mmr": usdt(held.maintenance),
        "upl": usdt(held.unrealized),
        "adl": "1" if lots else "",
        "cTime": str(position.created_ns // 1_000_000),
        "uTime": str(position.updated_ns // 1_000_000),
    }


def account_row(account: Account, health: Worth, now_ms: int) -> Words:
    """Spell an account's money: each currency stands alone, so there are no totals."""
    own = {
        "ccy": SETTLE,
        "eq": usdt(health.equity),
        "cashBal": usdt(health.wallet),
        "availBal": usdt(health.available),
        "availEq": usdt(health.available),
        "imr": usdt(health.initial),
        "mmr": usdt(health.maintenance),
        "upl": usdt(health.unrealized),
        "uTime": str(now_ms),
    }
    totals = dict.fromkeys(("adjEq", "availEq", "imr", "mmr", "mgnRatio", "ordFroz"), "")
    return {**totals, "totalEq": usdt(health.equity), "uTime": str(now_ms), "details": [own]}


def listing(market: Market) -> Words:
    """Spell a market's description."""
    return {
        "instId": market.symbol,
        "instType": SWAP,
        "instFamily": family_of(market.symbol),
        "uly": family_of(market.symbol),
        "state": "live" if market.status == "Trading" else "suspend",
        "ctType": "linear",
        "ctVal": CONTRACTS[market.symbol],
        "ctMult": "1",
        "ctValCcy": market.base,
        "settleCcy": SETTLE,
        "baseCcy": "",
        "quoteCcy": "",
        "tickSz": market.short(1),
        "lotSz": contracts(1),
        "minSz": contracts(market.min_lots),
        "lever": "100",
    }


def levels(market: Market, rows: list[tuple[int, int]]) -> list[list[str]]:
    """Spell levels of a book; what is gone has no size."""
    return [
        [market.short(ticks), contracts(lots) if lots else "0", "0", "1" if lots else "0"]
        for ticks, lots in rows
    ]


def funding_row(floor: Floor) -> Words:
    """Spell the rate that is paid next."""
    due_ms = floor.next_funding_ns // 1_000_000
    return {
        "instType": SWAP,
        "instId": floor.market.symbol,
        "fundingRate": spelled(floor.rate_1e8, 8),
        "nextFundingRate": "",
        "fundingTime": str(due_ms),
        "nextFundingTime": str(due_ms + floor.market.funding_min * 60_000),
    }


def mark_row(floor: Floor, now_ms: int) -> Words:
    """Spell the mark."""
    mark = floor.market.short(floor.mark_ticks)
    return {"instType": SWAP, "instId": floor.market.symbol, "markPx": mark, "ts": str(now_ms)}


def limit_row(floor: Floor, now_ms: int) -> Words:
    """Spell how far orders may reach."""
    highest, lowest = limits_of(floor)
    return {
        "instId": floor.market.symbol,
        "buyLmt": floor.market.short(highest),
        "sellLmt": floor.market.short(lowest),
        "enabled": True,
        "ts": str(now_ms),
    }
