"""Take transactions, and answer what became of them."""

from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Asked
from tests.venues.lighter import errors
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.rest.asking import known, number, owner, page
from tests.venues.lighter.sequencer import row

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
PAGE = 100


def next_nonce(venue: "Venue", asked: Asked) -> Words:
    """Tell the nonce that a key's next transaction must carry."""
    account = known(venue, asked.words.get("account_index"))
    key = venue.guard.key(account.index, number(asked, "api_key_index", "-1"))
    return {"code": 200, "nonce": key.next_nonce}


def tx(venue: "Venue", asked: Asked) -> Words:
    """Tell what became of a transaction."""
    record = venue.log.by_hash.get(asked.words.get("value", ""))
    if asked.words.get("by") != "hash" or record is None:
        raise Refused(errors.TX_NOT_FOUND)
    return {"code": 200, **row(record), "committed_at": 0, "verified_at": 0}


def account_txs(venue: "Venue", asked: Asked) -> Words:
    """Tell an account's last transactions."""
    account = owner(venue, asked, "value" if "value" in asked.words else "account_index")
    return {"code": 200, "txs": venue.log.last(account.index, page(asked, PAGE))}


def send(venue: "Venue", asked: Asked) -> Words:
    """Take a transaction."""
    return venue.sequencer.submit(dict(asked.words), is_batch=False)


def send_batch(venue: "Venue", asked: Asked) -> Words:
    """Take several transactions of one key."""
    return venue.sequencer.submit(dict(asked.words), is_batch=True)
