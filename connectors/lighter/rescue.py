"""Clear an account from a process of its own: cancel all, and read what still rests."""

from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

import msgspec

from connectors.calls import NO_JSON, Confirmed
from connectors.lighter.door import Door
from connectors.lighter.emergency import Emergency
from connectors.lighter.library import Library, NativeLibrary, PrivateKey
from connectors.lighter.rest import judge
from connectors.lighter.transactions import CancelAll
from connectors.model.errors import Plan, VenueError

TOKEN_LIFE_S = 600
MOST_PAGES = 20


class Page(msgspec.Struct):
    """Open orders, and where the next ones are."""

    orders: list[dict[str, Any]]
    next_cursor: str | None = None


class LighterRescue:
    """The `Rescue` of one account, by one key. Every order of the account is cancelled."""

    def __init__(
        self,
        door: Door,
        account: int,
        key_index: int,
        load: Callable[[], Library],
        now_ns: Callable[[], int],
    ) -> None:
        self._door = door
        self._account = account
        self._load = load
        self._now_ns = now_ns
        self._emergency = Emergency(door, account, key_index, load)

    def ready(self) -> None:
        """Load the signer and try it out. Raises VenueError."""
        self._load().sign(CancelAll(), 1)

    def cancel_all(self) -> None:
        """Cancel all; raise VenueError unless the venue has let it in."""
        self._emergency()

    def resting(self) -> int:
        """Return how many orders rest on the account. Raises VenueError."""
        token = self._load().auth_token(self._now_ns() // 1_000_000_000 + TOKEN_LIFE_S)
        params: dict[str, str | int] = {"account_index": self._account}
        count = 0
        for _ in range(MOST_PAGES):
            page = self._page(f"accountActiveOrders?{urlencode(params)}", token)
            count += len(page.orders)
            if not page.next_cursor:
                return count
            params["cursor"] = page.next_cursor
        raise VenueError(f"lighter accountActiveOrders: more than {MOST_PAGES} pages")

    def _page(self, path: str, token: str) -> Page:
        try:
            status, body = self._door.ask("GET", path, headers={"Authorization": token})
            outcome = judge(status, msgspec.json.decode(body))
        except (OSError, HTTPException, *NO_JSON) as error:
            raise VenueError(f"lighter accountActiveOrders: {error}") from None
        if not isinstance(outcome, Confirmed):
            raise VenueError(f"lighter accountActiveOrders: {outcome}")
        try:
            return msgspec.convert(outcome.body, Page)
        except msgspec.ValidationError as error:
            raise VenueError(f"lighter accountActiveOrders: not as documented: {error}") from None


def made(
    words: Mapping[str, Any], secrets: Mapping[str, str], now_ns: Callable[[], int]
) -> LighterRescue:
    """Return the rescue that a venue's `rescue` describes; the key is found among the secrets.

    Raises VenueError where it is not there.
    """
    key_env, account, key_index = words["key_env"], words["account"], words["key_index"]
    if not secrets.get(key_env):
        raise VenueError(f"lighter watchdog: expected {key_env} to hold a key", Plan.HALT)
    key = PrivateKey(secrets[key_env])
    load = cache(lambda: NativeLibrary(account, key_index, key, words["chain_id"]))
    return LighterRescue(Door(words["rest_url"]), account, key_index, load, now_ns)
