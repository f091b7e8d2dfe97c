"""Clear a Hyperliquid account from another thread or process: what rests is listed, and cancelled
by the venue's numbers until nothing is listed.

It needs no ccxt. Its nonces are by the venue's own time and ahead of those of whoever else signs
with the same key, so that none is used twice.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from connectors.calls import Request
from connectors.ccxt.emergency import FAILED, MOST_ROUNDS, PAUSE_S, TRIES, asked, cleared
from connectors.ccxt.hyperliquid_lane import MOST
from connectors.ccxt.hyperliquid_signing import JSON, Nonces, Signer, address_in
from connectors.model.errors import Plan, VenueError

AHEAD_MS = 60_000
ODD = (*FAILED, LookupError, TypeError)
Ask = Callable[[Request], Any]


class HyperliquidRescue:
    """The `Rescue` of one account, in some markets."""

    def __init__(
        self,
        venue: str,
        url: str,
        address: str,
        signer: Signer,
        symbols: Sequence[str],
        ask: Ask = asked,
    ) -> None:
        self._venue = venue
        self._url = url
        self._address = address
        self._signer = signer
        self._symbols = tuple(symbols)
        self._ask = ask

    def ready(self) -> None:
        """Sign something: nothing else is needed."""
        self._signer.request(self._url, {"type": "noop"}, 0)

    def cancel_all(self) -> None:
        """Cancel all; raise VenueError unless nothing rests on any market."""
        cleared(self._venue, self._symbols, self._cancelled)

    def resting(self) -> int:
        """Return how many orders rest on our markets. Raises VenueError."""
        try:
            return sum(len(self._listed(symbol)) for symbol in self._symbols)
        except ODD as error:
            raise VenueError(f"{self._venue}: {type(error).__name__} {error}") from None

    def _cancelled(self, symbol: str) -> str:
        """Cancel what is listed until nothing is; return why that failed, nothing where it did
        not."""
        failures, why = 0, ""
        for _ in range(MOST_ROUNDS):
            try:
                orders = self._listed(symbol)
                if not orders:
                    return ""
                why = f"still rests after: {str(self._cancel(symbol, orders))[:160]}"
                time.sleep(PAUSE_S)
            except ODD as error:
                failures, why = failures + 1, f"{type(error).__name__} {error}"
                if failures == TRIES:
                    return why
        return why

    def _listed(self, symbol: str) -> list[int]:
        rows = self._info(type="openOrders", user=self._address)
        if not isinstance(rows, list):
            raise ValueError(str(rows)[:160])
        return [int(row["oid"]) for row in rows if row["coin"] == symbol]

    def _cancel(self, symbol: str, orders: Sequence[int]) -> Any:
        universe = self._info(type="meta")["universe"]
        names = [each["name"] for each in universe]
        number, now_ms = names.index(symbol), int(self._info(type="exchangeStatus")["time"])
        cancels = [{"a": number, "o": order} for order in orders[:MOST]]
        action = {"type": "cancel", "cancels": cancels}
        return self._ask(self._signer.request(self._url, action, now_ms))

    def _info(self, **words: str) -> Any:
        body = msgspec.json.encode(words)
        return self._ask(Request("POST", f"{self._url}/info", JSON, body))


def made(
    words: Mapping[str, Any], secrets: Mapping[str, str], now_ns: Callable[[], int]
) -> HyperliquidRescue:
    """Return the rescue that a venue's `rescue` describes; the key is found among the secrets.

    Raises VenueError where it is not there.
    """
    found = []
    for name in (words["key_env"], words["secret_env"]):
        if not secrets.get(name):
            raise VenueError(
                f"{words['venue']} watchdog: expected {name} to hold its part of the key", Plan.HALT
            )
        found.append(secrets[name])
    address, secret = found
    signer = Signer(secret, words["network"] == "mainnet", Nonces(AHEAD_MS))
    symbols = words["symbols"].split(",")
    return HyperliquidRescue(
        words["venue"], words["rest_url"], address_in(address), signer, symbols
    )
