"""Answer what the venue's REST interface is asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Answer, Asked, said
from tests.venues.lighter import errors
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.rest import private, public, transactions

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]


def answer(venue: "Venue", asked: Asked) -> Answer:
    """Answer a request; raise Refused for one that cannot be."""
    operation = asked.path.rpartition("/")[2]
    if asked.path == "/":
        return said(public.status(venue, asked))
    handler = PATHS.get((asked.method, operation))
    if handler is None:
        raise Refused(errors.MISSING, f"no such path: {asked.method} {asked.path}", 404)
    return said(handler(venue, asked))


PATHS: dict[tuple[str, str], Callable[["Venue", Asked], Words]] = {
    ("GET", "info"): public.info,
    ("GET", "orderBooks"): public.order_books,
    ("GET", "orderBookDetails"): public.details,
    ("GET", "orderBookOrders"): public.book_orders,
    ("GET", "recentTrades"): public.recent_trades,
    ("GET", "trades"): private.trades,
    ("GET", "account"): private.account,
    ("GET", "accountActiveOrders"): private.active,
    ("GET", "accountInactiveOrders"): private.inactive,
    ("GET", "accountOrders"): private.by_client,
    ("GET", "accountLimits"): private.limits,
    ("GET", "apikeys"): private.apikeys,
    ("GET", "nextNonce"): transactions.next_nonce,
    ("GET", "tx"): transactions.tx,
    ("GET", "accountTxs"): transactions.account_txs,
    ("POST", "sendTx"): transactions.send,
    ("POST", "sendTxBatch"): transactions.send_batch,
    ("GET", "fundings"): public.fundings,
    ("GET", "funding-rates"): public.funding_rates,
    ("GET", "positionFunding"): private.position_funding,
    ("POST", "changeAccountTier"): private.change_tier,
    ("POST", "setMakerOnlyApiKeys"): private.set_maker_only,
    ("GET", "getMakerOnlyApiKeys"): private.get_maker_only,
}
