"""Read what a request asks for: the account with its token, the market, the page."""

from typing import TYPE_CHECKING, Any

from tests.venues.common.http import Asked
from tests.venues.lighter import errors
from tests.venues.lighter.accounts import Account
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.exchange import Floor

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

EVERY = ("255", "-1")
"""What asks for all markets."""


def owner(venue: "Venue", asked: Asked, name: str = "account_index") -> Account:
    """Return the account that is asked for, after its token."""
    account = known(venue, asked.words.get(name))
    token = asked.headers.get("authorization") or asked.words.get("auth") or ""
    venue.guard.token(token, account.index)
    return account


def known(venue: "Venue", index: str | None) -> Account:
    """Return an account, or refuse."""
    account = venue.exchange.accounts.get(int(index)) if index and index.isdecimal() else None
    if account is None:
        raise Refused(errors.ACCOUNT_NOT_FOUND)
    return account


def chosen(venue: "Venue", asked: Asked) -> list[Floor]:
    """Return the market that is asked for, or all."""
    wanted = asked.words.get("market_id", EVERY[0])
    return [f for m, f in venue.exchange.floors.items() if wanted in (*EVERY, str(m))]


def floor_of(venue: "Venue", asked: Asked) -> Floor:
    """Return the market that is asked for, or refuse."""
    wanted = asked.words.get("market_id", "")
    floor = venue.exchange.floors.get(int(wanted)) if wanted.isdecimal() else None
    if floor is None:
        raise Refused(errors.INVALID_MARKET)
    return floor


def page(asked: Asked, most: int) -> int:
    """Return how many rows are wanted, which may not be above `most`."""
    limit = asked.words.get("limit", str(most))
    if not limit.isdecimal() or not 0 < int(limit) <= most:
        raise Refused(errors.MISSING, f"limit must be from 1 to {most}")
    return int(limit)


def number(asked: Asked, name: str, default: str) -> int:
    """Return a word that is a number, or refuse."""
    word = asked.words.get(name) or default
    if len(word) > 20 or not word.removeprefix("-").isdecimal():
        raise Refused(errors.MISSING, f"{name} must be a number, was {word}")
    return int(word)


def paged(
    venue: "Venue", rows: list[Any], asked: Asked, most: int
) -> tuple[list[Any], dict[str, str]]:
    """Return a page of rows, and the words that lead to the next one."""
    count, cursor = page(asked, most), number(asked, "cursor", "0")
    count = min(count, venue.most_rows or count)
    more = {"next_cursor": str(cursor + count)} if cursor + count < len(rows) else {}
    return rows[cursor : cursor + count], more


def of_market(rows: list[Any], asked: Asked) -> list[Any]:
    """Return the rows of the market that is asked for, or all."""
    wanted = asked.words.get("market_id", EVERY[0])
    return [row for row in rows if wanted in EVERY or str(row.market_id) == wanted]
