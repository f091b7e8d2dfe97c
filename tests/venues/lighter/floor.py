"""Give tests a market without a crowd, in which others act only when they are told to."""

from typing import Any

from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.keys import ACCOUNT

AT_ONCE_S = 0.01


def quiet(**setup: Any) -> Client:
    """Return a client of a venue without a crowd, which listens to its account."""
    client = opened(has_crowd=False, **setup)
    channels = ("orders", "trades", "positions", "assets")
    client.subscribe(*(f"account_all_{name}/{ACCOUNT}" for name in channels))
    client.subscribe(f"account_tx/{ACCOUNT}")
    client.frames()
    return client


def crowd_rests(client: Client, is_ask: bool, ticks: int, lots: int) -> None:
    """Let somebody else's order rest in the first market."""
    venue = client.venue
    venue.round(lambda: venue.crowds[0]._floor.place(is_ask, ticks, lots, is_taker=False))


def crowd_takes(client: Client, is_ask: bool, ticks: int, lots: int) -> None:
    """Let somebody else take in the first market."""
    venue = client.venue
    venue.round(lambda: venue.crowds[0]._floor.place(is_ask, ticks, lots, is_taker=True))
