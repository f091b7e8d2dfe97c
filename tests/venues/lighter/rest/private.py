"""Answer what an account's owner asks: orders, trades, money, limits and keys."""

from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Asked
from tests.venues.lighter import errors
from tests.venues.lighter.accounts import TIERS
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.rest.asking import known, number, of_market, owner, paged
from tests.venues.lighter.shapes import accounts, books

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
PAGE = 100


def trades(venue: "Venue", asked: Asked) -> Words:
    """Page through an account's trades, the newest first unless asked otherwise."""
    rows = of_market(owner(venue, asked).trades, asked)
    order_index = number(asked, "order_index", "0")
    if order_index:
        rows = [t for t in rows if order_index in (t.maker.index, t.taker.index)]
    newest_first = asked.words.get("sort_dir", "desc") == "desc"
    rows = sorted(rows, key=lambda t: t.trade_id, reverse=newest_first)
    found, more = paged(venue, rows, asked, PAGE)
    spelled = [books.trade(venue.exchange.floors[t.market_id].market, t) for t in found]
    return {"code": 200, "trades": spelled, **more}


def account(venue: "Venue", asked: Asked) -> Words:
    """Tell all of one account; the venue wants no token for it."""
    if asked.words.get("by") != "index":
        raise Refused(errors.MISSING, "by is not supported")
    found = known(venue, asked.words.get("value"))
    rows = [accounts.account_detail(venue.exchange, found)]
    return {"code": 200, "total": 1, "accounts": rows}


def active(venue: "Venue", asked: Asked) -> Words:
    """Tell the orders that rest."""
    rows = of_market(owner(venue, asked).live_orders(), asked)
    return {"code": 200, "orders": _orders(venue, rows)}


def inactive(venue: "Venue", asked: Asked) -> Words:
    """Page through the orders that have ended, the newest end first."""
    ended = [order for order in owner(venue, asked).orders.values() if not order.is_open]
    ended.sort(key=lambda order: order.updated_ns, reverse=True)
    rows, more = paged(venue, of_market(ended, asked), asked, PAGE)
    return {"code": 200, "orders": _orders(venue, rows), **more}


def by_client(venue: "Venue", asked: Asked) -> Words:
    """Tell orders by their clients' indexes; one that is not known is left out."""
    of_client = owner(venue, asked).by_client
    listed = asked.words.get("client_order_indexes", "").split(",")
    wanted = [int(index) for index in listed if index.isdecimal()]
    found = [of_client[i] for i in wanted if i in of_client]
    return {"code": 200, "orders": _orders(venue, found)}


def _orders(venue: "Venue", rows: list[Any]) -> list[Words]:
    floors = venue.exchange.floors
    return [accounts.order(floors[order.market_id].market, order) for order in rows]


def limits(venue: "Venue", asked: Asked) -> Words:
    """Tell the account's tier and fees."""
    return accounts.limits(owner(venue, asked))


def apikeys(venue: "Venue", asked: Asked) -> Words:
    """Tell keys and their nonces."""
    account = known(venue, asked.words.get("account_index"))
    wanted = number(asked, "api_key_index", "255")
    rows = [
        {
            "account_index": account.index,
            "api_key_index": index,
            "nonce": key.next_nonce,
            "public_key": key.public,
            "transaction_time": 0,
        }
        for index, key in account.keys.items()
        if wanted in (255, index)
    ]
    return {"code": 200, "api_keys": rows}


def position_funding(venue: "Venue", asked: Asked) -> Words:
    """Page through payments of funding, the newest first."""
    paid = of_market(owner(venue, asked).fundings[::-1], asked)
    rows, more = paged(venue, paid, asked, PAGE)
    markets = venue.exchange.floors
    spelled = [accounts.funding(markets[f.market_id].market, f) for f in rows]
    return {"code": 200, "position_fundings": spelled, **more}


def change_tier(venue: "Venue", asked: Asked) -> Words:
    """Change the tier of an account that holds nothing."""
    account = owner(venue, asked)
    if account.live_orders() or any(p.lots for p in account.positions.values()):
        raise Refused(errors.MISSING, "account has open orders or positions")
    name = asked.words.get("new_tier", "")
    if name not in TIERS:
        raise Refused(errors.MISSING, f"unknown tier: {name}")
    account.tier = TIERS[name]
    return {"code": 200, "message": ""}


def set_maker_only(venue: "Venue", asked: Asked) -> Words:
    """Choose the keys that may only make."""
    account = owner(venue, asked)
    listed = asked.words.get("api_key_indexes", "").strip("[]").split(",")
    only = {int(index) for index in listed if index.isdecimal()}
    for index, key in account.keys.items():
        key.is_maker_only = index in only
    return {"code": 200}


def get_maker_only(venue: "Venue", asked: Asked) -> Words:
    """Tell the keys that may only make."""
    keys = owner(venue, asked).keys
    return {"code": 200, "api_key_indexes": [i for i, k in keys.items() if k.is_maker_only]}
